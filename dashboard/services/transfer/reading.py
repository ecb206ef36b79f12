"""A text that somebody brings in, as lines with records: whatever it is, in constant memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from dashboard.models import Credential, Format
from dashboard.services.transfer import decoding, tables
from dashboard.services.transfer.lines import DraftLine, Reader
from dashboard.services.transfer.objects import read_objects
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.tables import delimiter_of, read_table
from dashboard.services.transfer.zones import read_records
from dashboard.services.zones import suffix_of, zone_of

Parts = Callable[[], Iterable[bytes]]  # the octets of a text, from its beginning each time

_ENDINGS = {
    **dict.fromkeys(("csv", "tsv", "txt"), Format.CSV),
    **dict.fromkeys(("jsonl", "ndjson", "json"), Format.JSON_LINES),
    **dict.fromkeys(("zone", "db"), Format.ZONE),
}


def format_of(name: str, head: str) -> Format:
    """What a text is, by how its file's name ends or how it begins."""
    known = _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if known is not None:
        return known
    if head.lstrip().startswith("{"):
        return Format.JSON_LINES
    is_zone = any(line.startswith(("$", ";")) or "NAPTR" in line.upper().split() for line in head.splitlines())
    return Format.ZONE if is_zone else Format.CSV


def completed(options: Options, format_: Format, parts: Parts) -> Options:
    """The options with encoding and delimiter, found out where they were not said, and the columns that the heading
    names. Raises Unreadable.
    """
    encoding = options.encoding or decoding.encoding_of(parts())
    options = replace(options, encoding=encoding)
    if format_ is not Format.CSV:
        return options
    delimiter = options.delimiter or delimiter_of(next(decoding.lines_of(parts(), encoding), ""))
    heading = tables.heading_of(decoding.lines_of(parts(), encoding), delimiter)
    columns = options.columns or (tables.columns_of(heading) if options.has_header else {})
    return replace(options, delimiter=delimiter, columns=columns)


def read(credential: Credential, format_: Format, options: Options, parts: Parts) -> Iterator[DraftLine]:
    """The lines of a text for numbers of a credential; the options are `completed`. Raises Unreadable where it cannot
    be read any further.
    """
    reader = Reader.of(zone_of(credential.registry), options)
    lines = decoding.lines_of(parts(), options.encoding)
    match format_:
        case Format.CSV:
            return read_table(lines, reader)
        case Format.JSON_LINES:
            return read_objects(lines, reader)
    return read_records(lines, reader, suffix_of(credential.registry))


def sample(options: Options, parts: Parts) -> list[list[str]]:
    """The first rows of a table, with its heading. Raises Unreadable."""
    return tables.first_rows(decoding.lines_of(parts(), options.encoding), options.delimiter)


def head_of(parts: Iterable[bytes]) -> tuple[str, Iterable[bytes]]:
    """The beginning of a text, as far as it can be read without knowing its encoding, and all its parts again."""
    every = iter(parts)
    first = next(every, b"")
    return first[:4_000].decode("latin-1").replace("\0", ""), chain([first], every)

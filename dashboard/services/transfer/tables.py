"""Tables: CSV as spreadsheets and programs write it, a record a line."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from dashboard.enum.problems import gettext_noop
from dashboard.services.exporting import undefused
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.lines import DraftLine, Reader, Wrong, wrong
from dashboard.services.transfer.options import COLUMNS

DELIMITERS: Final = (",", ";", "\t")
SHOWN: Final = 5  # rows, from which people see which column is what
MAX_COLUMNS: Final = 100

# What columns are called, in the languages of the pages, without marks, blanks and case; what `export` calls them
# comes first.
_NAMES: Final[Mapping[str, str]] = {
    "number": "number phonenumber telephone telephonenumber phone e164 did msisdn nummer rufnummer telefonnummer "
    "telefon numero numerodetelephone numerodetelefono telefono",
    "preference": "preference priority pref praferenz prioritat rang priorite preferencia prioridad",
    "service": "service dienst servicio enumservice",
    "hostdata": "hostdata host uri url target destination address sip sipaddress sipuri hostdaten zieldaten ziel "
    "adresse donneesdhote donnees cible hote datosdehost datos destino direccion",
}
_KNOWN: Final = {title: name for name, titles in _NAMES.items() for title in titles.split()}

_MORE_CELLS = gettext_noop("The line has %(count)d cells, and the table has %(limit)d columns. Is a cell not quoted?")
_NOT_CSV = gettext_noop("The line is no line of a table: %(reason)s.")
NO_COLUMN = gettext_noop("It is not known which column holds the numbers. The columns are: %(columns)s.")


def delimiter_of(line: str) -> str:
    """What divides the columns: whichever of DELIMITERS is most often in the heading, outside of quotation marks."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def heading_of(lines: Iterable[str], delimiter: str) -> list[str]:
    """The cells of the first line."""
    return next(_rows(lines, delimiter), [])[:MAX_COLUMNS]


def first_rows(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """The first rows, with the heading."""
    return [row[:MAX_COLUMNS] for row in islice(_rows(lines, delimiter), SHOWN)]


def columns_of(heading: Sequence[str]) -> dict[str, int]:
    """Which column holds which field, as far as the names in the heading say."""
    found: dict[str, int] = {}
    for place, title in enumerate(heading):
        name = _KNOWN.get(_folded(title))
        if name is not None:
            found.setdefault(name, place)
    return found


def read_table(lines: Iterable[str], reader: Reader) -> Iterator[DraftLine]:
    """The records of a table, each with the line at which its row begins. Raises Unreadable where it is not known
    which column holds the numbers.
    """
    options = reader.options
    columns = dict(options.columns)
    numbered = _Numbered(lines)
    width = 0
    for line, row in _numbered_rows(numbered, options.delimiter):
        if isinstance(row, csv.Error):
            yield DraftLine(line, problem=wrong("line", _NOT_CSV, reason=str(row)).problem)
            continue
        if not width:
            width = len(row)
            columns = columns or columns_of(row)
            if "number" not in columns:
                raise Unreadable(NO_COLUMN, {"columns": ", ".join(row)[:200]})
            if options.has_header:
                continue
        if any(row):
            yield _read(line, row, columns, width, reader)


def _read(line: int, row: Sequence[str], columns: Mapping[str, int], width: int, reader: Reader) -> DraftLine:
    name = ""
    try:
        if len(row) > width and any(row[width:]):
            raise wrong("line", _MORE_CELLS, count=len(row), limit=width)
        number, preference, service, hostdata = (
            undefused(row[place]) if (place := columns.get(each, len(row))) < len(row) else "" for each in COLUMNS
        )
        name = reader.name(number)
        return DraftLine(line, name, reader.record(preference, service, hostdata))
    except Wrong as error:
        return DraftLine(line, name, problem=error.problem)


class _Numbered:
    """Lines that know the number of the last one that was taken."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.number = 0

    def __iter__(self) -> "_Numbered":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        return line


def _numbered_rows(lines: _Numbered, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    rows = csv.reader(lines, delimiter=delimiter or ",")
    while True:
        began = lines.number + 1
        try:
            yield began, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield began, error


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return (row for _line, row in _numbered_rows(_Numbered(lines), delimiter) if isinstance(row, list))


def _folded(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).casefold()
    return "".join(character for character in plain if character.isalnum() and character.isascii())

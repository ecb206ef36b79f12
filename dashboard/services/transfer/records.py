"""Files that an import reads again and finds nothing to change: CSV, JSON lines, and zones as they are published."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import QuerySet

from dashboard.enum import Name, naptr_for
from dashboard.models import MirroredNumber, User
from dashboard.protocol import RecordState
from dashboard.services.exporting import SUSPECT, csv_text, defused
from dashboard.services.transfer.rows import Record, Row, chunks_of, credentials_of, first_and_last
from dashboard.services.zones import suffix_of

# Those that an import reads come first. A column more may come behind, and none before them.
COLUMNS: Final = ("number", "preference", "service", "hostdata", "order", "credential")
TTL: Final = 3600  # seconds, of a zone file: nobody knows that of the zone elsewhere


def as_csv_lines(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """A line for each record; one without a record for a number that has none. Many lines at once."""
    yield csv_text([COLUMNS])
    for credential in credentials_of(person, found):
        label = defused(credential.label)
        for chunk in chunks_of(found, credential):
            yield csv_text(_cells(chunk, label))


def _cells(chunk: Sequence[Row], label: str) -> Iterator[Sequence[object]]:
    for row in chunk:
        number, records = defused(f"+{row.name}"), row.records
        for one in records:
            service, hostdata = one["service"], one["hostdata"]
            if hostdata[:1] in SUSPECT:
                hostdata = defused(hostdata)
            if service[:1] in SUSPECT:
                service = defused(service)
            yield number, one["preference"], service, hostdata, one["order"], label
        if not records:
            yield number, "", "", "", "", label


def as_json_lines(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """A line for each number, with its records."""
    for credential in credentials_of(person, found):
        for chunk in chunks_of(found, credential):
            for row in chunk:
                records = [{name: one[name] for name in COLUMNS[1:5]} for one in row.records]
                said = {"number": f"+{row.name}", "records": records, "credential": credential.label}
                yield json.dumps(said, ensure_ascii=False) + "\n"


def as_zone_lines(person: User, found: QuerySet[MirroredNumber]) -> Iterator[str]:
    """Records as they are published, with an $ORIGIN for each credential: what all its names end in.

    A record that has no form in the DNS is a comment.
    """
    for credential in credentials_of(person, found):
        suffix = suffix_of(credential.registry)
        common = _common(*first_and_last(found, credential))
        # The last digit stays a label of its own, so that no name is the origin itself.
        origin = ".".join([*reversed(common[:-1]), suffix])
        yield f"; {_one_line(credential.label)}\n$ORIGIN {origin}.\n$TTL {TTL}\n"
        for chunk in chunks_of(found, credential):
            for row in chunk:
                yield from _zone_lines(row, len(common[:-1]))


def _common(first: str, last: str) -> str:
    """What two texts begin with."""
    differ = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differ, min(len(first), len(last)))]


def _zone_lines(row: Row, cut: int) -> Iterator[str]:
    name = Name(row.name.removesuffix("*"), is_block=row.name.endswith("*"))
    owner = ("*." * name.is_block) + ".".join(reversed(name.digits[cut:]))
    for record in map(_state, row.records):
        naptr = naptr_for(record, record.order, name)
        if naptr is None:
            said = f"{record.preference} {record.service} {record.hostdata}"
            yield f"; {owner} is not published: {_one_line(said)}\n"
        else:
            yield f"{owner} IN NAPTR {naptr.to_text()}\n"


def _state(record: Record) -> RecordState:
    return RecordState(**record)


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)

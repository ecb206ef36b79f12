"""Events as text for other programs, a line at a time."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from dashboard.models import AuditEvent

COLUMNS = (
    *("number", "at", "event", "by", "address", "about", "team", "credential", "words"),
    *("previous", "digest"),
)
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that gives back what is written into it."""

    def write(self, line: str) -> str:
        return line


def as_csv(events: Iterable[AuditEvent]) -> Iterator[str]:
    """Lines of CSV (RFC 4180) with a heading. What a spreadsheet would run gets an apostrophe before it."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for event in events:
        yield writer.writerow([_defused(value) for value in _values(event).values()])


def as_json_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A JSON object a line."""
    return (json.dumps(_values(event)) + "\n" for event in events)


def _values(event: AuditEvent) -> dict[str, int | str]:
    said = (
        *(event.number, event.at.astimezone(UTC).isoformat(timespec="milliseconds"), event.event),
        *(event.by_name, event.address, event.about_name, event.team_name, event.credential_name, event.words),
        *(event.previous, event.digest),
    )
    return dict(zip(COLUMNS, said, strict=True))


def _defused(value: int | str) -> int | str:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

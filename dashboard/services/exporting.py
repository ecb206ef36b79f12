"""Rows as text for other programs, a line at a time, so that a million need no memory."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

CHUNK = 2_000  # rows of an export that are in memory at a time
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that gives back what is written into it."""

    def write(self, line: str) -> str:
        return line


def oldest_first(rows: QuerySet[Any], *columns: str) -> Iterator[list[Any]]:
    """The values of all rows in chunks, each row with its id before the `columns`."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:CHUNK]):
        yield chunk
        last = chunk[-1][0]


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of CSV (RFC 4180) with a heading. What a spreadsheet would run gets an apostrophe before it."""
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_defused(value) for value in row])


def as_json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, stored: int = 0) -> Iterator[str]:
    """A JSON object a line. Of the last columns so many as are `stored` hold JSON already."""
    said = len(columns) - stored
    names = [f', "{name}": ' for name in columns[said:]]
    for row in rows:
        line = json.dumps(dict(zip(columns[:said], row[:said], strict=True)))[:-1]
        yield "".join([line, *(name + text for name, text in zip(names, row[said:], strict=True)), "}\n"])


def _defused(value: Any) -> Any:  # noqa: ANN401 -- whatever the database has
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

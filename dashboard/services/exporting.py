"""Rows as text for other programs, a line at a time, so that a million need no memory."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

CHUNK = 2_000  # rows of an export that are in memory at a time
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# How what is to be defused can begin: the first, and what is defused already.
SUSPECT = frozenset(("'", *FORMULA))


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
        yield writer.writerow(map(defused, row))


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Lines of CSV whose cells are defused already, all together: for rows of which there may be a million."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def as_json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, stored: int = 0) -> Iterator[str]:
    """A JSON object a line. Of the last columns so many as are `stored` hold JSON already."""
    said = len(columns) - stored
    names = [f', "{name}": ' for name in columns[said:]]
    for row in rows:
        line = json.dumps(dict(zip(columns[:said], row[:said], strict=True)))[:-1]
        yield "".join([line, *(name + text for name, text in zip(names, row[said:], strict=True)), "}\n"])


def undefused(text: str) -> str:
    """What stood in a cell before `as_csv` put an apostrophe before it."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def defused(value: Any) -> Any:  # noqa: ANN401 -- whatever the database has
    """A cell that no spreadsheet runs: text that it would, gets an apostrophe before it."""
    # What looks defused already gets another one, so that exactly what was put there is taken off again.
    if value.__class__ is not str or value[:1] not in SUSPECT:
        return value
    return f"'{value}" if value.lstrip("'").startswith(FORMULA) else value

"""Files of rows, written while they are read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from dashboard.services.exporting import as_csv, as_json_lines

BLOCK = 500  # lines that are sent together
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


def file_of(
    name: str, kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, stored: int = 0
) -> StreamingHttpResponse:
    """A file, of one of the CONTENT_TYPES. Of the last columns so many as are `stored` hold JSON already."""
    lines = as_csv(columns, rows) if kind == "csv" else as_json_lines(columns, rows, stored=stored)
    response = StreamingHttpResponse(_blocks(iter(lines)), content_type=CONTENT_TYPES[kind])
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{kind}"'
    return response


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    while block := "".join(islice(lines, BLOCK)):
        yield block

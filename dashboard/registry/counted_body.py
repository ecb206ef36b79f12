"""A body whose first lines depend on how many rows follow, made in constant memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO

IN_MEMORY = 256 * 1024  # some 10,000 numbers; what is larger goes to a temporary file
CHUNK = 64 * 1024
ROWS_AT_A_TIME = 1_000  # one write to the file for each row would cost a third of the time


class CountedBody:
    """Rows with a head that is made from their count and a tail, to be read once, in pieces.

    All rows are taken when it is made, so that however slow the reader is, the database is free again.
    `length` is in bytes. Close it if it is not read to its end.
    """

    def __init__(self, rows: Iterable[bytes], head: Callable[[int], bytes], tail: bytes) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (outlives this)
        count = 0
        rest = iter(rows)
        try:
            while block := list(islice(rest, ROWS_AT_A_TIME)):
                self._file.write(b"".join(block))
                count += len(block)
            self._file.write(tail)
        except BaseException:
            self.close()
            raise
        self._head = head(count)
        self.length = len(self._head) + self._file.tell()

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield self._head
        while chunk := self._file.read(CHUNK):
            yield chunk
        self.close()

    def close(self) -> None:
        """Give the memory or the file back."""
        self._file.close()

"""How far a long command has come, for people: nothing is drawn where nobody looks."""

import time
from types import TracebackType
from typing import Protocol, Self

WIDTH = 30  # characters of the bar
PAUSE = 0.1  # seconds between two drawings
CLEAR = "\r\x1b[K"


class Output(Protocol):
    """Where commands write, as Django's OutputWrapper does."""

    def isatty(self) -> bool: ...
    def write(self, msg: str, *, ending: str) -> None: ...
    def flush(self) -> None: ...


class Progress:
    """A bar on a terminal, redrawn in place and taken away at the end.

    ``total`` is how many there are, ``what`` their plural. On anything but a terminal it draws nothing.
    """

    def __init__(self, output: Output, total: int, what: str) -> None:
        self.output = output
        self.total = total
        self.what = what
        self.done = 0
        self.drawn_at = 0.0
        self.is_shown = bool(output.isatty())

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_shown:
            self._write(CLEAR)

    def forward(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        if time.monotonic() - self.drawn_at >= PAUSE:
            self._draw()

    def _draw(self) -> None:
        if not self.is_shown:
            return
        self.drawn_at = time.monotonic()
        full = WIDTH * self.done // self.total if self.total else WIDTH
        self._write(f"{CLEAR}[{'#' * full}{'.' * (WIDTH - full)}] {self.done:,} of {self.total:,} {self.what}")

    def _write(self, text: str) -> None:
        self.output.write(text, ending="")
        self.output.flush()

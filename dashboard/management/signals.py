"""When a process that goes on and on should end."""

import os
import signal
from types import FrameType


class Signals:
    """Whether this process should go on: until SIGTERM, SIGINT, or the end of `parent`, which started it."""

    def __init__(self, *, parent: int | None) -> None:
        self.parent, self.is_asked_to_end = parent, False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)

    def is_wanted(self) -> bool:
        """Whether to go on."""
        # An orphan is given to another parent at once, whatever happened to the old one.
        return not self.is_asked_to_end and (self.parent is None or os.getppid() == self.parent)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_to_end = True

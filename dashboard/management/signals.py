"""When a process that goes on and on should end."""

import os
import signal
from types import FrameType

FIRST_PROCESS = 1


class Signals:
    """Whether this process should go on: until SIGTERM, SIGINT, or the end of its parent."""

    def __init__(self, *, with_parent: bool) -> None:
        self.parent = os.getppid() if with_parent else None
        # Its parent may have ended before it came this far: orphans are given to the first process.
        self.is_asked_to_end = self.parent == FIRST_PROCESS
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)

    def is_wanted(self) -> bool:
        """Whether to go on."""
        return not self.is_asked_to_end and (self.parent is None or os.getppid() == self.parent)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_to_end = True

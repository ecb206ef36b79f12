"""Keeps one program running for as long as its parent lives: `python -m e164web.supervisor PID PROGRAM ...`.

`serve` becomes gunicorn, which looks after its workers and nothing else, so the publisher needs somebody
who starts it again when it was killed. Without Django, since it only waits.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

LOOK_EVERY = 0.5  # seconds between two looks at the parent
SHORTEST, LONGEST = 1.0, 60.0  # seconds before the program is started again; doubled each time that it ends early
WELL = 60.0  # seconds after which a program has begun well
PATIENCE = 15.0  # seconds for its last message, before it is killed


class Supervisor:
    """Keeps `program` for the process `parent`, until that has gone or a signal asks to stop."""

    def __init__(self, parent: int, program: Sequence[str]) -> None:
        self.parent, self.program, self.stopped = parent, program, False

    def run_always(self) -> None:
        """Run the program, again and again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        pause = SHORTEST
        while self.goes_on:
            began = time.monotonic()
            self.run_once()
            pause = SHORTEST if time.monotonic() - began > WELL else min(pause * 2, LONGEST)
            again = time.monotonic() + pause
            while self.goes_on and time.monotonic() < again:
                time.sleep(LOOK_EVERY)

    @property
    def goes_on(self) -> bool:
        """Whether there is still somebody to keep it for."""
        # An orphan is given to another parent at once, whatever happened to the old one.
        return not self.stopped and os.getppid() == self.parent

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Note that a signal came. An exception here could lose a program that has just been started."""
        self.stopped = True

    def run_once(self) -> None:
        """One run of the program, ended where nothing goes on."""
        process = subprocess.Popen(self.program)  # noqa: S603 -- what `serve` named
        while process.poll() is None and self.goes_on:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY)
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    Supervisor(int(sys.argv[1]), sys.argv[2:]).run_always()

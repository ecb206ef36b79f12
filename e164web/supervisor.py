"""Keeps programs running for as long as its parent lives: `python -m e164web.supervisor PID -- PROGRAM ... -- ...`.

`serve` becomes gunicorn, which looks after its workers and nothing else, so the publisher and the background process
need somebody who starts them again when they were killed. Without Django, since it only waits.
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from types import FrameType

NEXT = "--"  # stands before each program
LOOK_EVERY = 0.5  # seconds between two looks at the parent and the programs
SHORTEST, LONGEST = 1.0, 60.0  # seconds before a program is started again; doubled each time that it ends early
WELL = 60.0  # seconds after which a program has begun well
PATIENCE = 15.0  # seconds for its last message, before it is killed


class Kept:
    """One program, and when it is started again."""

    def __init__(self, program: Sequence[str]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.began = self.again = 0.0
        self.pause = SHORTEST

    def look(self) -> None:
        """Start it, if it does not run and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.process = None
            self.pause = SHORTEST if now - self.began > WELL else min(self.pause * 2, LONGEST)
            self.again = now + self.pause
        if self.process is None and now >= self.again:
            self.began = now
            self.process = subprocess.Popen(self.program)  # noqa: S603 -- what `serve` named

    def ask_to_end(self) -> None:
        """Let it finish what it does."""
        if self.process is not None:
            self.process.terminate()

    def end(self, by: float) -> None:
        """Wait until it has ended, and kill it at that time (of `time.monotonic()`)."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Keeps programs for the process `parent`, until that has gone or a signal asks to stop."""

    def __init__(self, parent: int, programs: Iterable[Sequence[str]]) -> None:
        self.parent, self.stopped = parent, False
        self.kept = [Kept(program) for program in programs]

    def run_always(self) -> None:
        """Run the programs, again and again."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while self.goes_on:
            for one in self.kept:
                one.look()
            time.sleep(LOOK_EVERY)
        for one in self.kept:
            one.ask_to_end()
        by = time.monotonic() + PATIENCE
        for one in self.kept:
            one.end(by)

    @property
    def goes_on(self) -> bool:
        """Whether there is still somebody to keep them for."""
        # An orphan is given to another parent at once, whatever happened to the old one.
        return not self.stopped and os.getppid() == self.parent

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Note that a signal came. An exception here could lose a program that has just been started."""
        self.stopped = True


def programs_in(words: Iterable[str]) -> list[list[str]]:
    """The programs that are named, each after NEXT."""
    groups = itertools.groupby(words, NEXT.__ne__)
    return [list(group) for is_program, group in groups if is_program]


if __name__ == "__main__":
    Supervisor(int(sys.argv[1]), programs_in(sys.argv[2:])).run_always()

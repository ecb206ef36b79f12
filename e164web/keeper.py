"""Keeps one program running for as long as its parent lives: `python -m e164web.keeper PID PROGRAM ...`.

`manage.py serve` becomes gunicorn, which looks after its workers and nothing else, so the publisher needs somebody
who starts it again when it was killed. Without Django, since it only waits.
"""

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


class _Stopped(Exception):
    """Somebody asked this process to end."""


def keep(parent: int, program: Sequence[str]) -> None:
    """Run `program`, again and again, until the process `parent` has gone or a signal asks to stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    pause = SHORTEST
    try:
        while _is_alive(parent):
            began = time.monotonic()
            _run(parent, program)
            pause = SHORTEST if time.monotonic() - began > WELL else min(pause * 2, LONGEST)
            _wait(parent, pause)
    except _Stopped:
        return


def _run(parent: int, program: Sequence[str]) -> None:
    """One run of the program; it is ended with its parent."""
    process = subprocess.Popen(program)  # noqa: S603 -- what `serve` named
    try:
        while process.poll() is None and _is_alive(parent):
            try:
                process.wait(LOOK_EVERY)
            except subprocess.TimeoutExpired:
                continue
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(parent: int, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while _is_alive(parent) and time.monotonic() < ends:
        time.sleep(LOOK_EVERY)


def _is_alive(parent: int) -> bool:
    # An orphan is given to another parent at once, whatever happened to the old one.
    return os.getppid() == parent


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Once: a second signal must not interrupt the program's own end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _Stopped


if __name__ == "__main__":
    keep(int(sys.argv[1]), sys.argv[2:])

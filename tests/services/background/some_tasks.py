"""Tasks for the tests of the queue: processes find them by their paths."""

import os
import signal
import time
from pathlib import Path

from django.db import OperationalError
from django_tasks import task

from dashboard.platform import stopping


@task()
def note(path: str, word: str) -> str:
    """Write a word at the end of a file."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")
    return word


@task()
def count(path: str, last: int) -> None:
    """Count in a file, going on where it was; slowly, so that it can be interrupted."""
    while (so_far := len(Path(path).read_text(encoding="utf-8").splitlines())) < last:
        stopping.insist()
        note.func(path, str(so_far + 1))
        time.sleep(0.02)


@task()
def die_once(path: str) -> None:
    """Kill the process, but for the second time."""
    if not Path(path).exists():
        note.func(path, "begun")
        os.kill(os.getpid(), signal.SIGKILL)
    note.func(path, "done")


@task()
def fail() -> None:
    """What should not happen."""
    raise LookupError("a mistake of ours")


@task()
def lose_the_database(path: str) -> None:
    """What happens where PostgreSQL is restarted, once."""
    if not Path(path).exists():
        note.func(path, "begun")
        raise OperationalError("the database system is shutting down")
    note.func(path, "done")

"""The supervisor starts programs again when they were killed, and ends them with its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from e164web.supervisor import NEXT
from tests.programs import LIMIT, ROOT

# What is kept: it says its process id in a file of that name, and sleeps.
KEPT = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(600)"
# The parent of the supervisor: it starts it and sleeps, as gunicorn would.
PARENT = (
    "import os, subprocess, sys, time; "
    "supervisor = subprocess.Popen([sys.executable, '-m', 'e164web.supervisor', str(os.getpid()), *sys.argv[1:]]); "
    "print(supervisor.pid, flush=True); "
    "time.sleep(600)"
)


class Family:
    """A parent, its supervisor, and the programs that were kept so far."""

    def __init__(self, folder: Path, programs: int = 1) -> None:
        self.folder = folder
        kept = [NEXT, sys.executable, "-c", KEPT, str(folder)] * programs
        self.parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, *kept],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self.parent.stdout is not None
        self.supervisor = int(self.parent.stdout.readline())

    def kept(self) -> set[int]:
        """The programs that were started."""
        return {int(path.name) for path in self.folder.iterdir()}


@contextmanager
def started(family: Family) -> Iterator[Family]:
    yield family
    family.parent.kill()
    family.parent.communicate()
    wait_until(lambda: not lives(family.supervisor))


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with started(Family(tmp_path)) as one:
        yield one


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Family]:
    with started(Family(tmp_path, programs=2)) as one:
        yield one


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_a_program_that_was_killed_is_started_again(family: Family) -> None:
    wait_until(lambda: len(family.kept()) == 1)
    (first,) = family.kept()

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: len(family.kept()) == 2)
    (second,) = family.kept() - {first}
    assert lives(second)


def test_the_program_ends_when_the_parent_is_killed(family: Family) -> None:
    wait_until(lambda: len(family.kept()) == 1)
    (program,) = family.kept()

    family.parent.kill()

    wait_until(lambda: not lives(program) and not lives(family.supervisor))


def test_the_program_ends_when_the_supervisor_is_asked_to(family: Family) -> None:
    wait_until(lambda: len(family.kept()) == 1)
    (program,) = family.kept()

    os.kill(family.supervisor, signal.SIGTERM)

    wait_until(lambda: not lives(program) and not lives(family.supervisor))
    assert family.kept() == {program}


def test_of_two_programs_one_is_started_again_and_the_other_left_alone(two: Family) -> None:
    wait_until(lambda: len(two.kept()) == 2)
    killed, other = two.kept()

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: len(two.kept()) == 3)
    assert lives(other)
    two.parent.kill()
    wait_until(lambda: not any(lives(program) for program in two.kept()))

"""How gunicorn is told to serve: what a worker does before it has become one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import LIMIT, ROOT, environment

# A master that takes note of signals and ends by none, and its children in the moment of their birth.
MASTER = """
import os, signal, sys, time
from e164web import gunicorn

number = signal.Signals[sys.argv[1]]
noted = []
signal.signal(number, lambda *_: noted.append(number))
gunicorn.when_ready(None)
for _ in range(20):
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    os.kill(child, number)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, status
os.kill(os.getpid(), number)
assert noted == [number], noted
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_worker_that_was_just_born_ends_when_told_and_its_master_still_listens(name: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MASTER, name],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert run.returncode == 0, run.stderr

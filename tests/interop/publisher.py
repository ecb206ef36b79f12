"""The publisher as a process, on the test's own database."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from dashboard.registry.models import NameServer
from dashboard.registry.publishing import queue
from tests.programs import LIMIT, ROOT, environment

PAUSE = 0.02  # seconds between two looks
COMMAND = [sys.executable, "manage.py", "publish"]


def settings_of_this_test() -> dict[str, str]:
    """The environment of a program that shares the test's database and keys."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{quote(str(name))}"
    else:
        url = f"postgres://{connection.settings_dict['USER']}:@/{connection.settings_dict['HOST']}/{name}"
    keys = ",".join(settings.E164WEB.credential_keys)
    return environment(settings.E164WEB.data_dir, DATABASE_URL=url, CREDENTIAL_KEYS=keys)


def start(*options: str) -> subprocess.Popen[str]:
    """A publisher."""
    return subprocess.Popen([*COMMAND, *options], cwd=ROOT, env=settings_of_this_test(), text=True)


def kill(publisher: subprocess.Popen[str]) -> None:
    """As the kernel does when memory is short."""
    publisher.kill()
    publisher.wait(LIMIT)


def end(publisher: subprocess.Popen[str]) -> int:
    """As an administrator does; the exit code."""
    publisher.send_signal(signal.SIGTERM)
    return publisher.wait(LIMIT)


@contextmanager
def publishing(*options: str) -> Iterator[subprocess.Popen[str]]:
    """A publisher that runs meanwhile, however it ends."""
    process = start(*options)
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that will happen."""
    deadline = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(PAUSE)


def nothing_waits() -> bool:
    """Whether every server has everything."""
    return not any(queue.pending(server.pk).exists() for server in NameServer.objects.filter(is_enabled=True))


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"

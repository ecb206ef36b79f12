"""Processes that work on the test's own database, a line of their input at a time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.interop.publisher import settings_of_this_test
from tests.programs import LIMIT, ROOT


class Worker:
    """One of them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, what: object) -> None:
        """Have it begin something, which it is told as JSON."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def said(self) -> str:
        """What it says next."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """As the kernel does when memory is short."""
        self.process.kill()
        self.process.wait(LIMIT)


@contextmanager
def running(module: str, count: int) -> Iterator[list[Worker]]:
    """So many workers of a module of tests, which have said that they are ready."""
    environment = settings_of_this_test() | {"DJANGO_SETTINGS_MODULE": "e164web.settings"}
    with ExitStack() as ends:
        workers = []
        for _ in range(count):
            started = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            ends.enter_context(started)
            ends.callback(started.kill)
            workers.append(Worker(started))
        for each in workers:
            assert each.said() == "ready"
        yield workers

"""Several threads and processes that note something at one instant make one chain."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection, transaction

from dashboard.models import Registry
from dashboard.services import audit
from tests.fixtures_audit import events
from tests.interop.publisher import settings_of_this_test
from tests.programs import LIMIT, ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trail")]

WRITERS, EACH = 8, 10

Process = subprocess.Popen[str]


@contextmanager
def running(count: int) -> Iterator[list[Process]]:
    """So many workers on the test's own database, which are ready."""
    environment = settings_of_this_test() | {"DJANGO_SETTINGS_MODULE": "e164web.settings"}
    with ExitStack() as ends:
        workers = []
        for _ in range(count):
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.services.audit.worker"],
                cwd=ROOT,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            ends.enter_context(worker)
            ends.callback(worker.kill)
            workers.append(worker)
        for each in workers:
            assert said(each) == "ready"
        yield workers


def ask(worker: Process, line: str) -> None:
    assert worker.stdin
    worker.stdin.write(f"{line}\n")
    worker.stdin.flush()


def said(worker: Process) -> str:
    assert worker.stdout
    return worker.stdout.readline().strip()


def test_eight_threads_make_one_chain() -> None:
    together = threading.Barrier(WRITERS)

    def write(_number: int) -> None:
        try:
            together.wait(LIMIT)
            for _ in range(EACH):
                audit.note("test", by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, number) for number in range(WRITERS)]
        while not all(each.done() for each in writing):
            audit.verify()  # which is content at any moment
        for each in writing:
            each.result()
    assert audit.verify().count == WRITERS * EACH


def test_eight_processes_make_one_chain() -> None:
    with running(WRITERS) as workers:
        for each in workers:
            ask(each, str(EACH))
        assert [said(each) for each in workers] == ["done"] * WRITERS
    assert audit.verify().count == WRITERS * EACH


def test_a_process_that_is_killed_before_its_transaction_ends_noted_nothing() -> None:
    audit.note("before", by=None)
    with running(1) as [worker]:
        ask(worker, "hold")
        assert said(worker) == "held"
        worker.kill()
        worker.wait(LIMIT)
        audit.note("after", by=None)
    assert events() == ["before", "after"]
    assert audit.verify().count == 2


def test_what_was_not_done_after_all_is_not_noted_either() -> None:
    with transaction.atomic():
        Registry.objects.create(name="Elsewhere", url="https://registry.example/")
        audit.note("test", by=None)
        transaction.set_rollback(True)
    audit.note("another", by=None)
    assert events() == ["another"]
    assert audit.verify().count == 1

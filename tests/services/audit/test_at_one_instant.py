"""Several threads and processes that note something at one instant make one chain."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from dashboard.models import Registry
from dashboard.services import audit
from tests.fixtures_audit import events
from tests.programs import LIMIT
from tests.workers import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trail")]

WRITERS, EACH = 8, 10

WORKER = "tests.services.audit.worker"


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
    with running(WORKER, WRITERS) as workers:
        for each in workers:
            each.ask(EACH)
        assert [each.said() for each in workers] == ["done"] * WRITERS
    assert audit.verify().count == WRITERS * EACH


def test_a_process_that_is_killed_before_its_transaction_ends_noted_nothing() -> None:
    audit.note("before", by=None)
    with running(WORKER, 1) as [worker]:
        worker.ask("hold")
        assert worker.said() == "held"
        worker.kill()
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

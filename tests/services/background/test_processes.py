"""Background processes that are killed anywhere, that work together, and that lose their database for a moment."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dashboard.models import Change, Credential, Fate, OutboxMessage, Outcome, User, Webhook
from dashboard.services import telling
from e164web import servers
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.certificates import ca_path
from tests.interop.publisher import settings_of_this_test, until
from tests.programs import LIMIT, ROOT
from tests.receiver import Receiver, receiving
from tests.services.background import worker
from tests.services.background.test_settling import left_unknown
from tests.workers import Worker, running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trail")]

WORKER = worker.__name__
Hook = tuple[Webhook, str]


def reaching() -> dict[str, str]:
    """The environment of a program of this test that may send to this machine."""
    more = {"E164WEB_WEBHOOK_NETWORKS": "127.0.0.0/8,::1", "E164WEB_WEBHOOK_CA": ca_path()}
    return settings_of_this_test() | more


@pytest.fixture(autouse=True)
def reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `settings_of_this_test` passes on: these processes may send to this machine too."""
    monkeypatch.setattr("tests.workers.settings_of_this_test", reaching)


def rounds(workers: list[Worker], line: int = 0) -> list[str]:
    """What comes of a round of each, all at one time."""
    for each in workers:
        each.ask(line)
    return [each.said() for each in workers]


def test_whoever_is_killed_before_some_line_has_told_the_receiver_or_leaves_it_to_the_next(
    person: User, receiver: Receiver, webhook: Hook
) -> None:
    with running(WORKER, 1) as workers:
        line, ends = 1, time.monotonic() + 3 * LIMIT
        telling.send_test(person, webhook[0].pk)
        while rounds(workers, line) == ["killed"]:
            assert time.monotonic() < ends
            Webhook.objects.update(due_at=timezone.now())
            OutboxMessage.objects.filter(fate=Fate.WAITING).update(due_at=timezone.now())
            assert rounds(workers) == ["done"]
            line += 5  # each kill takes a second or two
            telling.send_test(person, webhook[0].pk)

    told = {got.id for got in receiver.got}
    assert line > 20
    assert told == {f"msg_{uid.hex}" for uid in OutboxMessage.objects.values_list("uid", flat=True)}
    assert set(OutboxMessage.objects.values_list("fate", flat=True)) == {Fate.TOLD}
    assert max(Counter(got.id for got in receiver.got).values()) <= 2
    for got in receiver.got:
        assert got.verified_with(webhook[1])


def test_several_workers_tell_nothing_twice(person: User, receiver: Receiver, webhook: Hook) -> None:
    for _ in range(20):
        telling.send_test(person, webhook[0].pk)
    with running(WORKER, 3) as workers:
        assert rounds(workers) == ["done"] * 3
    counted = Counter(got.id for got in receiver.got)
    assert len(counted) == 20
    assert set(counted.values()) == {1}


def test_several_workers_settle_a_change_once(person: User, remote: Credential, registry: FaultyRegistry) -> None:
    change = left_unknown(person, remote, registry, registry.number_ids[0])
    before = registry.counts["show"]
    with running(WORKER, 3) as workers:
        assert rounds(workers) == ["done"] * 3
    change.refresh_from_db()
    assert change.outcome == Outcome.APPLIED
    assert registry.counts["show"] == before + 1
    assert Change.objects.count() == 1


@contextmanager
def working() -> Iterator["subprocess.Popen[str]"]:
    """`manage.py work`, which runs meanwhile."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=ROOT, env=reaching(), text=True, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(count: int) -> Callable[[], bool]:
    return lambda: OutboxMessage.objects.filter(fate=Fate.TOLD).count() == count


def test_it_goes_on_after_the_database_failed_for_a_moment_and_ends_when_it_is_asked_to(
    person: User, receiver: Receiver, webhook: Hook
) -> None:
    def rename(old: str, new: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

    table = OutboxMessage._meta.db_table
    with working() as process:
        telling.send_test(person, webhook[0].pk)
        until(told(1))
        rename(table, f"{table}_away")
        try:
            assert process.stderr is not None
            while "The database failed" not in process.stderr.readline():
                assert process.poll() is None
        finally:
            rename(f"{table}_away", table)
        telling.send_test(person, webhook[0].pk)
        until(told(2))
        process.terminate()
        assert process.wait(LIMIT) == 0
    assert len(receiver.got) == 2


def test_no_secret_is_sealed_under_a_key_that_a_running_process_does_not_know() -> None:
    with working() as process:
        until(lambda: process.pid in servers.without_key(settings.E164WEB.data_dir, "made later"))


def test_a_receiver_that_hangs_holds_up_no_other(
    person: User, stranger: User, receiver: Receiver, webhook: Hook
) -> None:
    with receiving() as other:
        receiver.hangs.set()
        elsewhere, _secret = telling.add_webhook(stranger, other.address, team=None)
        with working():
            telling.send_test(person, webhook[0].pk)
            until(lambda: receiver.got)
            telling.send_test(stranger, elsewhere.pk)
            until(told(1))
        assert len(other.got) == 1

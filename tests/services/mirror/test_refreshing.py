"""A refresh: the list and each number once, what differs into the history, and going on after whatever ended it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboard import access
from dashboard.models import Change, Credential, Mirror, MirroredNumber, User
from dashboard.models.change import Command
from dashboard.models.searching import HOSTS, RECORD
from dashboard.platform import locks, stopping
from dashboard.services import mirror
from dashboard.services.mirror import refreshing
from dashboard.services.mirror.tasks import refresh
from dashboard.services.numbers import show_number
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import sealed_credential
from tests.fixtures_tokens import acting
from tests.services.mirror.conftest import refreshed, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(registry: FaultyRegistry, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Forty numbers, stored five at a time."""
    monkeypatch.setattr(refreshing, "BATCH", 5)
    ids = [registry.store.add_number(registry.username, "1", "200", f"55520{place:02}") for place in range(37)]
    for number_id in ids:
        registry.store.add_record(number_id, 100, "SIP", f"{number_id}@pbx-old.example.org")
    return sorted([*registry.number_ids, *ids])


@pytest.fixture
def stop() -> Iterator[Callable[[], None]]:
    """Ask this process to end, for the time of a test."""
    yield stopping.ask
    stopping._asked.clear()


def shown(registry: FaultyRegistry) -> list[str]:
    """Which numbers were looked at, in the order in which they were asked for."""
    return [each.variables["id"] for each in registry.log if each.command == "show"]


def test_each_number_is_in_the_mirror_with_all_that_is_searched(remote: Credential, registry: FaultyRegistry) -> None:
    refreshed(remote)

    assert [row.number_id for row in rows(remote)] == sorted(registry.number_ids)
    first = rows(remote)[0]
    assert (first.country, first.digits) == (first.number.country, first.number.digits)
    assert first.text.startswith(f"+{first.digits}\n")
    assert all(f"{RECORD}sip{HOSTS}{record.hostdata.lower()}" in first.text for record in first.records)
    assert first.record_count == 2
    assert first.changed_at is None
    found = Mirror.objects.get(credential=remote)
    assert (found.done, found.total, found.wanted_at, found.failure) == (3, 3, None, "")
    assert found.finished_at is not None
    assert (registry.count("list"), registry.count("show")) == (1, 3)


def test_the_embedded_registry_is_refreshed_too(credential: Credential) -> None:
    refreshed(credential)

    assert len(rows(credential)) > 1
    assert all(row.was_looked_at for row in rows(credential))


def test_records_that_some_system_cannot_use_are_a_problem_with_its_name(
    remote: Credential, registry: FaultyRegistry, record_ids: list[int]
) -> None:
    for record_id in record_ids:
        registry.store.records[record_id].service = "IAX2"
    registry.store.records[record_ids[1] + 1].hostdata = "a" * 300 + "@example.org"  # fits into no DNS
    refreshed(remote)

    of_one_service, in_no_dns, sound = rows(remote)
    assert " kamailio " in of_one_service.problems
    assert " yate " not in of_one_service.problems
    assert " yate " in in_no_dns.problems
    assert sound.problems == ""


def test_what_differs_from_the_last_look_goes_into_the_history_as_seen(
    mirrored: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    registry.store.records[record_ids[0]].hostdata = "elsewhere@example.org"
    refreshed(mirrored)

    [change] = Change.objects.filter(command=Command.SEEN)
    assert change.number_id == number_id
    [row] = MirroredNumber.objects.filter(text__contains="elsewhere@example.org")
    assert row.changed_at is not None
    assert MirroredNumber.objects.filter(changed_at=None).count() == 2


def test_a_number_that_comes_or_goes_does_so_in_the_mirror(mirrored: Credential, registry: FaultyRegistry) -> None:
    gone, *_rest = registry.number_ids
    del registry.store.numbers[gone]
    come = registry.store.add_number(registry.username, "44", "20", "79460123")
    refreshed(mirrored)

    ids = {row.number_id for row in rows(mirrored)}
    assert come in ids
    assert gone not in ids


def test_who_asks_while_a_refresh_is_wanted_begins_no_second_one(
    remote: Credential, registry: FaultyRegistry
) -> None:
    for _ in range(3):
        mirror.want(remote)
    assert DBTaskResult.objects.count() == 1

    refresh.func(remote.pk)
    refresh.func(remote.pk)
    assert registry.count("list") == 1


def test_a_refresh_that_another_process_does_is_left_to_it(remote: Credential, registry: FaultyRegistry) -> None:
    mirror.want(remote)
    has_it, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.held(f"refresh at {remote.registry_id}", locks.at_once):
            has_it.set()
            done.wait(10)
        connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(hold)
        assert has_it.wait(10)
        refresh.func(remote.pk)
        done.set()

    assert registry.requests == 0
    assert mirror.freshness(remote).is_under_way


def test_whoever_does_a_refresh_does_those_of_the_same_registry_that_wait(
    remote: Credential, registry: FaultyRegistry, stranger: User
) -> None:
    other = sealed_credential(stranger, remote.registry, registry.username, registry.secret, "Other")
    mirror.want(other)
    mirror.want(remote)
    refresh.func(remote.pk)

    assert len(rows(other)) == 3
    assert not mirror.freshness(other).is_under_way


def test_a_refresh_that_was_stopped_goes_on_where_it_was(
    remote: Credential, registry: FaultyRegistry, several: list[int], stop: Callable[[], None]
) -> None:
    stop()
    mirror.want(remote)
    with pytest.raises(stopping.Stopped):
        refresh.func(remote.pk)
    stopping._asked.clear()
    seen = {row.number_id for row in rows(remote) if row.seen_at}
    assert 0 < len(seen) < len(several)
    assert mirror.freshness(remote).done == len(seen)
    registry.log.clear()

    refresh.func(remote.pk)
    assert sorted(map(int, shown(registry))) == sorted(set(several) - seen)
    assert registry.count("list") == 1
    assert all(row.seen_at for row in rows(remote))


def test_a_refresh_with_which_nobody_gets_on_is_given_to_somebody_else(remote: Credential) -> None:
    mirror.want(remote)
    DBTaskResult.objects.all().delete()  # with its worker
    mirror.take_up()
    assert not DBTaskResult.objects.exists()

    Mirror.objects.update(due_at=timezone.now())
    mirror.take_up()
    mirror.take_up()
    assert DBTaskResult.objects.count() == 1


def test_a_registry_that_does_not_answer_ends_the_turn_and_is_tried_again(
    remote: Credential, registry: FaultyRegistry, several: list[int]
) -> None:
    registry.fault("show", "close", skip=12)
    refreshed(remote)

    fresh = mirror.freshness(remote)
    assert fresh.is_under_way
    assert fresh.failure
    assert fresh.tried_at is not None
    assert fresh.tried_at > timezone.now()
    registry.heal()
    Mirror.objects.update(due_at=timezone.now())
    mirror.take_up()
    refresh.func(remote.pk)
    fresh = mirror.freshness(remote)
    assert (fresh.is_under_way, fresh.failure, fresh.left) == (False, "", 0)
    assert len(rows(remote)) == len(several)


def test_one_number_that_cannot_be_read_does_not_keep_the_others_from_it(
    remote: Credential, registry: FaultyRegistry
) -> None:
    registry.fault("show", "garbage", times=1)
    refreshed(remote)

    assert sorted(bool(row.seen_at) for row in rows(remote)) == [False, True, True]
    fresh = mirror.freshness(remote)
    assert not fresh.is_under_way
    assert "1 number could not be read" in fresh.failure


def test_a_login_that_is_refused_is_not_tried_again(remote: Credential, registry: FaultyRegistry) -> None:
    registry.fault("list", "bad")
    refreshed(remote)

    assert not mirror.freshness(remote).is_under_way
    assert mirror.freshness(remote).failure


def test_a_credential_that_is_removed_meanwhile_ends_its_refresh(remote: Credential) -> None:
    mirror.want(remote)
    turn = refreshing._Turn(Mirror.objects.select_related("credential__registry", "credential__user").get())
    remote.delete()
    turn.take()

    assert not MirroredNumber.objects.exists()


def test_no_more_is_asked_at_once_and_no_faster_than_the_settings_say(
    remote: Credential, registry: FaultyRegistry, several: list[int], configured: Callable[..., None]
) -> None:
    configured(refresh_parallel=2, refresh_rate=50)
    registry.latency = 0.01
    began = time.monotonic()
    refreshed(remote)

    assert time.monotonic() - began >= (len(several) - 1) / 50
    assert len({each.connection for each in registry.log}) <= 3  # of the list, and of two threads
    assert threading.active_count() < 20


def test_what_nobody_uses_is_not_refreshed_by_itself(mirrored: Credential) -> None:
    Mirror.objects.update(began_at=timezone.now() - timedelta(days=2))
    mirror.want_what_is_old()
    assert not mirror.freshness(mirrored).is_under_way

    mirror.note_use(mirrored, mirror.freshness(mirrored))
    mirror.want_what_is_old()
    assert mirror.freshness(mirrored).is_under_way


def test_a_token_for_some_numbers_reaches_only_these_in_the_mirror(person: User, mirrored: Credential) -> None:
    narrowed = acting(person, beginnings=(rows(mirrored)[0].digits,))
    reached = access.mirrored(narrowed)

    assert 0 < reached.count() < len(rows(mirrored))
    assert list(access.mirrored_of(narrowed, mirrored)) == list(reached)


def test_a_stranger_reaches_nothing_in_the_mirror(mirrored: Credential, stranger: User) -> None:
    assert mirrored.pk
    assert not access.mirrored(stranger).exists()


def test_a_look_by_a_page_during_a_refresh_is_not_written_over(
    person: User, mirrored: Credential, number_id: int
) -> None:
    show_number(person, mirrored, number_id)
    seen = rows(mirrored)[0].seen_at
    assert seen is not None
    Mirror.objects.update(wanted_at=timezone.now(), began_at=seen - timedelta(days=1), failures=0)
    refresh.func(mirrored.pk)

    assert rows(mirrored)[0].seen_at != seen

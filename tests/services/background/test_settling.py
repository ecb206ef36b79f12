"""Writes whose outcome is not known are settled without anybody asking, as soon as their registry answers."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.utils import timezone

from dashboard.client import NotSent
from dashboard.models import (
    Change,
    Credential,
    Exchange,
    Membership,
    Outcome,
    RegistryState,
    Role,
    SettlingPause,
    Team,
    User,
)
from dashboard.platform import locks
from dashboard.protocol import RecordData
from dashboard.services import background
from dashboard.services.history import number_lock, settle
from dashboard.services.records import Writer
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import share
from tests.programs import LIMIT

pytestmark = pytest.mark.django_db


def left_unknown(person: User, credential: Credential, registry: FaultyRegistry, number_id: int) -> Change:
    """A change that took effect, and of which nobody knows: the reply was lost, and reading back failed."""
    writer = Writer(person, credential, number_id)
    registry.fault("new", "reset-after")
    registry.fault("show", "html", skip=1)
    hostdata = f"new{Change.objects.count()}@example.org"
    change = writer.add(RecordData(preference=50 + Change.objects.count(), service="SIP", hostdata=hostdata))
    registry.heal()
    assert change.is_open
    return change


@contextmanager
def held_by_another(name: str) -> Iterator[None]:
    """A lock that somebody else holds, with a connection of their own."""
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.held(name, locks.at_once):
            is_held.set()
            may_end.wait(LIMIT)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(LIMIT)
    yield
    may_end.set()
    holder.join()


def let_the_pause_pass() -> None:
    past = timezone.now() - timedelta(seconds=1)
    RegistryState.objects.update(due_at=past)
    SettlingPause.objects.update(due_at=past)


def test_a_write_is_settled_as_soon_as_its_registry_answers_again(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    change = left_unknown(person, remote, registry, number_id)
    registry.fault("show", "close")
    background.one_round()
    change.refresh_from_db()
    assert change.is_open

    registry.heal()
    let_the_pause_pass()
    background.one_round()

    change.refresh_from_db()
    assert change.outcome == Outcome.APPLIED
    assert change.record_id is not None


def test_a_write_that_a_crash_left_is_settled_too(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    change = left_unknown(person, remote, registry, number_id)
    long_ago = timezone.now() - timedelta(seconds=configured.E164WEB.deadline + 1)
    Change.objects.filter(pk=change.pk).update(outcome=Outcome.SENT, words="", created_at=long_ago)
    background.one_round()
    change.refresh_from_db()
    assert change.outcome == Outcome.APPLIED


def test_a_write_that_a_crash_left_a_moment_ago_may_still_be_on_its_way(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    change = left_unknown(person, remote, registry, number_id)
    Change.objects.filter(pk=change.pk).update(outcome=Outcome.SENT, words="")
    background.one_round()
    change.refresh_from_db()
    assert change.outcome == Outcome.SENT


def test_a_registry_that_fails_is_tried_once_for_all_changes_and_then_rests(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    for _ in range(3):
        left_unknown(person, remote, registry, number_id)
    registry.fault("show", "redirect")
    before = len(registry.log)

    background.one_round()
    background.one_round()

    assert len(registry.log) == before + 1
    state = RegistryState.objects.get()
    assert state.failures == 1
    assert state.due_at > timezone.now()


def test_the_pauses_of_a_registry_grow(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    left_unknown(person, remote, registry, number_id)
    registry.fault("show", "redirect")
    pauses = []
    for _ in range(4):
        background.one_round()
        pauses.append(RegistryState.objects.get().due_at - timezone.now())
        let_the_pause_pass()
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4 * pauses[0]


def test_one_change_that_the_registry_refuses_to_tell_of_does_not_hold_up_the_others(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    lost = left_unknown(person, remote, registry, number_id)
    Change.objects.filter(pk=lost.pk).update(number_id=999_999)
    other = left_unknown(person, remote, registry, number_id)

    background.one_round()

    other.refresh_from_db()
    assert not other.is_open
    assert SettlingPause.objects.get().change == lost
    before = len(registry.log)
    background.one_round()
    assert len(registry.log) == before


def test_what_is_being_written_at_this_moment_is_left_alone(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    change = left_unknown(person, remote, registry, number_id)
    before = len(registry.log)
    with held_by_another(number_lock(remote, number_id)):
        background.one_round()
    change.refresh_from_db()
    assert change.is_open
    assert len(registry.log) == before


def test_a_person_does_not_settle_either_what_is_being_written_at_this_moment(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, settings: Any
) -> None:
    change = left_unknown(person, remote, registry, number_id)
    settings.E164WEB = dataclasses.replace(settings.E164WEB, deadline=0.2)
    before = len(registry.log)
    with held_by_another(number_lock(remote, number_id)), pytest.raises(NotSent):
        settle(person, change)
    change.refresh_from_db()
    assert change.is_open
    assert len(registry.log) == before


def test_it_is_settled_in_the_name_of_who_wrote_and_of_the_owner_where_that_one_may_not_edit_any_more(
    person: User, editor: User, team: Team, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    share(remote, team)
    Exchange.objects.all().delete()
    left_unknown(editor, remote, registry, number_id)
    Exchange.objects.all().delete()
    background.one_round()
    assert set(Exchange.objects.values_list("user", flat=True)) == {editor.pk}

    left_unknown(editor, remote, registry, number_id)
    Membership.objects.filter(user=editor).update(role=Role.VIEWER)
    Exchange.objects.all().delete()
    background.one_round()
    assert set(Exchange.objects.values_list("user", flat=True)) == {person.pk}
    assert not Change.objects.filter(settled_at=None).exists()


def test_a_disabled_registry_is_not_asked(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    left_unknown(person, remote, registry, number_id)
    remote.registry.is_enabled = False
    remote.registry.save()
    before = len(registry.log)
    background.one_round()
    assert len(registry.log) == before

"""Watched numbers are looked at now and then, and registries are noticed that do not answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import (
    Change,
    Credential,
    Exchange,
    Kind,
    MirroredNumber,
    NumberNote,
    OutboxMessage,
    RegistryState,
    Team,
    User,
    WatchedNumber,
    Webhook,
)
from dashboard.models.change import Command
from dashboard.services import background
from dashboard.services.background.looking import PATIENCE, enroll, judge
from dashboard.services.dns import State
from dashboard.services.numbers import show_number
from dashboard.services.records.callers import Callers
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import LiveZone
from tests.fixtures_people import share
from tests.fixtures_told import watch
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db

Hook = tuple[Webhook, str]


def due_now() -> None:
    past = timezone.now() - timedelta(seconds=1)
    WatchedNumber.objects.update(due_at=past)
    RegistryState.objects.update(due_at=past)


def test_what_another_program_changed_is_seen_and_told(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, remote, Kind.SEEN, number_id=number_id)
    background.one_round()
    registry.store.add_record(number_id, 90, "SIP", "elsewhere@example.org")
    due_now()

    background.one_round()
    background.one_round()

    seen = Change.objects.get(command=Command.SEEN)
    (got,) = receiver.got
    payload = got.verified_with(webhook[1])
    assert payload["type"] == "number.seen"
    assert payload["data"]["change"]["id"] == seen.pk
    assert "elsewhere@example.org" in str(payload["data"]["change"]["after"])
    assert "was changed elsewhere" in payload["data"]["text"]


def test_a_number_is_not_looked_at_again_before_its_time(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    watch(person, remote, Kind.SEEN, number_id=number_id)
    for _ in range(3):
        background.one_round()
    assert registry.counts["show"] == 1


def test_looks_in_the_background_do_not_push_out_what_people_asked_for(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    watch(person, remote, Kind.SEEN, number_id=number_id)
    background.one_round()
    assert registry.counts["show"] == 1
    assert not Exchange.objects.exists()


def test_of_a_whole_credential_the_numbers_are_looked_at_that_were_seen_before_one_at_a_time(
    person: User, remote: Credential, registry: FaultyRegistry
) -> None:
    for number_id in registry.number_ids[:2]:
        show_number(person, remote, number_id)
    watch(person, remote, Kind.SEEN)
    assert registry.counts["show"] == 2
    background.one_round()
    assert registry.counts["show"] == 3
    background.one_round()
    background.one_round()
    assert registry.counts["show"] == 4
    assert WatchedNumber.objects.count() == 2


def test_numbers_that_nobody_watches_any_more_are_looked_at_no_more(person: User, remote: Credential) -> None:
    MirroredNumber.objects.create(credential=remote, number_id=5, record_count=0, seen_at=timezone.now())
    named, whole = watch(person, remote, Kind.SEEN, number_id=7), watch(person, remote, Kind.SEEN)
    enroll()
    assert set(WatchedNumber.objects.values_list("number_id", flat=True)) == {5, 7}
    whole.delete()
    enroll()
    assert set(WatchedNumber.objects.values_list("number_id", flat=True)) == {7}
    named.delete()
    enroll()
    assert not WatchedNumber.objects.exists()


def test_no_registry_is_asked_for_who_may_not_see_the_credential_any_more(
    viewer: User, team: Team, remote: Credential
) -> None:
    shared = share(remote, team)
    watch(viewer, remote, Kind.SEEN, number_id=7)
    enroll()
    assert WatchedNumber.objects.exists()
    shared.delete()
    enroll()
    assert not WatchedNumber.objects.exists()


def test_the_numbers_of_a_tag_are_looked_at(person: User, remote: Credential) -> None:
    watch(person, remote, Kind.SEEN, tag="office")
    note = NumberNote.objects.create(credential=remote, number_id=5, tags="door office")
    NumberNote.objects.create(credential=remote, number_id=6, tags="offices")
    enroll()
    assert set(WatchedNumber.objects.values_list("number_id", flat=True)) == {5}
    note.delete()
    enroll()
    assert not WatchedNumber.objects.exists()


def test_a_registry_that_does_not_answer_is_told_once_and_so_is_that_it_answers_again(
    person: User, remote: Credential, registry: FaultyRegistry, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, remote, Kind.REGISTRY)
    registry.fault("ping", "redirect")
    for _ in range(5):
        background.one_round()
        RegistryState.objects.update(silent_since=timezone.now() - timedelta(minutes=2))
        due_now()
    registry.heal()
    for _ in range(3):
        background.one_round()
        due_now()

    types = [got.verified_with(webhook[1])["type"] for got in receiver.got]
    assert types == ["registry.silent", "registry.answers"]
    assert "has not answered since" in receiver.got[0].verified_with(webhook[1])["data"]["text"]


def test_a_registry_that_was_silent_for_a_moment_is_not_told(
    person: User, remote: Credential, registry: FaultyRegistry, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, remote, Kind.REGISTRY)
    registry.fault("ping", "redirect")
    for _ in range(5):
        background.one_round()
        due_now()
    registry.heal()
    background.one_round()
    assert receiver.got == []


def test_a_registry_that_refuses_the_password_does_answer(
    person: User, remote: Credential, registry: FaultyRegistry, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, remote, Kind.REGISTRY)
    registry.fault("ping", "bad")
    for _ in range(5):
        background.one_round()
        RegistryState.objects.exclude(silent_since=None).update(silent_since=timezone.now() - timedelta(minutes=2))
        due_now()
    assert receiver.got == []


def test_a_dns_that_has_not_followed_for_ten_minutes_is_told_once_and_so_is_that_it_follows(
    person: User, remote: Credential, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, remote, Kind.DNS, number_id=7)
    watched = WatchedNumber.objects.get()
    judge(watched, "441632960123", State.MISSING)
    assert not OutboxMessage.objects.exists()
    WatchedNumber.objects.update(dns_since=timezone.now() - PATIENCE)
    for state in (State.MISSING, State.UNREACHABLE, State.DIFFERS, State.PUBLISHED, State.PUBLISHED):
        judge(watched, "441632960123", state)
    due_later = timezone.now() + timedelta(hours=1)
    WatchedNumber.objects.update(due_at=due_later)

    background.one_round()

    told = [got.verified_with(webhook[1]) for got in receiver.got]
    assert [one["type"] for one in told] == ["dns.differs", "dns.follows"]
    assert told[0]["data"]["state"] == "missing"


def test_a_dns_that_follows_in_time_is_not_told(person: User, remote: Credential) -> None:
    watch(person, remote, Kind.DNS, number_id=7)
    watched = WatchedNumber.objects.get()
    for state in (State.MISSING, State.DIFFERS, State.PUBLISHED):
        judge(watched, "441632960123", state)
    assert not OutboxMessage.objects.exists()
    assert WatchedNumber.objects.get().dns_since is None


def test_the_dns_of_a_watched_number_is_asked(
    person: User, in_zone: Credential, live_zone: LiveZone, number_id: int
) -> None:
    watch(person, in_zone, Kind.DNS, number_id=number_id)
    background.one_round()
    watched = WatchedNumber.objects.get()
    assert watched.dns_since is not None  # the registry has records, and the zone none
    assert watched.due_at < timezone.now() + timedelta(minutes=2)

    found = show_number(person, in_zone, number_id)
    live_zone.publish(found.number.digits, *[way.naptr for way in Callers.of(found).ways if way.naptr])
    due_now()
    background.one_round()
    assert WatchedNumber.objects.get().dns_since is None

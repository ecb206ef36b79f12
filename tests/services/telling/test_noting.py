"""What happens is put into the outbox once for each receiver, and for nobody who does not want it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import (
    Change,
    Credential,
    Email,
    Kind,
    NumberNote,
    OutboxMessage,
    Outcome,
    Share,
    Team,
    User,
    WatchedNumber,
)
from dashboard.services import telling
from tests.fixtures_mail import MailServer
from tests.fixtures_people import sealed_credential, share
from tests.fixtures_told import watch

pytestmark = pytest.mark.django_db


def applied(person: User | None, credential: Credential, command: str = "delete", number_id: int = 7) -> Change:
    return Change.objects.create(
        user=person,
        person=person.get_username() if person else "",
        credential=credential,
        command=command,
        number_id=number_id,
        number="441632960123",
        outcome=Outcome.APPLIED,
        settled_at=timezone.now(),
    )


def receivers() -> list[str]:
    return [message.key.partition(" person ")[2] or message.key for message in OutboxMessage.objects.order_by("pk")]


@pytest.fixture
def everybody(
    person: User, viewer: User, editor: User, team: Team, credential: Credential, mails: MailServer
) -> None:
    """Alice's credential is shared, and letters can be sent to all."""
    share(credential, team)


def test_where_nobody_watches_a_change_costs_one_question(person: User, credential: Credential) -> None:
    change = applied(person, credential)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        telling.note_change(change)
    assert len(asked) == 1
    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("everybody")
def test_who_made_a_change_is_not_told_of_it_and_the_others_are(
    person: User, viewer: User, editor: User, team: Team, credential: Credential
) -> None:
    watch(person, credential, Kind.CHANGED, email=Email.NOW, team=team.pk)
    telling.note_change(applied(editor, credential))
    assert sorted(receivers()) == sorted([str(person.pk), str(viewer.pk)])


@pytest.mark.usefixtures("everybody")
def test_who_watches_in_several_ways_is_told_once_and_at_the_earliest(
    person: User, viewer: User, editor: User, team: Team, credential: Credential
) -> None:
    watch(viewer, credential, Kind.CHANGED, email=Email.DAILY)
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW, number_id=7)
    telling.note_change(applied(editor, credential))
    (message,) = OutboxMessage.objects.all()
    assert message.user == viewer
    assert message.due_at <= timezone.now()


@pytest.mark.usefixtures("everybody")
def test_noting_the_same_twice_tells_once(viewer: User, editor: User, credential: Credential) -> None:
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW)
    change = applied(editor, credential)
    telling.note_change(change)
    telling.note_change(change)
    assert OutboxMessage.objects.count() == 1


@pytest.mark.usefixtures("everybody")
def test_another_number_another_kind_and_what_was_not_applied_are_not_told(
    viewer: User, editor: User, credential: Credential
) -> None:
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW, number_id=8)
    telling.note_change(applied(editor, credential, number_id=7))
    telling.note_change(applied(None, credential, command="seen", number_id=8))
    refused = applied(editor, credential, number_id=8)
    refused.outcome = Outcome.REFUSED
    telling.note_change(refused)
    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("everybody")
def test_what_was_changed_elsewhere_is_news_to_everybody(person: User, credential: Credential) -> None:
    watch(person, credential, Kind.SEEN, email=Email.NOW)
    telling.note_change(applied(None, credential, command="seen"))
    assert receivers() == [str(person.pk)]


@pytest.mark.usefixtures("everybody")
def test_what_did_not_happen_after_all_is_not_told(viewer: User, editor: User, credential: Credential) -> None:
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW)
    with transaction.atomic():
        telling.note_change(applied(editor, credential))
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Europe/Berlin", "2026-06-01T03:00:00", "2026-06-01T05:00:00"),
        ("Europe/Berlin", "2026-06-01T06:00:00", "2026-06-02T05:00:00"),
        ("America/New_York", "2026-06-01T06:00:00", "2026-06-01T11:00:00"),
        ("browser", "2026-06-01T06:00:00", "2026-06-01T07:00:00"),
    ],
)
@pytest.mark.usefixtures("everybody")
def test_a_digest_comes_at_seven_in_the_morning_of_whoever_gets_it(
    viewer: User, editor: User, credential: Credential, monkeypatch: Any, zone: str, now: str, due: str
) -> None:
    viewer.time_zone = zone
    viewer.save()
    watch(viewer, credential, Kind.CHANGED, email=Email.DAILY)
    change = applied(editor, credential)
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))
    telling.note_change(change)
    assert OutboxMessage.objects.get().due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_without_a_mail_server_no_letter_waits_for_one(
    viewer: User, person: User, team: Team, credential: Credential
) -> None:
    share(credential, team)
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW)
    telling.note_change(applied(person, credential))
    assert not OutboxMessage.objects.exists()


def test_a_number_that_just_changed_is_looked_at_in_the_dns_soon(person: User, credential: Credential) -> None:
    watch(person, credential, Kind.DNS, number_id=7)
    later = timezone.now() + timedelta(hours=1)
    WatchedNumber.objects.update(due_at=later)
    telling.note_change(applied(person, credential))
    assert WatchedNumber.objects.get().due_at < timezone.now() + timedelta(minutes=1)


@pytest.mark.usefixtures("everybody")
def test_a_tag_is_watched_as_long_as_a_number_has_it(viewer: User, editor: User, credential: Credential) -> None:
    watch(viewer, credential, Kind.CHANGED, email=Email.NOW, tag="office")
    for number_id, tags in ((7, "door office"), (8, "offices")):
        NumberNote.objects.create(credential=credential, number_id=number_id, tags=tags)
    telling.note_change(applied(editor, credential, number_id=8))
    telling.note_change(applied(editor, credential, number_id=9))
    assert not OutboxMessage.objects.exists()
    telling.note_change(applied(editor, credential, number_id=7))
    assert receivers() == [str(viewer.pk)]

    NumberNote.objects.filter(number_id=7).update(tags="door")
    telling.note_change(applied(editor, credential, number_id=7))
    assert OutboxMessage.objects.count() == 1


@pytest.mark.usefixtures("everybody")
def test_who_lost_one_credential_is_told_of_its_registry_while_another_one_is_watched(
    person: User, viewer: User, team: Team, credential: Credential
) -> None:
    kept = sealed_credential(person, credential.registry, "alice2", "secret", "Kept")
    share(kept, team)
    for one in (credential, kept):
        watch(viewer, one, Kind.REGISTRY, email=Email.NOW)
    Share.objects.filter(credential=credential).delete()

    telling.note_registry(credential.registry, timezone.now(), "", answers=False)

    assert [message.credential for message in OutboxMessage.objects.all()] == [kept]

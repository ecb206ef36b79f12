"""Letters tell people what they watch: in their language and time zone, together, and only what they may know."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import Change, Credential, Email, Event, Fate, Kind, OutboxMessage, Outcome, Share, Team, User
from dashboard.services import background
from dashboard.services.history import settled
from tests.fixtures_mail import MailServer
from tests.fixtures_people import share
from tests.fixtures_told import watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(viewer: User, team: Team, credential: Credential) -> User:
    """Victor, who has an address and sees Alice's credential."""
    share(credential, team)
    viewer.email = "victor@example.org"
    viewer.save()
    return viewer


def change_by(person: User, credential: Credential, command: str = "update") -> Change:
    change = Change.objects.create(
        user=person,
        person=person.get_username(),
        credential=credential,
        command=command,
        number_id=7,
        number="441632960123",
        reason="moved to the new PBX",
    )
    return settled(change, Outcome.APPLIED, "")


def later() -> None:
    """A minute passes."""
    OutboxMessage.objects.exclude(done_at=None).update(done_at=timezone.now() - timedelta(minutes=2))


def test_a_letter_says_what_happened_and_leads_there(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    change_by(person, credential)

    background.one_round()

    (letter,) = mails.messages
    assert letter["To"] == "victor@example.org"
    assert letter["Subject"] == "[e164web] alice changed a record of +44 1632 960123. moved to the new PBX"
    assert f"/credentials/{credential.pk}/numbers/7/" in letter.get_content()
    assert "/watches/" in letter.get_content()


def test_a_letter_is_in_the_language_and_the_time_zone_of_its_reader(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    reader.language, reader.time_zone = "de", "Asia/Tokyo"
    reader.save()
    watch(reader, credential, Kind.SEEN, email=Email.NOW)
    looked = timezone.now().replace(year=2026, month=3, day=1, hour=20, minute=5)
    seen = Change.objects.create(
        credential=credential, command="seen", number_id=7, number="441632960123", looked_at=looked
    )
    settled(seen, Outcome.APPLIED, "")

    background.one_round()

    assert "02.03.2026, 05:05" in mails.messages[0].get_content()
    assert "JST" in mails.messages[0].get_content()


def test_what_comes_together_goes_in_one_letter_and_what_comes_after_waits_a_minute(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    for _ in range(3):
        change_by(person, credential)
    background.one_round()
    change_by(person, credential, "delete")
    background.one_round()
    assert [letter["Subject"] for letter in mails.messages] == ["[e164web] 3 messages"]

    later()
    background.one_round()
    assert len(mails.messages) == 2
    assert "deleted a record" in mails.messages[1]["Subject"]


def test_a_digest_waits_for_the_morning_and_has_everything(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.DAILY)
    change_by(person, credential)
    change_by(person, credential)
    background.one_round()
    assert mails.messages == []

    OutboxMessage.objects.update(due_at=timezone.now())
    background.one_round()
    assert [letter["Subject"] for letter in mails.messages] == ["[e164web] 2 messages"]


def test_who_may_not_see_the_credential_any_more_is_told_nothing(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    change_by(person, credential)
    Share.objects.all().delete()

    background.one_round()

    assert mails.messages == []
    assert OutboxMessage.objects.get().fate == Fate.DROPPED


@pytest.mark.parametrize("lacks", [{"email": ""}, {"is_active": False}, {"email_notices": False}])
def test_who_has_no_address_or_wants_no_letters_gets_none(
    person: User, reader: User, credential: Credential, mails: MailServer, lacks: dict[str, Any]
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    change_by(person, credential)
    User.objects.filter(pk=reader.pk).update(**lacks)

    background.one_round()

    assert mails.messages == []


@pytest.mark.usefixtures("no_mails")
def test_a_mail_server_that_is_down_is_tried_again_later(
    person: User, reader: User, credential: Credential, settings: Any
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    change_by(person, credential)

    background.one_round()

    message = OutboxMessage.objects.get()
    assert (message.fate, message.attempts) == (Fate.WAITING, 1)
    assert message.due_at > timezone.now()
    OutboxMessage.objects.update(due_at=timezone.now(), first_tried_at=timezone.now() - timedelta(days=3))
    background.one_round()
    assert OutboxMessage.objects.get().fate == Fate.GIVEN_UP


def test_names_cannot_add_headers_to_a_letter(
    person: User, reader: User, credential: Credential, mails: MailServer
) -> None:
    watch(reader, credential, Kind.CHANGED, email=Email.NOW)
    User.objects.filter(pk=person.pk).update(username="x\r\nBcc: all@example.org")
    person.refresh_from_db()
    change_by(person, credential)

    background.one_round()

    assert mails.messages[0]["Bcc"] is None


def test_what_one_form_did_to_hundreds_of_numbers_is_one_letter(reader: User, mails: MailServer) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(key=f"test {number}", event=Event.TEST, user=reader) for number in range(300)
    )
    background.one_round()
    later()
    background.one_round()
    (letter,) = mails.messages
    assert letter["Subject"] == "[e164web] 300 messages"

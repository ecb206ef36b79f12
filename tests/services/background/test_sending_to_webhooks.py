"""A webhook gets every message at least once, signed; and what it does not take comes again, for three days."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from dashboard import vault
from dashboard.models import Change, Credential, Fate, Kind, OutboxMessage, Outcome, Share, Team, User, Webhook
from dashboard.protocol import RecordState
from dashboard.registry import store
from dashboard.registry.models import Account, Number, RawRecord
from dashboard.services import background, telling
from dashboard.services.background import sending
from dashboard.services.history import settled
from tests.fixtures_mail import MailServer
from tests.fixtures_people import share
from tests.fixtures_told import watch
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db

Hook = tuple[Webhook, str]


def change_by(person: User, credential: Credential, hostdata: str = "a@example.org") -> Change:
    """A change that took effect just now: a record added to a number."""
    change = Change.objects.create(
        user=person,
        person=person.get_username(),
        credential=credential,
        credential_label=credential.label,
        command="new",
        number_id=7,
        number="441632960123",
        after=[],
        reason="moved",
    )
    return settled(change, Outcome.APPLIED, "")


def let_the_pause_pass() -> None:
    past = timezone.now() - timedelta(seconds=1)
    OutboxMessage.objects.filter(fate=Fate.WAITING).update(due_at=past)
    Webhook.objects.update(due_at=past)


def test_a_receiver_that_fails_twice_gets_a_signature_that_verifies(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, credential, Kind.CHANGED)
    receiver.statuses = [500, 503]
    change = change_by(stranger, credential)

    for _ in range(3):
        background.one_round()
        let_the_pause_pass()

    assert len(receiver.got) == 3
    assert len({got.id for got in receiver.got}) == 1
    payload = receiver.got[-1].verified_with(webhook[1])
    assert payload["type"] == "number.changed"
    assert payload["data"]["change"]["id"] == change.pk
    assert payload["data"]["number"] == {"id": 7, "digits": "441632960123"}
    assert payload["data"]["text"].startswith("mallory added a record to +44")
    assert payload == receiver.got[0].verified_with(webhook[1])
    message = OutboxMessage.objects.get()
    assert message.fate == Fate.TOLD
    assert list(message.deliveries.values_list("attempt", "status")) == [(3, 204), (2, 503), (1, 500)]


def test_after_a_failure_nothing_is_sent_before_the_pause_is_over(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, credential, Kind.CHANGED)
    receiver.statuses = [500]
    change_by(stranger, credential)
    background.one_round()
    change_by(stranger, credential)

    background.one_round()

    assert len(receiver.got) == 1


def test_while_a_secret_is_replaced_both_are_good_for_a_day_and_then_the_new_one_alone(
    person: User, credential: Credential, receiver: Receiver, webhook: Hook
) -> None:
    new = telling.replace_secret(person, webhook[0].pk)
    telling.send_test(person, webhook[0].pk)
    background.one_round()
    for secret in (webhook[1], new):
        assert receiver.got[0].verified_with(secret)["type"] == "webhook.test"

    webhook[0].secrets.exclude(ends_at=None).update(ends_at=timezone.now() - timedelta(seconds=1))
    telling.send_test(person, webhook[0].pk)
    background.one_round()
    assert receiver.got[1].verified_with(new)
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].verified_with(webhook[1])


def test_no_secret_is_in_the_database_as_it_is(webhook: Hook) -> None:
    (row,) = webhook[0].secrets.all()
    assert webhook[1] not in row.sealed
    assert vault.unseal(row) == webhook[1]


def test_after_three_days_without_success_a_webhook_is_switched_off_and_its_owner_is_told(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: Hook, mails: MailServer
) -> None:
    person.email = "alice@example.org"
    person.save()
    watch(person, credential, Kind.CHANGED)
    receiver.statuses = [500, 500]
    change_by(stranger, credential)
    background.one_round()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    let_the_pause_pass()

    background.one_round()
    background.one_round()

    stored = Webhook.objects.get()
    assert not stored.is_on
    assert stored.why_off == "it took no message for three days."
    assert OutboxMessage.objects.get(webhook=stored).fate == Fate.GIVEN_UP
    assert "is switched off" in mails.messages[-1].get_content()
    change_by(stranger, credential)
    background.one_round()
    assert len(receiver.got) == 2


def test_a_receiver_that_says_that_it_is_gone_is_switched_off_at_once(
    person: User, receiver: Receiver, webhook: Hook
) -> None:
    receiver.statuses = [410]
    telling.send_test(person, webhook[0].pk)
    background.one_round()
    assert not Webhook.objects.get().is_on


def test_one_message_that_is_never_taken_does_not_keep_others_from_coming(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, credential, Kind.CHANGED)
    receiver.statuses = [400]
    change_by(stranger, credential)
    background.one_round()
    change_by(stranger, credential)
    Webhook.objects.update(due_at=timezone.now())

    background.one_round()

    assert OutboxMessage.objects.filter(fate=Fate.TOLD).count() == 1
    assert Webhook.objects.get().failing_since is None


def test_others_have_their_turn_after_a_webhook_that_takes_its_time(
    person: User, receiver: Receiver, webhook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURN", 0.0)
    telling.send_test(person, webhook[0].pk)
    telling.send_test(person, webhook[0].pk)
    background.one_round()
    assert len(receiver.got) == 1
    background.one_round()
    assert len(receiver.got) == 2


def test_who_lost_the_credential_is_told_no_more_even_of_what_happened_before(
    person: User, viewer: User, team: Team, credential: Credential, receiver: Receiver
) -> None:
    share(credential, team)
    telling.add_webhook(viewer, receiver.address, team=None)
    watch(viewer, credential, Kind.CHANGED)
    change_by(person, credential)
    Share.objects.all().delete()

    background.one_round()

    assert receiver.got == []
    assert OutboxMessage.objects.get().fate == Fate.DROPPED


def test_a_webhook_of_a_team_is_told_while_the_team_has_the_credential(
    person: User, team: Team, credential: Credential, receiver: Receiver
) -> None:
    shared = share(credential, team)
    telling.add_webhook(person, receiver.address, team=team.pk)
    watch(person, credential, Kind.CHANGED, team=team.pk)
    change_by(person, credential)
    background.one_round()
    assert len(receiver.got) == 1

    change_by(person, credential)
    shared.delete()
    background.one_round()
    assert len(receiver.got) == 1


def test_what_was_told_can_be_sent_again_with_the_same_id(person: User, receiver: Receiver, webhook: Hook) -> None:
    telling.send_test(person, webhook[0].pk)
    background.one_round()
    telling.send_again(person, webhook[0].pk, OutboxMessage.objects.get().pk)

    background.one_round()

    first, second = receiver.got
    assert first.id == second.id
    assert second.verified_with(webhook[1]) == first.verified_with(webhook[1])


def test_an_address_that_is_allowed_no_longer_gets_nothing(
    person: User, receiver: Receiver, webhook: Hook, settings: Any
) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, webhook_networks=[])
    telling.send_test(person, webhook[0].pk)

    background.one_round()

    assert receiver.got == []
    assert OutboxMessage.objects.get().deliveries.get().problem == "address"


def test_a_number_that_a_telephone_system_can_no_longer_call_is_told(
    person: User, stranger: User, credential: Credential, receiver: Receiver, webhook: Hook
) -> None:
    watch(person, credential, Kind.WORSE)
    number = Number(account=Account.objects.get(), country="49", local="209999999")
    store.save_number(number)
    store.save_raw(RawRecord(number=number, service="E2U+web:http", regexp="!^.*$!http://example.org/!"))
    record = RecordState(id=1, preference=10, service="SIP", hostdata="a@example.org")

    def come_and_go() -> None:
        for command, before, after in (("new", [], [record]), ("delete", [record], [])):
            change = Change.objects.create(
                user=stranger,
                person="mallory",
                credential=credential,
                command=command,
                number_id=number.pk,
                number=number.digits,
                record_id=1,
                before=before,
                after=after,
            )
            settled(change, Outcome.APPLIED, "")
        background.one_round()

    come_and_go()

    (got,) = receiver.got
    payload = got.verified_with(webhook[1])
    assert payload["type"] == "number.unreachable"
    assert {"system": "kamailio", "code": "number"} in payload["data"]["losses"]
    assert payload["data"]["raws"] == ['100 10 "u" "E2U+web:http" "!^.*$!http://example.org/!" .']
    assert "Raw records of an administrator count there too: 100 10" in payload["data"]["text"]
    assert set(OutboxMessage.objects.values_list("fate", flat=True)) == {Fate.TOLD, Fate.DROPPED}

    # With a raw record that is dialled, the number can still be called.
    RawRecord.objects.update(service="E2U+sip", regexp="!^.*$!sip:night@example.org!")
    come_and_go()
    assert len(receiver.got) == 1

"""Webhooks on pages: added once it is clear who asks, their secret shown once, and what was sent, sent again."""

import re

import pytest
from django.test import Client as Browser

from dashboard.models import (
    AuditEvent,
    Change,
    Credential,
    Kind,
    OutboxMessage,
    Outcome,
    Share,
    Team,
    User,
    Webhook,
    WebhookSecret,
)
from dashboard.services import background, telling
from dashboard.services.history import settled
from dashboard.services.telling.receiving import MOST
from tests.fixtures_people import share
from tests.fixtures_told import watch
from tests.receiver import Receiver
from tests.second_factors import age
from tests.web.views.pages import text_of

pytestmark = pytest.mark.django_db

Hook = tuple[Webhook, str]
ADD = "/watches/webhooks/add/"
PUBLIC = "https://hooks.example.org/e164web"


def secret_in(answer: object) -> str:
    found = re.search(r'id="webhook-secret">(whsec_[^<]+)<', answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_a_webhook_is_added_and_its_secret_is_shown_once(alice: Browser) -> None:
    answer = alice.post(ADD, {"address": PUBLIC})

    secret = secret_in(answer)
    made = Webhook.objects.get()
    assert made.address == PUBLIC
    assert "no-store" in answer["Cache-Control"]
    for page in ("/watches/", f"/watches/webhooks/{made.pk}/"):
        assert secret not in alice.get(page).content.decode()
        assert PUBLIC in text_of(alice.get(page))
    assert AuditEvent.objects.get(event="webhook.added").words == PUBLIC
    assert secret not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/",
        "https://",
        "https://u:p@hooks.example.org/",
        "https://hooks.example.org/#x",
        "https://höoks.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/",
        "https://10.0.0.1/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org/a b",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_may_not_be_spoken_to_is_refused_at_once(alice: Browser, address: str) -> None:
    answer = alice.post(ADD, {"address": address})
    assert answer.status_code == 422
    assert not Webhook.objects.exists()


def test_nobody_has_more_than_ten(alice: Browser, person: User) -> None:
    for number in range(MOST):
        telling.add_webhook(person, f"{PUBLIC}/{number}", team=None)
    answer = alice.post(ADD, {"address": PUBLIC})
    assert answer.status_code == 422
    assert Webhook.objects.count() == MOST


@pytest.mark.parametrize("action", ["", "secret/", "switch/", "test/", "remove/"])
def test_who_signed_in_long_ago_confirms_who_they_are_first(alice: Browser, webhook: Hook, action: str) -> None:
    age(alice)
    address = f"/watches/webhooks/{webhook[0].pk}/{action}" if action else ADD
    answer = alice.post(address, {"address": PUBLIC, "on": "0"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Webhook.objects.get().is_on


def test_the_log_shows_what_was_sent_and_send_again_sends_it_again(
    alice: Browser, receiver: Receiver, webhook: Hook
) -> None:
    page = f"/watches/webhooks/{webhook[0].pk}/"
    receiver.statuses = [500]
    alice.post(f"{page}test/")
    background.one_round()
    assert "500" in text_of(alice.get(page))
    message = OutboxMessage.objects.get()

    answer = alice.post(f"{page}again/{message.pk}/", follow=True)
    background.one_round()

    assert "It is sent again" in text_of(answer)
    assert [got.id for got in receiver.got] == [f"msg_{message.uid.hex}"] * 2
    assert "204" in text_of(alice.get(page))


def test_the_secret_is_replaced(alice: Browser, webhook: Hook) -> None:
    new = secret_in(alice.post(f"/watches/webhooks/{webhook[0].pk}/secret/"))
    assert new != webhook[1]
    assert WebhookSecret.objects.count() == 2
    assert "The old secret signs too until" in text_of(alice.get(f"/watches/webhooks/{webhook[0].pk}/"))


def test_a_webhook_is_switched_off_and_on_and_removed(alice: Browser, webhook: Hook, receiver: Receiver) -> None:
    page = f"/watches/webhooks/{webhook[0].pk}/"
    alice.post(f"{page}switch/", {"on": "0"})
    assert "switch it on first" in text_of(alice.post(f"{page}test/", follow=True))
    background.one_round()
    assert receiver.got == []
    alice.post(f"{page}switch/", {"on": "1"})
    alice.post(f"{page}test/")
    background.one_round()
    assert len(receiver.got) == 1

    alice.post(f"{page}remove/")
    assert not Webhook.objects.exists()
    assert alice.get(page).status_code == 404


def test_a_team_webhook_is_managed_by_managers_and_seen_by_members(
    alice: Browser, viewer: User, team: Team, mallory: Browser
) -> None:
    alice.post(ADD, {"address": PUBLIC, "team": str(team.pk)})
    made = Webhook.objects.get()
    assert made.team == team
    page = f"/watches/webhooks/{made.pk}/"
    victor = Browser()
    victor.force_login(viewer)

    assert PUBLIC in text_of(victor.get(page))
    for action in ("secret/", "switch/", "test/", "remove/"):
        assert victor.post(f"{page}{action}").status_code == 403
        assert mallory.post(f"{page}{action}").status_code == 404
    assert mallory.get(page).status_code == 404
    assert f"{page}secret/" not in victor.get(page).content.decode()


def test_a_message_of_another_webhook_is_not_sent_again(alice: Browser, stranger: User, webhook: Hook) -> None:
    others, _secret = telling.add_webhook(stranger, PUBLIC, team=None)
    telling.send_test(stranger, others.pk)
    theirs = OutboxMessage.objects.get()
    assert alice.post(f"/watches/webhooks/{webhook[0].pk}/again/{theirs.pk}/").status_code == 404
    assert alice.post(f"/watches/webhooks/{others.pk}/again/{theirs.pk}/").status_code == 404


def test_who_lost_the_credential_does_not_see_what_happens_with_it_in_the_list_of_messages(
    viewer: User, team: Team, credential: Credential
) -> None:
    share(credential, team)
    theirs, _secret = telling.add_webhook(viewer, PUBLIC, team=None)
    watch(viewer, credential, Kind.CHANGED)
    page = f"/watches/webhooks/{theirs.pk}/"
    victor = Browser()
    victor.force_login(viewer)
    change = Change.objects.create(credential=credential, command="delete", number_id=7, number="441632960123")
    settled(change, Outcome.APPLIED, "")
    assert "1632 960123" in text_of(victor.get(page))

    Share.objects.all().delete()

    assert "1632 960123" not in text_of(victor.get(page))
    assert victor.post(f"{page}again/{OutboxMessage.objects.get().pk}/").status_code == 404


def test_one_that_was_switched_off_says_so_on_the_page_of_watches(alice: Browser, webhook: Hook) -> None:
    Webhook.objects.update(is_on=False, why_off="it took no message for three days.")
    assert "is switched off: it took no message for three days." in text_of(alice.get("/watches/"))

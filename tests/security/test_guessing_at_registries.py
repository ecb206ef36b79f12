"""Guessing the passwords of accounts at registries, and what that does to the owners of those accounts."""

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Registry, User
from dashboard.registry.auth import FAILURES_PER_LOGIN, good_logins
from dashboard.registry.models import Account, LoginFailure
from tests.security.evil_registry import EvilRegistry

ADD = "/credentials/add/"
TRIES = 20  # passwords that one person may try in ten minutes


def try_password(browser: Browser, registry: Registry, place: int, username: str = "alice") -> int:
    data = {
        "registry": registry.pk,
        "username": username,
        "password": f"guess {place}",
        "label": f"{place}",
        "keep": "1",
    }
    return browser.post(ADD, data).status_code


def guess(browser: Browser, credential: Credential, times: int) -> list[int]:
    """Try one password after the other for a credential of one's own."""
    address = f"/credentials/{credential.pk}/"
    return [browser.post(address, {"password": f"guess {place}"}).status_code for place in range(times)]


@pytest.fixture
def at_alices(mallory: Browser, stranger: User, embedded: Registry, account: Account) -> Credential:
    """Mallory's own credential, with the name of Alice's account."""
    assert try_password(mallory, embedded, 0) == 302
    return Credential.objects.get(user=stranger)


def test_guesses_through_the_dashboard_do_not_keep_the_owner_out(
    alice: Browser, credential: Credential, mallory: Browser, at_alices: Credential
) -> None:
    guess(mallory, at_alices, FAILURES_PER_LOGIN + 5)
    good_logins.clear()  # as after a restart, or when nobody looked for a while
    assert alice.get(f"/credentials/{credential.pk}/numbers/").status_code == 200


def test_guesses_at_the_registrys_own_address_do_not_shut_the_dashboard_out(
    alice: Browser, credential: Credential, anonymous: Browser
) -> None:
    for place in range(FAILURES_PER_LOGIN + 5):
        body = f"version=1&command=ping&username=alice&password=guess{place}"
        anonymous.post("/e164/api", body, content_type="application/x-www-form-urlencoded")
    assert LoginFailure.objects.count() == FAILURES_PER_LOGIN
    good_logins.clear()
    assert alice.get(f"/credentials/{credential.pk}/numbers/").status_code == 200


def test_nobody_can_try_passwords_without_end(mallory: Browser, at_alices: Credential) -> None:
    answers = guess(mallory, at_alices, TRIES + 5)
    assert answers == [422] * (TRIES - 1) + [429] * 6  # the first try was when it was added


def test_what_is_over_the_limit_is_not_sent_and_changes_nothing(
    alice: Browser, at_evil: Credential, evil: EvilRegistry
) -> None:
    guess(alice, at_evil, TRIES)
    asked = len(evil.received)
    sealed = Credential.objects.get().sealed
    assert guess(alice, at_evil, 1) == [429]
    assert try_password(alice, at_evil.registry, 1, "another") == 429
    assert len(evil.received) == asked
    assert Credential.objects.get().sealed == sealed


def test_one_persons_tries_do_not_count_against_another(
    alice: Browser, credential: Credential, mallory: Browser, at_alices: Credential
) -> None:
    guess(mallory, at_alices, TRIES)
    assert guess(alice, credential, 1) == [422]


def test_looking_and_checking_are_not_limited(alice: Browser, credential: Credential) -> None:
    for _ in range(TRIES + 5):
        assert alice.get(f"/credentials/{credential.pk}/").status_code == 200
        assert alice.get(ADD).status_code == 200
    assert alice.post(f"/credentials/{credential.pk}/check/").status_code == 302

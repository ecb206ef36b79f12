"""What happens on allauth's pages and in the admin is noted, and nothing secret of it."""

from typing import Any

import pytest
from allauth.account import signals as account
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client as Browser

from dashboard.models import AuditEvent, Credential, Registry, User
from dashboard.registry.models import Account, Zone
from dashboard.services import audit
from tests.fixtures_audit import events, last
from tests.fixtures_people import PASSWORD, REGISTRY_PASSWORD

pytestmark = pytest.mark.usefixtures("trail")

LOGIN = "/accounts/login/"
PEOPLE = "/admin/dashboard/user/"


@pytest.fixture(autouse=True)
def _no_guesses_yet() -> None:
    cache.clear()


@pytest.fixture
def admin(trail: None, admin_user: User) -> Browser:
    """An administrator's browser."""
    browser = Browser()
    browser.force_login(admin_user)
    return browser


def sign_in(login: str = "alice", password: str = PASSWORD, address: str = "192.0.2.9") -> Browser:
    browser = Browser()
    browser.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)
    return browser


def test_signing_in_and_out_is_noted_with_how_and_from_where(person: User) -> None:
    browser = sign_in()
    browser.post("/accounts/logout/", REMOTE_ADDR="192.0.2.10")

    assert events() == ["sign-in", "sign-out"]
    came, went = AuditEvent.objects.order_by("number")
    assert (came.by, came.by_name, came.address, came.words) == (person, "alice", "192.0.2.9", "password")
    assert (went.by_name, went.address) == ("alice", "192.0.2.10")


def test_a_wrong_password_is_noted_with_the_name_and_never_with_the_password(person: User) -> None:
    sign_in("Alice", "guessed wrong")
    assert (last().event, last().by, last().about, last().words) == ("sign-in.failed", None, person, "Alice")
    assert not AuditEvent.objects.filter(words__contains="guessed").exists()


@pytest.mark.parametrize("typed", ["nobody", "\u202enobody\x07", "n" * 149])
def test_a_name_that_nobody_has_is_noted_too(typed: str) -> None:
    sign_in(typed, "guessed")
    assert last().about is None
    assert last().words == typed.replace("\u202e", "\\u202e").replace("\x07", "\\x07")


def test_a_guesser_writes_no_more_than_the_limits_let_them_guess(person: User) -> None:
    for _ in range(25):
        sign_in(password="guessed wrong")
    assert events() == ["sign-in.failed"] * 10


def test_a_password_that_is_not_confirmed_is_no_sign_in(person: User) -> None:
    browser = Browser()
    browser.force_login(person)
    browser.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert (last().event, last().by) == ("identity.failed", person)


def test_another_password_is_noted(person: User) -> None:
    browser = sign_in()
    new = "another long password"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert events() == ["sign-in", "password.changed"]


def test_what_allauth_says_of_addresses_is_noted(person: User, rf: Any) -> None:
    old, new = (EmailAddress(user=person, email=f"{name}@example.org") for name in ("old", "new"))
    sent = {"request": rf.get("/"), "user": person}
    account.email_added.send(EmailAddress, email_address=new, **sent)
    account.email_confirmed.send(EmailAddress, request=sent["request"], email_address=new)
    account.email_changed.send(EmailAddress, from_email_address=old, to_email_address=new, **sent)
    account.email_removed.send(EmailAddress, email_address=old, **sent)
    account.password_reset.send(User, **sent)
    assert list(AuditEvent.objects.order_by("number").values_list("event", "by_name", "words")) == [
        ("email.added", "alice", "new@example.org"),
        ("email.confirmed", "alice", "new@example.org"),
        ("email.changed", "alice", "old@example.org > new@example.org"),
        ("email.removed", "alice", "old@example.org"),
        ("password.reset", "alice", ""),
    ]


def test_people_made_changed_and_deleted_in_the_admin_are_noted_with_their_rights(
    admin: Browser, person: User
) -> None:
    new = "a long password of robert"
    admin.post(f"{PEOPLE}add/", {"username": "robert", "usable_password": "true", "password1": new, "password2": new})
    assert (last().event, last().by_name, last().about_name) == ("person.made", "admin", "robert")

    robert = User.objects.get(username="robert")
    fields = {"username": "robert", "is_active": "on", "is_staff": "on"}
    dates = {"last_login_0": "", "last_login_1": ""}
    admin.post(f"{PEOPLE}{robert.pk}/change/", fields | dates)
    assert (last().event, last().about) == ("person.changed", robert)
    assert last().words == "Staff status; now: is_active, is_staff"

    admin.post(f"{PEOPLE}{robert.pk}/password/", {"usable_password": "true", "password1": new, "password2": new})
    assert last().words == "password; now: is_active, is_staff"

    admin.post(f"{PEOPLE}{robert.pk}/delete/", {"post": "yes"})
    assert (last().event, last().about, last().about_name) == ("person.deleted", None, "robert")
    assert not AuditEvent.objects.filter(words__contains=new).exists()


def test_all_that_are_deleted_together_are_named(admin: Browser) -> None:
    made = [Registry.objects.create(name=f"No. {n}", url=f"https://{n}.example/") for n in range(3)]
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in made], "post": "yes"}
    admin.post("/admin/dashboard/registry/", chosen)

    assert not Registry.objects.exists()
    deleted = AuditEvent.objects.filter(event="admin.deleted").values_list("words", flat=True)
    assert sorted(deleted) == sorted(f"registry {one.pk} “No. {n}”" for n, one in enumerate(made))


def test_what_is_changed_in_the_embedded_registry_is_noted_without_its_secrets(
    admin: Browser, account: Account
) -> None:
    page = f"/admin/registry/account/{account.pk}/change/"
    no_ranges = {"ranges-TOTAL_FORMS": "0", "ranges-INITIAL_FORMS": "0"}
    admin.post(page, {"username": "alice", "new_password": "a new secret of the account", **no_ranges})
    assert last().event == "admin.changed"
    assert last().words.startswith(f"account {account.pk} “alice”: ")
    assert "secret" not in last().words


def test_who_takes_the_zone_file_is_noted(admin: Browser) -> None:
    zone = Zone.current()
    b"".join(admin.get(f"/admin/registry/zone/{zone.pk}/file/"))
    assert (last().event, last().by_name, last().words) == ("export.zone", "admin", zone.origin)


def test_credentials_are_noted_without_their_passwords(
    person: User, embedded: Registry, account: Account, alice: Browser
) -> None:
    typed = {"registry": embedded.pk, "username": "alice", "label": "Mine", "password": REGISTRY_PASSWORD}
    alice.post("/credentials/add/", typed)
    made = Credential.objects.get()
    assert (last().event, last().by, last().credential) == ("credential.added", person, made)
    alice.post(f"/credentials/{made.pk}/", {"password": REGISTRY_PASSWORD})
    assert last().event == "credential.password"
    alice.post(f"/credentials/{made.pk}/delete/")
    assert (last().event, last().credential, last().credential_name) == ("credential.removed", None, "Mine")
    assert last().words == "alice, This registry"
    assert not AuditEvent.objects.filter(words__contains=REGISTRY_PASSWORD).exists()
    assert audit.verify().count == AuditEvent.objects.count()

"""Addresses, forgotten passwords and signing up, with a real mail server and one that is down."""

import dataclasses
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import pre_save
from django.test import Client as Browser

from dashboard.models import User
from tests.fixtures_mail import MailServer
from tests.fixtures_people import PASSWORD
from tests.second_factors import set_up_app
from tests.web.views.pages import elements_of, errors_of, form_to, text_of

FORGOTTEN, SIGN_UP, SIGN_IN, EMAIL = (f"/accounts/{path}/" for path in ("password/reset", "signup", "login", "email"))
NEW = "an entirely new one 77"
BOTH = {"password1": NEW, "password2": NEW}


@pytest.fixture
def reachable(person: User) -> User:
    """Alice, with an address that an administrator wrote down."""
    person.email = "alice@example.org"
    person.save()
    return person


@pytest.fixture
def open_to_some(settings: Any) -> None:
    """Whoever has an address there may sign up."""
    settings.E164WEB = dataclasses.replace(settings.E164WEB, signup_domains=["example.org"])


def follow(browser: Browser, link: str) -> Any:
    """Open the link of a mail, which names the site and not what the request named."""
    assert link.startswith("http://127.0.0.1:8000/accounts/")
    return browser.get(urlsplit(link).path, follow=True)


def test_a_forgotten_password_is_replaced_by_mail_once(
    anonymous: Browser, alice: Browser, reachable: User, mails: MailServer
) -> None:
    sent = form_to(anonymous.get(FORGOTTEN, headers={"host": "localhost:666"}), FORGOTTEN).submit(
        anonymous, email="alice@example.org"
    )
    assert sent["Location"] == f"{FORGOTTEN}done/"
    assert mails.messages[-1]["To"] == "alice@example.org"
    assert "alice" in mails.messages[-1].get_content()

    link = mails.link()
    form = form_to(
        follow(anonymous, link), urlsplit(link).path.rpartition("-")[0].rpartition("-")[0] + "-set-password/"
    )
    assert form.submit(anonymous, **BOTH).status_code == 302
    reachable.refresh_from_db()
    assert reachable.check_password(NEW)
    assert alice.get("/credentials/").status_code == 302
    assert "does not work any more" in text_of(follow(Browser(), link))


def test_a_new_address_that_is_not_verified_yet_resets_no_password(
    alice: Browser, reachable: User, mails: MailServer
) -> None:
    alice.get(EMAIL)  # which makes the address that an administrator wrote down one that waits to be verified
    Browser().post(FORGOTTEN, {"email": "alice@example.org"})
    assert "/accounts/password/reset/key/" in mails.messages[-1].get_content()

    alice.post(EMAIL, {"email": "mistyped@example.org", "action_add": "1"})
    Browser().post(FORGOTTEN, {"email": "mistyped@example.org"})
    assert mails.messages[-1]["To"] == "mistyped@example.org"
    assert "/accounts/password/reset/key/" not in mails.messages[-1].get_content()


def test_an_address_that_nobody_has_is_answered_alike(anonymous: Browser, reachable: User, mails: MailServer) -> None:
    known = anonymous.post(FORGOTTEN, {"email": "alice@example.org"}, follow=True)
    unknown = anonymous.post(FORGOTTEN, {"email": "nobody@example.org"}, follow=True)

    assert text_of(known) == text_of(unknown)
    assert "no account has the address" in " ".join(mails.messages[-1].get_content().split())
    assert len(mails.messages) == 2  # so that the time it takes tells nothing either


def test_without_a_mail_server_the_page_says_whom_to_ask(anonymous: Browser, reachable: User) -> None:
    page = anonymous.get(FORGOTTEN)

    assert "Ask an administrator" in text_of(page)
    assert not elements_of(page, "input")
    assert "Ask an administrator" in text_of(anonymous.post(FORGOTTEN, {"email": "alice@example.org"}))


def test_an_administrator_makes_a_link_that_works_once(
    anonymous: Browser, person: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_password", "alice")
    link = capsys.readouterr().out.strip()

    page = follow(anonymous, link)
    (form,) = [given for given in elements_of(page, "form") if given["action"].endswith("-set-password/")]
    assert anonymous.post(form["action"], BOTH).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert "does not work any more" in text_of(follow(Browser(), link))


def test_a_link_expires(anonymous: Browser, person: User, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_password", "alice")
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "does not work any more" in text_of(follow(anonymous, capsys.readouterr().out.strip()))


def test_a_mail_server_that_is_down_is_said_and_tells_nobody_who_has_an_account(
    anonymous: Browser, reachable: User, no_mails: None
) -> None:
    answers = [anonymous.post(FORGOTTEN, {"email": f"{name}@example.org"}) for name in ("alice", "nobody")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert text_of(answers[0]) == text_of(answers[1])
    assert "No mail went out" in text_of(answers[0])


@pytest.mark.django_db(transaction=True)
def test_what_is_done_is_done_although_no_mail_tells_of_it(alice: Browser, reachable: User, no_mails: None) -> None:
    set_up_app(alice)

    assert "No mail about it went out" in text_of(alice.get("/accounts/2fa/recovery-codes/"))


@pytest.mark.django_db(transaction=True)
def test_a_new_factor_is_told_by_mail(alice: Browser, reachable: User, mails: MailServer) -> None:
    set_up_app(alice)

    assert mails.messages[-1]["To"] == "alice@example.org"
    assert "If this was not you" in mails.messages[-1].get_content()


def test_an_address_counts_once_it_is_verified(alice: Browser, person: User, mails: MailServer) -> None:
    for address in ("first@example.org", "second@example.org"):
        form_to(alice.get(EMAIL), EMAIL)
        assert alice.post(EMAIL, {"email": address, "action_add": "1"}).status_code == 302
        assert f"{address} is not verified yet" in text_of(alice.get("/accounts/")) or address.startswith("second")
        link = mails.link()
        form_to(follow(alice, link), urlsplit(link).path).submit(alice)
        person.refresh_from_db()
        assert person.email == address
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified")) == [
        ("second@example.org", True)
    ]
    assert mails.messages[-1]["To"] == "first@example.org"  # which is told of it


def test_an_address_of_somebody_else_is_not_told_from_a_free_one(
    alice: Browser, stranger: User, mails: MailServer
) -> None:
    stranger.email = "mallory@example.org"
    stranger.save()
    taken = alice.post(EMAIL, {"email": "mallory@example.org", "action_add": "1"}, follow=True)
    free = alice.post(EMAIL, {"email": "free@example.org", "action_add": "1"}, follow=True)

    assert text_of(taken).replace("mallory@example.org", "free@example.org") == text_of(free)


def test_whoever_signs_up_verifies_the_address_first(
    anonymous: Browser, db: None, mails: MailServer, open_to_some: None
) -> None:
    form = form_to(anonymous.get(SIGN_UP), SIGN_UP)
    assert form.submit(anonymous, email="eve@example.org", **BOTH)["Location"] == "/accounts/confirm-email/"
    early = Browser().post(SIGN_IN, {"login": "eve@example.org", "password": NEW})
    assert early["Location"] == "/accounts/confirm-email/"

    link = mails.link()
    done = form_to(follow(anonymous, link), urlsplit(link).path).submit(anonymous)
    assert done["Location"] == SIGN_IN
    assert Browser().post(SIGN_IN, {"login": "eve@example.org", "password": NEW})["Location"] == "/"


@pytest.mark.parametrize(
    "address", ["eve@example.com", "eve@sub.example.org", "eve@notexample.org", "eve@example.org.evil.example"]
)
def test_other_addresses_do_not_sign_up(
    anonymous: Browser, db: None, mails: MailServer, open_to_some: None, address: str
) -> None:
    page = anonymous.post(SIGN_UP, {"email": address, **BOTH})

    assert page.status_code == 422
    assert "Only addresses of example.org" in errors_of(page)[0]
    assert not User.objects.exists()
    assert not mails.messages


def test_signing_up_twice_at_one_instant_makes_one_account(
    anonymous: Browser, db: None, mails: MailServer, open_to_some: None
) -> None:
    def sooner(instance: User, **_: Any) -> None:
        pre_save.disconnect(sooner, User)
        User.objects.create_user("eve@example.org", "eve@example.org")

    pre_save.connect(sooner, User)
    with transaction.atomic():  # of the test's own, which the collision breaks
        answer = anonymous.post(SIGN_UP, {"email": "eve@example.org", **BOTH})
        transaction.set_rollback(True)

    assert answer["Location"] == "/accounts/confirm-email/"


@pytest.mark.parametrize("name", ["alice", "alice@example.org"])
def test_signing_up_with_an_address_that_is_taken_looks_the_same(
    anonymous: Browser, reachable: User, mails: MailServer, open_to_some: None, name: str
) -> None:
    User.objects.filter(pk=reachable.pk).update(username=name)
    taken = anonymous.post(SIGN_UP, {"email": "alice@example.org", **BOTH}, follow=True)
    assert "has this address already" in " ".join(mails.messages[-1].get_content().split())
    free = Browser().post(SIGN_UP, {"email": "free@example.org", **BOTH}, follow=True)

    assert text_of(taken).replace("alice@", "free@") == text_of(free)
    assert User.objects.filter(email="alice@example.org").count() == 1


def test_an_account_of_an_administrators_making_signs_in_without_a_verified_address(
    anonymous: Browser, reachable: User, mails: MailServer
) -> None:
    assert anonymous.post(SIGN_IN, {"login": "alice", "password": PASSWORD})["Location"] == "/"
    anonymous.get(EMAIL)  # which makes it one that waits to be verified
    assert Browser().post(SIGN_IN, {"login": "alice", "password": PASSWORD})["Location"] == "/"


def test_where_passwords_do_not_count_nobody_signs_up(
    anonymous: Browser, db: None, mails: MailServer, open_to_some: None, settings: Any
) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, local_login=False)
    anonymous.post(SIGN_UP, {"email": "eve@example.org", **BOTH})

    assert not User.objects.exists()
    assert not mails.messages


def test_signing_up_while_the_mail_server_is_down_can_be_gone_on_with(
    anonymous: Browser, db: None, no_mails: None, open_to_some: None, request: pytest.FixtureRequest
) -> None:
    page = anonymous.post(SIGN_UP, {"email": "eve@example.org", **BOTH})
    assert page.status_code == 503
    assert "No mail went out" in text_of(page)
    assert Browser().post(SIGN_IN, {"login": "eve@example.org", "password": NEW})["Location"] != "/"

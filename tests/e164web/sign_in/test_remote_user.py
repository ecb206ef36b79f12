"""A trusted proxy says who is signed in; nobody else can."""

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from dashboard.models import AuditEvent, User

PROXY, STRANGER = "192.0.2.1", "203.0.113.9"
Open = Callable[..., Browser]


@pytest.fixture
def behind(settings: Any, quick_hasher: None, db: None) -> Callable[..., Browser]:
    """A browser whose requests come from an address, with X-Remote-User."""
    settings.E164WEB = replace(
        settings.E164WEB, remote_user_header="X-Remote-User", trusted_proxies=[ipaddress.ip_network(PROXY)]
    )
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "e164web.sign_in.remote_user.RemoteUser"]
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "e164web.sign_in.remote_user.ProxyBackend"]

    def open_(name: str | None, peer: str = PROXY, **more: Any) -> Browser:
        if name is not None:
            more["HTTP_X_REMOTE_USER"] = name
        return Browser(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR="198.51.100.7", **more)

    return open_


def who(browser: Browser) -> str | None:
    page = browser.get("/history/")
    return page.context["user"].username if page.status_code == 200 else None


def test_whom_the_proxy_names_is_signed_in(behind: Open, person: User) -> None:
    assert who(behind("alice")) == "alice"


@pytest.mark.parametrize("peer", [STRANGER, "127.0.0.1", "::1", "192.0.2.2", ""])
def test_nobody_else_is_believed(behind: Open, person: User, peer: str) -> None:
    browser = behind("alice", peer)
    assert who(browser) is None
    assert browser.get("/accounts/login/").status_code == 200


def test_the_header_is_gone_for_everybody_behind(behind: Open, person: User) -> None:
    for peer in (PROXY, STRANGER):
        page = behind("alice", peer).get("/accounts/login/", follow=True)
        assert "HTTP_X_REMOTE_USER" not in page.wsgi_request.META
        assert "X-Remote-User" not in page.wsgi_request.headers


@pytest.mark.parametrize(
    "more", [{"REMOTE_USER": "alice"}, {"HTTP_REMOTE_USER": "alice"}, {"HTTP_E164WEB.REMOTE_USER": "alice"}]
)
def test_other_spellings_mean_nothing(behind: Open, person: User, more: dict[str, str]) -> None:
    assert who(behind(None, **more)) is None
    assert who(behind(None, STRANGER, **more)) is None


@pytest.mark.parametrize(
    "name", ["bob", "mallory,alice", "alice, alice", "(null)", "alice\x00", "a" * 200, "Alice", "alice bob", "<b>"]
)
@pytest.mark.parametrize("creates", [True, False])
def test_who_is_not_known_is_refused_with_a_sentence(
    behind: Open, person: User, settings: Any, name: str, creates: bool
) -> None:
    settings.E164WEB = replace(settings.E164WEB, remote_user_creates=creates)
    if creates and name in {"bob", "Alice"}:
        return
    page = behind(name).get("/history/")

    assert page.status_code == 403
    assert "which has no active user of that name" in page.content.decode()
    assert list(User.objects.all()) == [person]


def test_somebody_new_is_made_where_the_settings_say_so(behind: Open, settings: Any) -> None:
    settings.E164WEB = replace(settings.E164WEB, remote_user_creates=True)
    assert who(behind("Jürgen".encode().decode("latin-1"))) == "Jürgen"
    person = User.objects.get()
    assert not person.has_usable_password()
    assert not person.is_staff
    assert who(behind("Jürgen".encode().decode("latin-1"))) == "Jürgen"


def test_a_disabled_person_stays_out(behind: Open, person: User) -> None:
    User.objects.update(is_active=False)
    assert behind("alice").get("/history/").status_code == 403


def test_a_session_ends_when_the_proxy_names_nobody_any_more(behind: Open, person: User) -> None:
    browser = behind("alice")
    assert who(browser) == "alice"
    for name in (None, "", " "):
        later = behind(name)
        later.cookies = browser.cookies
        assert who(later) is None


def test_a_session_is_not_another_persons(behind: Open, person: User, stranger: User) -> None:
    browser = behind("alice")
    who(browser)
    later = behind("mallory")
    later.cookies = browser.cookies
    assert who(later) == "mallory"


def test_one_session_serves_many_requests_and_programs_get_none(behind: Open, person: User) -> None:
    browser = behind("alice")
    for _each in range(3):
        who(browser)
    assert Session.objects.count() == 1
    for path in ("/healthz", "/e164/api"):
        behind("alice").get(path)
    assert Session.objects.count() == 1


def test_a_local_session_ends_where_the_proxy_names_somebody_unknown(
    behind: Open, person: User, settings: Any
) -> None:
    browser = behind("bob")
    browser.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
    key = browser.session.session_key
    assert browser.get("/history/").status_code == 403
    assert not Session.objects.filter(pk=key).exists()


def test_unknown_names_fill_no_audit_trail(behind: Open, person: User) -> None:
    for _each in range(3):
        behind("bob").get("/history/")
    assert not AuditEvent.objects.exists()


def test_a_name_in_other_letters_makes_no_second_account(behind: Open, person: User, settings: Any) -> None:
    settings.E164WEB = replace(settings.E164WEB, remote_user_creates=True)
    browser = behind("Alice")
    assert [who(browser), who(browser)] == ["alice", "alice"]
    assert User.objects.get() == person
    assert Session.objects.count() == 1

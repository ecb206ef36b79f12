"""Invitations: made by a manager, opened by whoever has the link."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client as Browser

from dashboard.models import Invitation, Membership, Role, Team, User
from dashboard.services.people import closed_by
from tests.web.views.pages import errors_of, form_to, notices_of, text_of

BrowserOf = Callable[[User], Browser]
Invite = Callable[..., str]
NEW = {"username": "nina", "password1": "a long password of nina", "password2": "a long password of nina"}


@pytest.fixture
def address(team: Team) -> str:
    """Where Alice invites into the office."""
    return f"/teams/{team.pk}/invite/"


def link_in(page: Any) -> str:
    found = re.search(r'id="invitation-link">([^<]+)<', page.content.decode())
    assert found
    return found[1]


@pytest.fixture
def invite(alice: Browser, address: str) -> Invite:
    """Make an invitation: the path of its link."""

    def make(role: str = "editor", **typed: str) -> str:
        return urlsplit(link_in(alice.post(address, {"role": role, **typed}))).path

    return make


@pytest.fixture(autouse=True)
def _no_mail_server(settings: Any) -> Iterator[None]:
    before = getattr(settings.E164WEB, "mail_server", {})
    settings.E164WEB.mail_server = {}
    yield
    settings.E164WEB.mail_server = before


def test_the_whole_link_is_shown_once(alice: Browser, team: Team, address: str, settings: Any) -> None:
    page = form_to(alice.get(address), address).submit(alice, address, role="editor", email="nina@example.org")

    assert page.status_code == 200
    assert link_in(page).startswith(f"{settings.E164WEB.url.origin}/invitations/")
    assert notices_of(page) == ["No mail went out: this server sends none. Give the link on yourself."]
    team_page = alice.get(f"/teams/{team.pk}/")
    assert "nina@example.org editor" in text_of(team_page)
    assert "/invitations/1-" not in team_page.content.decode()


@pytest.mark.parametrize(
    "typed", [{"email": "nobody"}, {"role": "owner"}, {"email": "a@b.example\nBcc: c@d.example"}]
)
def test_what_cannot_be_comes_back(alice: Browser, address: str, typed: dict[str, str]) -> None:
    page = alice.post(address, {"role": "viewer"} | typed)

    assert page.status_code == 422
    assert errors_of(page)
    assert not Invitation.objects.exists()


def test_a_letter_is_sent_where_mail_is_set(alice: Browser, address: str, settings: Any) -> None:
    settings.E164WEB.mail_server = {"EMAIL_HOST": "mail.example"}
    page = alice.post(address, {"role": "viewer", "email": "nina@example.org"})

    assert notices_of(page) == ["The link was sent to nina@example.org."]
    assert link_in(page) in mail.outbox[0].body


def test_a_mail_server_that_is_down_is_said(alice: Browser, address: str, settings: Any) -> None:
    settings.E164WEB.mail_server = {"EMAIL_HOST": "mail.example"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = alice.post(address, {"role": "viewer", "email": "nina@example.org"})

    assert notices_of(page) == ["No mail went out: the mail server did not take it. Give the link on yourself."]
    assert link_in(page)


def test_nobody_floods_strangers_with_letters(alice: Browser, address: str, settings: Any) -> None:
    settings.E164WEB.mail_server = {"EMAIL_HOST": "mail.example"}
    sent = [alice.post(address, {"role": "viewer", "email": "n@example.org"}).status_code for _one in range(31)]

    assert sent[-1] == 429
    assert len(mail.outbox) == 30


def test_somebody_with_an_account_joins(mallory: Browser, stranger: User, team: Team, invite: Invite) -> None:
    link = invite("editor")
    page = mallory.get(link)
    assert "alice invites you to the team “Office”, as editor." in text_of(page)
    assert not Membership.objects.filter(user=stranger).exists()
    answer = form_to(page, "").submit(mallory, link)

    assert answer["Location"] == f"/teams/{team.pk}/"
    assert notices_of(mallory.get(f"/teams/{team.pk}/")) == ["You are in the team “Office” now, as editor."]


def test_somebody_who_has_not_signed_in_does_so_and_comes_back(
    anonymous: Browser, stranger: User, invite: Invite
) -> None:
    link = invite()
    page = anonymous.get(link)
    (there,) = re.findall(r'href="(/accounts/login/\?next=[^"]+)"', page.content.decode())
    login = form_to(anonymous.get(there), "/accounts/login/")
    answer = login.submit(anonymous, login="mallory", password="a long password of mallory")

    assert answer["Location"] == link
    assert "Join the team" in text_of(anonymous.get(link))


def test_somebody_without_an_account_makes_one(anonymous: Browser, team: Team, invite: Invite) -> None:
    link = invite("viewer")
    answer = form_to(anonymous.get(link), link).submit(anonymous, link, **NEW)
    page = anonymous.get(answer["Location"])

    assert Membership.objects.get(user__username="nina").role == Role.VIEWER
    assert User.objects.get(username="nina").check_password(NEW["password1"])
    assert notices_of(page)[0] == "Welcome. You are in the team “Office”, as viewer."
    assert "nina (you)" in text_of(page)


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "ALICE"},
        {"username": "ni na\n"},
        {"username": "x" * 10_000},
        {"password2": "another password"},
        {"password1": "12345678", "password2": "12345678"},
        {"password1": "nina", "password2": "nina"},
        {"username": ""},
    ],
)
def test_an_account_that_does_not_do_comes_back(anonymous: Browser, invite: Invite, typed: dict[str, str]) -> None:
    link = invite()
    people = User.objects.count()
    page = anonymous.post(link, NEW | typed)

    assert page.status_code == 422
    assert errors_of(page)
    assert "a long password of nina" not in page.content.decode()
    assert User.objects.count() == people
    assert closed_by(Invitation.objects.get()) is None


def test_where_only_a_provider_lets_people_in_nobody_makes_an_account(
    anonymous: Browser, mallory: Browser, invite: Invite, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = invite()
    monkeypatch.setattr(settings.E164WEB, "local_login", False, raising=False)
    page = anonymous.get(link)

    assert "Sign in to join" in text_of(page)
    assert "password1" not in page.content.decode()
    assert anonymous.post(link, NEW).status_code == 422
    assert not User.objects.filter(username="nina").exists()
    assert mallory.post(link).status_code == 302


def test_signing_up_stays_closed_without_a_link(anonymous: Browser, db: None) -> None:
    anonymous.post("/accounts/signup/", NEW)

    assert not User.objects.exists()


def test_a_link_that_was_used_says_so(anonymous: Browser, mallory: Browser, alice: Browser, invite: Invite) -> None:
    link = invite()
    mallory.post(link)

    for browser in (anonymous, mallory, alice):
        for page in (browser.get(link), browser.post(link, NEW)):
            assert page.status_code == 410
            assert "This invitation was used already." in text_of(page)
    assert "You are in the team “Office”." in text_of(mallory.get(link))
    assert "Office" not in text_of(anonymous.get(link))
    assert not User.objects.filter(username="nina").exists()


def test_a_link_that_expired_says_so(mallory: Browser, invite: Invite) -> None:
    link = invite()
    Invitation.objects.update(expires_at="2020-01-01T00:00:00Z")

    assert "This invitation has expired." in text_of(mallory.get(link))
    assert mallory.post(link).status_code == 410


def test_a_link_that_was_taken_back_says_so(alice: Browser, anonymous: Browser, team: Team, invite: Invite) -> None:
    link = invite()
    there = f"/teams/{team.pk}/invitations/{Invitation.objects.get().pk}/take-back/"
    form_to(alice.get(f"/teams/{team.pk}/"), there).submit(alice)

    assert notices_of(alice.get(f"/teams/{team.pk}/")) == ["The invitation is taken back: its link works no longer."]
    assert "This invitation was taken back" in text_of(anonymous.get(link))
    alice.post(there)
    assert notices_of(alice.get(f"/teams/{team.pk}/")) == ["This invitation was taken back by a manager of the team."]


def test_a_link_into_a_team_that_is_gone_says_so(
    alice: Browser, anonymous: Browser, team: Team, invite: Invite
) -> None:
    link = invite()
    alice.post(f"/teams/{team.pk}/delete/")

    assert "The team of this invitation was deleted." in text_of(anonymous.get(link))
    assert anonymous.post(link, NEW).status_code == 410


def test_a_member_is_told_so_and_uses_nothing_up(
    browser_of: BrowserOf, viewer: User, invite: Invite, mallory: Browser
) -> None:
    link, browser = invite("manager"), browser_of(viewer)

    for page in (browser.get(link), browser.post(link)):
        assert page.status_code == 200
        assert "You are in the team “Office” already. The invitation was not used up" in text_of(page)
    assert Membership.objects.get(user=viewer).role == Role.VIEWER
    assert mallory.post(link).status_code == 302


@pytest.mark.parametrize("token", ["1", "1.x", "x", "1:abc", "٣.abc", "99999999999999999999.abc"])
def test_a_link_that_nobody_made_is_nowhere(anonymous: Browser, invite: Invite, token: str) -> None:
    invite()

    assert anonymous.get(f"/invitations/{token}/").status_code == 404
    assert anonymous.post(f"/invitations/{token}/", NEW).status_code == 404


def test_a_forged_post_joins_nobody(careful: Browser, person: User, stranger: User, invite: Invite) -> None:
    link = invite()
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(stranger)

    assert browser.post(link).status_code == 403
    assert Browser(enforce_csrf_checks=True).post(link, NEW).status_code == 403
    assert not Membership.objects.filter(user=stranger).exists()


def test_pages_of_links_are_kept_nowhere(anonymous: Browser, invite: Invite) -> None:
    assert "no-store" in anonymous.get(invite())["Cache-Control"]

"""`manage.py sign_in_link`, and the page behind its link."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from allauth.account.utils import perform_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from dashboard.models import User
from tests.fixtures_people import PASSWORD


def link_for(name: str) -> str:
    """The path of the link that the command prints."""
    out, said = io.StringIO(), io.StringIO()
    call_command("sign_in_link", name, stdout=out, stderr=said)
    found = re.fullmatch(r"http://127\.0\.0\.1:8000(/accounts/sign-in-link/[\w:-]+/)\n", out.getvalue())
    assert found
    assert "within ten minutes" in said.getvalue()
    return found[1]


@pytest.fixture
def closed(settings: Any) -> None:
    """Passwords are switched off."""
    settings.E164WEB = replace(settings.E164WEB, local_login=False)


def test_the_link_lets_one_in_while_passwords_are_switched_off(person: User, closed: None) -> None:
    link = link_for("alice")
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(link)
    assert "Sign in as alice?" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert browser.get("/credentials/").status_code == 302
    assert browser.post(link).status_code == 403

    browser.post(link, {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    assert browser.get("/credentials/").status_code == 200


def test_a_link_that_was_used_says_so(person: User) -> None:
    link = link_for("alice")
    Browser().post(link)
    for page in (Browser().get(link), Browser().post(link)):
        assert page.status_code == 410
        assert "It was used, or is older than ten minutes" in page.content.decode()


def test_nobody_gets_a_link_who_does_not_exist_or_is_disabled(person: User) -> None:
    with pytest.raises(CommandError, match="There is no user “bob”"):
        call_command("sign_in_link", "bob")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="is disabled"):
        call_command("sign_in_link", "alice")


def test_without_passwords_the_sign_in_page_has_no_form(person: User, closed: None) -> None:
    browser = Browser()
    page = browser.get("/accounts/login/").content.decode()
    assert 'name="password"' not in page
    assert "Passwords of this site are switched off." in page


def test_without_passwords_no_page_signs_anybody_in(person: User, closed: None, rf: Any) -> None:
    request = rf.post("/accounts/anything/")
    request.user, request.session = AnonymousUser(), SessionStore()
    page = perform_login(request, person)
    assert page.status_code == 403
    assert "Passwords of this site are switched off." in page.content.decode()
    assert not request.user.is_authenticated


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_without_passwords_a_right_one_is_refused(person: User, closed: None, path: str) -> None:
    browser = Browser()
    page = browser.post(path, {"login": "alice", "username": "alice", "password": PASSWORD})
    assert page.status_code in {302, 403}
    assert browser.get("/credentials/").status_code == 302

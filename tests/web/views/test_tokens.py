"""Pages of tokens."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.utils import timezone

from dashboard.models import Credential, Scope, Team, Token, User
from dashboard.services import tokens
from tests.fixtures_people import share
from tests.fixtures_tokens import ADDRESS, token_of
from tests.web.views.pages import elements_of, errors_of, form_to, notices_of, text_of, texts_to_copy

ADD = "/tokens/add/"
BrowserOf = Callable[[User], Browser]


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def add(browser: Browser, **typed: Any) -> Any:
    """Send the form; its only credential is not chosen unless it is named."""
    form = form_to(browser.get(ADD), ADD)
    form.fields.pop("credentials", None)
    return form.submit(browser, **({"name": "Nightly backup"} | typed))


def shown(page: Any) -> str:
    """The token on the page."""
    (element,) = [given for given in elements_of(page, "code") if given.get("id") == "token"]
    assert element["class"] == "copy-text"
    (token,) = texts_to_copy(page)
    return token


def test_the_account_menu_leads_to_the_tokens(alice: Browser) -> None:
    assert 'href="/tokens/"' in alice.get("/credentials/").content.decode()
    page = alice.get("/tokens/")
    assert "You have no tokens" in text_of(page)
    assert f'href="{ADD}"' in page.content.decode()


def test_a_token_is_made_shown_once_and_works(alice: Browser, person: User, credential: Credential) -> None:
    page = add(alice)
    text = shown(page)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "Location" not in page
    found = tokens.authenticate(f"Bearer {text}", ADDRESS)
    assert found == person
    assert found.token is not None
    assert (found.token.scope, found.token.every_credential, found.token.digits) == (Scope.READ, True, "")

    listed = alice.get("/tokens/")
    assert text not in listed.content.decode()
    assert "Nightly backup" in text_of(listed)
    assert f"from {ADDRESS}" in text_of(listed)
    assert text not in str([session.get_decoded() for session in Session.objects.all()])


def test_it_expires_in_90_days_unless_somebody_wants_it_otherwise(alice: Browser) -> None:
    form = form_to(alice.get(ADD), ADD)
    assert form.fields["expires"] == in_days(90)
    (field,) = [given for given in elements_of(alice.get(ADD), "input") if given.get("name") == "expires"]
    assert (field["min"], field["max"]) == (in_days(0), in_days(365))
    offered = [given["label"] for given in elements_of(alice.get(ADD), "option") if "label" in given]
    assert offered == ["7 days", "30 days", "90 days", "180 days", "365 days"]


def test_a_shorter_longest_life_shortens_what_is_offered(alice: Browser, configured: Callable[..., None]) -> None:
    configured(token_days=14)
    form = form_to(alice.get(ADD), ADD)
    assert form.fields["expires"] == in_days(14)
    assert add(alice).status_code == 200
    late = add(alice, expires=in_days(15))
    assert late.status_code == 422
    assert errors_of(late) == ["A token may live 14 days at most."]
    assert form_to(late, ADD).fields["name"] == "Nightly backup"


def test_it_works_until_the_end_of_the_day_where_the_person_is(alice: Browser, person: User) -> None:
    person.time_zone = "Pacific/Auckland"
    person.save()
    add(alice, expires="2027-01-15")
    expected = datetime(2027, 1, 15, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert Token.objects.get().expires_at == expected


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "a" * 101}, "Ensure this value has at most 100 characters (it has 101)."),
        ({"name": "bell\x07"}, "This must not hold control characters."),
        ({"scope": "own"}, "Select a valid choice. own is not one of the available choices."),
        ({"expires": ""}, "This field is required."),
        ({"expires": "next year"}, "Enter a valid date."),
        ({"expires": "2020-01-01"}, "A token must expire in the future."),
        ({"expires": "9999-12-31"}, "Ensure this value is less than or equal to 2999-12-31."),
        ({"digits": "+44*"}, "This is not a telephone number: U+002A ASTERISK cannot be part of one."),
        ({"digits": "020"}, "The number lacks its country code"),
        ({"digits": ","}, "This is not a telephone number: it has no digits."),
        ({"digits": "+"}, "This is not a telephone number: it has no digits."),
        ({"digits": "+44, ,+49"}, "This is not a telephone number: it has no digits."),
    ],
)
def test_what_does_not_do_comes_back_with_the_reason(alice: Browser, typed: dict[str, str], said: str) -> None:
    page = add(alice, **typed)
    assert page.status_code == 422
    assert [error for error in errors_of(page) if said in error] == errors_of(page) != []
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+44 (0)20", "4420"), ("0044", "44"), ("+44 20; +49, +49", "4420 49"), ("１６０４", "1604"), (" ", "")],
)
def test_digits_are_read_as_people_write_them(alice: Browser, typed: str, kept: str) -> None:
    add(alice, digits=typed)
    assert Token.objects.get().digits == kept


def test_a_token_for_some_credentials_and_digits_says_so(alice: Browser, credential: Credential) -> None:
    page = add(alice, credentials=[credential.pk], digits="+44, +49", scope="write")
    for each in (page, alice.get("/tokens/")):
        assert "reads and writes Embedded numbers that begin with +44, +49" in text_of(each)
    token = Token.objects.get()
    assert not token.every_credential
    assert list(token.some_credentials.all()) == [credential]
    credential.delete()
    assert "none of the credentials that it was for is left" in text_of(alice.get("/tokens/"))


def test_nobody_chooses_the_credential_of_somebody_else(mallory: Browser, credential: Credential) -> None:
    page = add(mallory, credentials=[credential.pk])
    assert page.status_code == 422
    assert "Embedded" not in text_of(page)


def test_who_lost_a_credential_does_not_read_what_it_is_called_now(
    browser_of: BrowserOf, viewer: User, team: Team, credential: Credential
) -> None:
    share(credential, team)
    token_of(viewer, credentials=[credential])
    browser = browser_of(viewer)
    assert "Embedded" in text_of(browser.get("/tokens/"))
    viewer.memberships.all().delete()
    assert "Embedded" not in text_of(browser.get("/tokens/"))
    assert "1 credential that you do not see" in text_of(browser.get("/tokens/"))


def test_a_token_is_revoked_once_it_was_confirmed(alice: Browser, person: User) -> None:
    token, text = token_of(person)
    address = f"/tokens/{token.pk}/revoke/"
    assert address in [given.get("href") for given in elements_of(alice.get("/tokens/"), "a")]
    asked = alice.get(address)
    assert "Revoke “backup”?" in text_of(asked)
    assert "It was never used." in text_of(asked)
    assert tokens.authenticate(f"Bearer {text}", ADDRESS)

    page = form_to(asked, address).submit(alice)
    after = alice.get(page["Location"])
    assert notices_of(after) == ["“backup” is revoked: it works no longer."]
    assert "Tokens that have ended" in text_of(after)
    assert address not in [given.get("href") for given in elements_of(after, "a")]
    with pytest.raises(tokens.TokenRefused):
        tokens.authenticate(f"Bearer {text}", ADDRESS)


def test_an_administrator_sees_and_revokes_those_of_all(
    browser_of: BrowserOf, admin_user: User, person: User, stranger: User, credential: Credential
) -> None:
    token, _ = token_of(person, credentials=[credential])
    token_of(stranger, name="reports")
    browser = browser_of(admin_user)
    page = browser.get("/tokens/")
    assert "backup" in text_of(page)
    assert "1 credential that you do not see" in text_of(page)
    assert "Embedded" not in text_of(page)
    found = text_of(browser.get("/tokens/?q=mallory"))
    assert "reports" in found
    assert "backup" not in found
    assert "No token matches" in text_of(browser.get("/tokens/?q=nobody"))

    asked = browser.get(f"/tokens/{token.pk}/revoke/")
    assert "Revoke “backup” of alice?" in text_of(asked)
    browser.post(f"/tokens/{token.pk}/revoke/")
    assert "by admin" in text_of(browser_of(person).get("/tokens/"))


def test_nobody_else_sees_or_revokes_a_token(mallory: Browser, person: User) -> None:
    token, text = token_of(person)
    assert "backup" not in text_of(mallory.get("/tokens/"))
    assert mallory.get(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert mallory.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert mallory.post("/tokens/999999/revoke/").status_code == 404
    assert tokens.authenticate(f"Bearer {text}", ADDRESS)


def test_switched_off_pages_say_so_and_make_none(
    alice: Browser, person: User, configured: Callable[..., None]
) -> None:
    token, _ = token_of(person)
    configured(api=False)
    page = alice.get("/tokens/")
    assert "Tokens are switched off by an administrator" in notices_of(page)[0]
    assert f'href="{ADD}"' not in page.content.decode()
    for answer in (alice.get(ADD), alice.post(ADD, {"name": "x", "scope": "read", "expires": in_days(1)})):
        assert answer["Location"] == "/tokens/"
    assert Token.objects.count() == 1
    alice.post(f"/tokens/{token.pk}/revoke/")  # which is always possible
    token.refresh_from_db()
    assert token.revoked_at


def test_a_token_signs_nobody_in_on_pages(anonymous: Browser, person: User) -> None:
    _, text = token_of(person, scope=Scope.WRITE)
    for address in ("/tokens/", "/credentials/", "/history/"):
        with_header = anonymous.get(address, headers={"authorization": f"Bearer {text}"})
        in_address = anonymous.get(address, {"token": text, "access_token": text})
        assert with_header.status_code == in_address.status_code == 302
        assert with_header["Location"].startswith("/accounts/login/")


def test_too_many_tokens_are_too_many(alice: Browser) -> None:
    answers = [add(alice).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_page_says_that_a_new_password_ends_no_token(alice: Browser, person: User) -> None:
    _, text = token_of(person)
    assert "A new password, and factors that somebody resets, end no token" in text_of(alice.get("/tokens/"))
    person.set_password("another long password of alice")
    person.save()
    assert tokens.authenticate(f"Bearer {text}", ADDRESS)


def test_a_name_is_text_and_no_markup(alice: Browser) -> None:
    add(alice, name="<b>x</b>\u202e")
    page = alice.get("/tokens/").content.decode()
    assert "<b>x</b>" not in page
    assert "\u202e" not in page


def test_the_last_day_is_the_longest_life(alice: Browser) -> None:
    add(alice, expires=in_days(365))
    left = Token.objects.get().expires_at - timezone.now()
    assert timedelta(days=364) < left <= timedelta(days=365)
    assert date.fromisoformat(in_days(365)) >= Token.objects.get().expires_at.date()

"""Signing in and out, and the password of one's own."""

from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import User
from tests.fixtures_people import PASSWORD
from tests.web.views.pages import elements_of, form_to, notices_of, text_of

ADDRESS = "/accounts/login/"
LOGIN = {"login": "alice", "password": PASSWORD}


def test_the_right_password_leads_to_the_first_page(anonymous: Browser, person: User) -> None:
    answer = form_to(anonymous.get(ADDRESS), ADDRESS).submit(anonymous, **LOGIN)

    assert answer["Location"] == "/"
    assert anonymous.get("/credentials/").status_code == 200


def test_the_wrong_password_comes_back_without_what_was_typed(anonymous: Browser, person: User) -> None:
    page = anonymous.post(ADDRESS, LOGIN | {"password": "guessed wrong"})

    assert "guessed wrong" not in page.content.decode()
    form = form_to(page, ADDRESS)
    assert (form.fields["login"], form.fields["password"]) == ("alice", "")
    assert anonymous.get("/credentials/").status_code == 302


def test_a_name_that_nobody_has_is_answered_as_a_wrong_password(anonymous: Browser, person: User) -> None:
    unknown = anonymous.post(ADDRESS, LOGIN | {"login": "nobody"})
    wrong = anonymous.post(ADDRESS, LOGIN | {"password": "guessed wrong"})

    assert text_of(unknown) == text_of(wrong)


def test_signing_in_leads_back_to_where_one_was_going(anonymous: Browser, person: User) -> None:
    page = anonymous.get(anonymous.get("/history/")["Location"])

    assert form_to(page, ADDRESS).submit(anonymous, **LOGIN)["Location"] == "/history/"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://testserver@evil.example/",
        "\thttps://evil.example/",
    ],
)
def test_signing_in_never_leads_elsewhere(anonymous: Browser, person: User, evil: str) -> None:
    answer = anonymous.post(ADDRESS, LOGIN | {"next": evil}, query_params={"next": evil})

    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_guessing_is_slowed_down_with_our_own_page(anonymous: Browser, person: User) -> None:
    answers: list[Any] = [anonymous.post(ADDRESS, LOGIN | {"login": f"guess{place}"}) for place in range(40)]

    limited = answers[-1]
    assert limited.status_code == 429
    assert "Too many attempts" in text_of(limited)
    assert "Content-Security-Policy" in limited


def test_the_right_password_does_not_help_after_too_many_wrong_ones(anonymous: Browser, person: User) -> None:
    for _ in range(12):
        anonymous.post(ADDRESS, LOGIN | {"password": "guessed wrong"})
    anonymous.post(ADDRESS, LOGIN)

    assert anonymous.get("/credentials/").status_code == 302


def test_signing_up_is_closed(anonymous: Browser, db: None) -> None:
    shown = anonymous.get("/accounts/signup/")
    sent = anonymous.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})

    assert shown.status_code == sent.status_code == 200
    assert not elements_of(shown, "input")
    assert not User.objects.exists()


def test_signing_out_ends_the_session(alice: Browser) -> None:
    session = alice.cookies["sessionid"].value
    form_to(alice.get("/credentials/"), "/accounts/logout/").submit(alice)
    stolen = Browser()
    stolen.cookies["sessionid"] = session

    assert alice.get("/credentials/").status_code == 302
    assert stolen.get("/credentials/").status_code == 302


def test_signing_out_needs_a_post(alice: Browser) -> None:
    alice.get("/accounts/logout/")

    assert alice.get("/credentials/").status_code == 200


def test_somebody_who_was_made_inactive_is_out_at_once(alice: Browser, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert alice.get("/credentials/").status_code == 302
    Browser().post(ADDRESS, LOGIN)
    assert alice.get("/credentials/").status_code == 302


def test_the_password_can_be_changed_by_who_knows_it(anonymous: Browser, person: User) -> None:
    anonymous.post(ADDRESS, LOGIN)
    address = "/accounts/password/change/"
    new = "entirely another one"
    typing = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    wrong = anonymous.post(address, typing | {"oldpassword": "guessed wrong"})
    right = anonymous.post(address, typing)

    assert wrong.status_code == 422
    assert new not in wrong.content.decode()
    assert right.status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_changed_password_leads_back_and_says_so(anonymous: Browser, person: User) -> None:
    anonymous.post(ADDRESS, LOGIN)
    new = "entirely another one"
    typing = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = anonymous.post("/accounts/password/change/", typing, follow=True)

    assert answer.redirect_chain[0] == ("/", 302)
    assert "Your password was changed." in notices_of(answer)


def test_the_first_field_has_the_focus_and_labels_are_in_sentence_case(anonymous: Browser, person: User) -> None:
    page = anonymous.get(ADDRESS)
    assert [given["name"] for given in elements_of(page, "input") if "autofocus" in given] == ["login"]
    assert "User name Password Remember me" in text_of(page)

    anonymous.post(ADDRESS, LOGIN)
    assert "Current password New password" in text_of(anonymous.get("/accounts/password/change/"))


def test_a_password_that_is_too_easy_is_refused(anonymous: Browser, person: User) -> None:
    anonymous.post(ADDRESS, LOGIN)
    anonymous.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}
    )

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_other_sessions_end_when_the_password_changes(anonymous: Browser, person: User) -> None:
    stolen = Browser()
    stolen.post(ADDRESS, LOGIN)
    anonymous.post(ADDRESS, LOGIN)
    new = "entirely another one"
    anonymous.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert anonymous.get("/credentials/").status_code == 200
    assert stolen.get("/credentials/").status_code == 302


def test_a_forged_sign_in_is_refused(person: User) -> None:
    assert Browser(enforce_csrf_checks=True).post(ADDRESS, LOGIN).status_code == 403


@pytest.mark.parametrize("odd", ["\x00", "x" * 10_000, "<script>alert(1)</script>", "🎉", "' OR 1=1 --"])
def test_anything_may_be_typed_as_a_name(anonymous: Browser, person: User, odd: str) -> None:
    page = anonymous.post(ADDRESS, LOGIN | {"login": odd})

    assert page.status_code == 422
    assert "<script>alert" not in page.content.decode()

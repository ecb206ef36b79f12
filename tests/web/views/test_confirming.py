"""People confirm who they are before what matters, and lose nothing that they typed."""

import dataclasses
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from dashboard.models import Credential, Registry, User
from tests.fixtures_people import PASSWORD, REGISTRY_PASSWORD
from tests.second_factors import Clock, age, code_of, give_all_factors, set_up_app
from tests.web.views.pages import elements_of, errors_of, form_to, notices_of, text_of

CONFIRM = "/accounts/reauthenticate/"
GUARDED = [
    "/credentials/add/",
    "/credentials/{pk}/delete/",
    "/tokens/add/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
]


@pytest.mark.parametrize("address", GUARDED)
def test_it_is_asked_before_anything_is_typed(alice: Browser, credential: Credential, address: str) -> None:
    page = address.format(pk=credential.pk)
    assert alice.get(page).status_code == 200

    age(alice)
    asked = alice.get(page)
    assert asked["Location"].startswith(CONFIRM)
    form = form_to(alice.get(asked["Location"]), CONFIRM)
    assert form.submit(alice, password="wrong").status_code == 422
    assert form.submit(alice, password=PASSWORD)["Location"] == page
    assert alice.get(page).status_code == 200


def test_signing_in_is_confirming(anonymous: Browser, person: User) -> None:
    anonymous.post("/accounts/login/", {"login": "alice", "password": PASSWORD})

    assert anonymous.get("/credentials/add/").status_code == 200


def test_what_was_typed_comes_back_after_confirming_and_its_password_was_kept_nowhere(
    alice: Browser, embedded: Registry, person: User
) -> None:
    typed = {"registry": embedded.pk, "username": "alice", "password": "typed too late", "label": "My telephones"}
    age(alice)
    asked = alice.post("/credentials/add/", typed)
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "My telephones" in str(kept) or "My+telephones" in str(kept)
    assert "typed+too+late" not in str(kept)

    page = form_to(alice.get(asked["Location"]), CONFIRM).submit(alice, password=PASSWORD)
    assert page.status_code == 422
    assert "This field is required." in errors_of(page)
    form = form_to(page, "/credentials/add/")  # not the address at which it was confirmed
    assert (form.fields["label"], form.fields["username"]) == ("My telephones", "alice")
    assert "typed too late" not in page.content.decode()


def test_what_needs_no_password_is_done_once_it_was_confirmed(alice: Browser, credential: Credential) -> None:
    address = f"/credentials/{credential.pk}/delete/"
    form = form_to(alice.get(address), address)
    age(alice)
    asked = form.submit(alice)
    assert Credential.objects.filter(pk=credential.pk).exists()

    done = form_to(alice.get(asked["Location"]), CONFIRM).submit(alice, password=PASSWORD)
    assert done["Location"] == "/credentials/"
    assert not Credential.objects.filter(pk=credential.pk).exists()


def test_a_credential_is_shown_without_and_gets_its_password_with(alice: Browser, credential: Credential) -> None:
    address = f"/credentials/{credential.pk}/"
    age(alice)
    page = alice.get(address)
    assert page.status_code == 200
    assert not [given for given in elements_of(page, "input") if given.get("type") == "password"]
    assert f"{CONFIRM}?next={address}" in [given.get("href") for given in elements_of(page, "a")]

    late = alice.post(address, {"password": REGISTRY_PASSWORD})
    assert late["Location"].startswith(CONFIRM)
    back = form_to(alice.get(late["Location"]), CONFIRM).submit(alice, password=PASSWORD)
    assert form_to(back, address).submit(alice, password=REGISTRY_PASSWORD)["Location"] == address


def test_a_code_confirms_too(alice: Browser, clock: Clock) -> None:
    secret = set_up_app(alice)
    clock.now += 60
    age(alice)
    address = "/accounts/2fa/reauthenticate/"
    form = form_to(alice.get(f"{address}?next=/credentials/add/"), address)

    assert form.submit(alice, code="000000").status_code == 422
    assert form.submit(alice, code=code_of(secret))["Location"] == "/credentials/add/"
    assert alice.get("/credentials/add/").status_code == 200


def test_a_passkey_that_is_not_accepted_is_asked_for_again(alice: Browser, person: User) -> None:
    give_all_factors(person)
    address = "/accounts/2fa/webauthn/reauthenticate/"
    alice.get(address)
    answer = alice.post(address, {"credential": '{"id": "x"}', "next": "/credentials/add/"})

    assert answer["Location"] == f"{address}?next=%2Fcredentials%2Fadd%2F"
    assert "The passkey was not accepted. Try again." in notices_of(alice.get(answer["Location"]))


def test_where_passwords_do_not_count_a_code_confirms_or_nothing_can(
    alice: Browser, person: User, settings: Any
) -> None:
    settings.E164WEB = dataclasses.replace(settings.E164WEB, local_login=False)
    age(alice)
    assert alice.get("/credentials/add/").status_code == 200
    assert alice.get("/accounts/2fa/totp/activate/").status_code == 200

    give_all_factors(person)
    asked = alice.get("/credentials/add/")["Location"]
    assert asked.startswith("/accounts/2fa/reauthenticate/")
    assert "Use your password" not in text_of(alice.get(asked))


def test_confirming_never_leads_elsewhere(alice: Browser) -> None:
    age(alice)
    answer = alice.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_an_administrator_confirms_before_factors_of_others_are_removed(
    alice: Browser, person: User, stranger: User
) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    age(alice)
    sent: dict[str, Any] = {"action": "remove_factors", "_selected_action": [stranger.pk]}
    asked = alice.post("/admin/dashboard/user/", sent)
    assert asked["Location"].startswith(CONFIRM)

    question = form_to(alice.get(asked["Location"]), CONFIRM).submit(alice, password=PASSWORD)
    assert "mallory" in text_of(question)
    assert form_to(question, "/admin/dashboard/user/").submit(alice).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "user/add/",
        "user/{pk}/change/",
        "user/{pk}/password/",
        "user/{pk}/delete/",
        "registry/add/",
        "registry/{registry}/change/",
    ],
)
def test_an_administrator_confirms_before_any_form_of_the_admin(
    alice: Browser, person: User, stranger: User, embedded: Registry, address: str
) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    page = f"/admin/dashboard/{address.format(pk=stranger.pk, registry=embedded.pk)}"
    assert alice.get(page).status_code == 200

    age(alice)
    sent = {"password1": "another one 77", "password2": "another one 77", "usable_password": "true", "post": "yes"}
    for asked in (alice.get(page), alice.post(page, sent)):
        assert asked["Location"].startswith(CONFIRM)
    assert alice.get("/admin/dashboard/user/").status_code == 200
    assert not User.objects.get(pk=stranger.pk).check_password("another one 77")


def test_a_form_of_the_admin_that_waited_comes_back_without_its_password(
    alice: Browser, person: User, stranger: User
) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    page = f"/admin/dashboard/user/{stranger.pk}/password/"
    age(alice)
    asked = alice.post(page, {"password1": "another one 77", "password2": "another one 77"})

    back = form_to(alice.get(asked["Location"]), CONFIRM).submit(alice, password=PASSWORD)
    both = {"password1": "another one 77", "password2": "another one 77", "usable_password": "true"}
    assert form_to(back, page).submit(alice, **both).status_code == 302
    stranger.refresh_from_db()
    assert stranger.check_password("another one 77")

"""Removing a credential behind a confirm page."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Credential, Exchange, Outcome, User
from tests.web.views.pages import asks_to_sign_in, form_to, notices_of, text_of


@pytest.fixture
def address(credential: Credential) -> str:
    """The confirm page of the credential at the embedded registry."""
    return f"/credentials/{credential.pk}/delete/"


def _change(person: User, credential: Credential, outcome: Outcome) -> Change:
    return Change.objects.create(
        user=person,
        person="alice",
        credential=credential,
        credential_label=credential.label,
        registry_name="This registry",
        command="delete",
        number_id=1,
        number="16045550123",
        record_id=1,
        outcome=outcome,
    )


def test_names_the_credential_and_changes_nothing_by_being_looked_at(
    alice: Browser, credential: Credential, address: str
) -> None:
    page = alice.get(address)

    assert page.status_code == 200
    assert "Remove “Embedded”?" in text_of(page)
    assert "alice at This registry" in text_of(page)
    assert Credential.objects.filter(pk=credential.pk).exists()


def test_removes_the_credential_and_its_wire_view_but_keeps_the_history(
    alice: Browser, person: User, credential: Credential, address: str
) -> None:
    change = _change(person, credential, Outcome.APPLIED)
    alice.post(f"/credentials/{credential.pk}/check/")
    answer = form_to(alice.get(address), "").submit(alice, address)

    assert answer["Location"] == "/credentials/"
    assert notices_of(alice.get("/credentials/"))[0] == "“Embedded” is removed."
    assert not Credential.objects.exists()
    assert not Exchange.objects.exists()
    change.refresh_from_db()
    assert (change.credential, change.credential_label) == (None, "Embedded")
    assert "Embedded (This registry)" in text_of(alice.get("/history/"))


def test_warns_of_writes_that_cannot_be_settled_afterwards(
    alice: Browser, person: User, credential: Credential, address: str
) -> None:
    _change(person, credential, Outcome.SENT)

    assert notices_of(alice.get(address)) == [
        "1 change made with this credential is not settled yet. Without the credential it can no longer be checked."
    ]


def test_says_on_settling_that_the_credential_is_gone(
    alice: Browser, person: User, credential: Credential, address: str
) -> None:
    change = _change(person, credential, Outcome.SENT)
    alice.post(address)
    answer = alice.post(f"/history/{change.pk}/settle/")

    assert answer["Location"] == "/history/"
    assert "its credential was removed" in notices_of(alice.get("/history/"))[-1]
    assert "Check what happened" not in text_of(alice.get("/history/"))


def test_is_nowhere_for_a_stranger(mallory: Browser, address: str) -> None:
    assert mallory.get(address).status_code == 404
    assert mallory.post(address).status_code == 404
    assert Credential.objects.exists()


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.post(address), address)
    assert Credential.objects.exists()


def test_knows_no_other_credentials(alice: Browser) -> None:
    assert alice.get("/credentials/12345/delete/").status_code == 404


def test_answers_a_second_click_with_not_found(alice: Browser, address: str) -> None:
    alice.post(address)

    assert alice.post(address).status_code == 404


def test_takes_only_get_and_post(alice: Browser, address: str) -> None:
    assert alice.delete(address).status_code == 405
    assert Credential.objects.exists()


def test_refuses_a_forged_post(careful: Browser, address: str) -> None:
    assert careful.post(address).status_code == 403
    assert Credential.objects.exists()

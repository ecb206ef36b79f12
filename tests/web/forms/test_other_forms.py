"""The forms that confirm, move, and ask for passwords."""

import pytest

from dashboard.models import Credential, Registry, User
from dashboard.nameservers import ZoneFacts
from dashboard.web.forms.credentials import MAX_PASSWORD, CredentialForm, PasswordForm
from dashboard.web.forms.records import DeleteAllForm, DeleteForm, MoveForm

ZONE = ZoneFacts("e164.arpa")


@pytest.mark.parametrize(
    "confirm",
    [
        "16045550100",
        "+1 604 555 0100",
        "(1) 604-555-0100",
        "１６０４５５５０１００",
        "\u202a+1\u00a0604\u2011555\u20110100\u202c",
        "tel:+1-604-555-0100",
        "00 1 604 555 0100",
        "+1 604 555 0100*",
    ],
)
def test_the_number_may_be_typed_in_any_writing(confirm: str) -> None:
    form = DeleteAllForm({"confirm": confirm, "fingerprint": "x"}, seen="x", zone=ZONE)

    assert form.is_valid()
    assert (form.seen, form.cleaned_data["confirm"]) == ("x", "16045550100")


@pytest.mark.parametrize("confirm", ["", " ", "\x00", "1" * 101, "604 555 0100 (home)", "tel:+1-604-555-0100;ext=1"])
def test_what_was_not_typed_confirms_nothing(confirm: str) -> None:
    form = DeleteAllForm({"confirm": confirm, "fingerprint": "x"}, seen="x", zone=ZONE)

    assert not form.is_valid()
    assert set(form.errors) == {"confirm"}


@pytest.mark.parametrize("fingerprint", ["", " ", "\x00", "x" * 101])
def test_what_was_not_seen_is_not_deleted(fingerprint: str) -> None:
    form = DeleteForm({"fingerprint": fingerprint}, seen="x")

    assert not form.is_valid()
    assert form.non_field_errors() == ["This form is incomplete. Load the page again."]


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        ({"direction": "up", "fingerprint": "x"}, True),
        ({"direction": "down", "fingerprint": "x", "submission": "6f1c1a34-1b0a-4d0c-8f6e-1c8b0a3d2e11"}, True),
        ({"direction": "UP", "fingerprint": "x"}, False),
        ({"direction": "up"}, False),
        ({"direction": "up", "fingerprint": "x", "submission": "1"}, False),
        ({}, False),
    ],
)
def test_a_move_has_a_direction_and_what_was_seen(data: dict[str, str], valid: bool) -> None:
    assert MoveForm(data).is_valid() == valid


def test_a_password_is_taken_as_it_is_and_never_shown_again() -> None:
    form = PasswordForm({"password": "  with blanks  "})

    assert form.is_valid()
    assert form.cleaned_data["password"] == "  with blanks  "
    assert "with blanks" not in str(form)


@pytest.mark.parametrize("password", ["", "\x00", "x" * (MAX_PASSWORD + 1)])
def test_some_texts_are_no_password(password: str) -> None:
    assert not PasswordForm({"password": password}).is_valid()


def test_a_credential_is_for_a_registry_that_is_enabled(person: User, embedded: Registry) -> None:
    Registry.objects.create(name="Off", url="https://off.example/", is_enabled=False)
    form = CredentialForm(person=person)

    assert "This registry" in str(form["registry"])
    assert "Off" not in str(form["registry"])


@pytest.mark.parametrize(
    ("taken", "typed", "field"),
    [
        ({"label": "Mine", "username": "ford"}, {"label": "Mine", "username": "other"}, "label"),
        ({"label": "Mine", "username": "ford"}, {"label": "Other", "username": "ford"}, "username"),
    ],
)
def test_what_is_taken_is_an_error_at_its_field(
    person: User, embedded: Registry, taken: dict[str, str], typed: dict[str, str], field: str
) -> None:
    Credential.objects.create(user=person, registry=embedded, **taken)
    form = CredentialForm({"registry": str(embedded.pk), "password": "x", **typed}, person=person)

    assert not form.is_valid()
    assert set(form.errors) == {field}
    assert len(form.errors[field]) == 1


def test_both_may_be_taken_at_once(person: User, embedded: Registry) -> None:
    Credential.objects.create(user=person, registry=embedded, label="Mine", username="ford")
    data = {"registry": str(embedded.pk), "password": "x", "label": "Mine", "username": "ford"}
    form = CredentialForm(data, person=person)

    assert not form.is_valid()
    assert set(form.errors) == {"label", "username"}


@pytest.mark.parametrize("label", ["a\x00b", "a\nb", "\x7f", "a\u202eb", "x" * 101, " "])
def test_a_label_has_no_control_characters_and_an_end(person: User, embedded: Registry, label: str) -> None:
    data = {"registry": str(embedded.pk), "password": "x", "label": label, "username": "ford"}

    assert set(CredentialForm(data, person=person).errors) == {"label"}

"""The form of a record: text becomes a draft, or an error at the field at fault."""

import uuid

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Problem
from dashboard.protocol import MAX_UINT16, Record, RecordData
from dashboard.services.numbers import fingerprint
from dashboard.services.records import Review
from dashboard.web.forms.records import RecordForm
from dashboard.web.forms.services import canonical_name, options_of

SERVICES = ["SIP", "IAX2", "x-fax"]
TYPED = {"service": "SIP", "hostdata": "alice@example.org", "preference": "10"}


def _record(
    record_id: int = 1, preference: int = 10, service: str = "SIP", hostdata: str = "a@example.org"
) -> Record:
    return Record(
        id=record_id,
        country="1",
        area="604",
        local="5550100",
        order=100,
        preference=preference,
        service=service,
        hostdata=hostdata,
    )


def _new(**typed: str) -> RecordForm:
    return RecordForm(TYPED | typed, services=options_of(SERVICES))


def _edit(record: Record, **typed: str) -> RecordForm:
    """As a page that was sent knows it: by the record's id alone."""
    data = TYPED | {"fingerprint": fingerprint([record])} | typed
    return RecordForm(data, services=options_of(SERVICES), record_id=record.id)


def test_what_was_typed_becomes_a_draft() -> None:
    form = _new(hostdata="  alice@example.org ", preference=" 10 ")

    assert form.is_valid()
    assert form.clean_draft == RecordData(preference=10, service="SIP", hostdata="alice@example.org")


def test_an_unbound_form_of_a_record_holds_what_it_is() -> None:
    form = RecordForm(services=options_of(SERVICES), record=_record())

    assert form.draft == RecordData(preference=10, service="SIP", hostdata="a@example.org")
    assert form["fingerprint"].value() == fingerprint([_record()])
    assert uuid.UUID(str(form["submission"].value()))


@pytest.mark.parametrize("name", ["service", "hostdata", "preference"])
def test_every_field_is_needed(name: str) -> None:
    form = _new(**{name: ""})

    assert not form.is_valid()
    assert set(form.errors) == {name}


def test_an_edit_needs_to_say_what_was_seen() -> None:
    form = _edit(_record(), fingerprint="")

    assert not form.is_valid()
    assert form.non_field_errors() == ["This form is incomplete. Load the page again."]


def test_a_new_record_does_not() -> None:
    assert _new().is_valid()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hostdata": "a\x00b@example.org"}, "hostdata"),
        ({"hostdata": "x" * 100_000}, "hostdata"),
        ({"preference": "-1"}, "preference"),
        ({"preference": str(MAX_UINT16 + 1)}, "preference"),
        ({"preference": "1.5"}, "preference"),
        ({"preference": "9" * 10_000}, "preference"),
        ({"preference": "0x10"}, "preference"),
    ],
)
def test_what_is_no_draft_at_all_is_an_error_at_its_field(typed: dict[str, str], field: str) -> None:
    form = _new(**typed)

    assert not form.is_valid()
    assert set(form.errors) == {field}
    assert len(form.errors[field]) == 1


ERROR = Problem("hostdata", "tel-loop", "It points to its own number.")
ELSEWHERE = Problem("number", "other", "That is not the number of this page.")
CONCERN = Problem("hostdata", "password", "Everybody can read the <password>.", severity="warning")


def test_errors_of_a_review_are_at_their_fields_and_others_above_them() -> None:
    form = _new()
    assert form.is_valid()
    form.show(Review(errors=(ERROR, ELSEWHERE)))

    assert form.errors["hostdata"] == [str(ERROR)]
    assert form.non_field_errors() == [str(ELSEWHERE)]


def test_a_concern_comes_with_a_button_that_accepts_what_was_read() -> None:
    form, review = _new(), Review(concerns=(CONCERN,))
    assert form.is_valid()
    form.show(review)

    assert form.is_valid()
    assert list(form.second_look) == [CONCERN]
    shown = render_to_string("dashboard/parts/second_look.html", {"form": form})
    assert f'name="accepted" value="{review.digest}"' in shown
    assert "the &lt;password&gt;" in shown
    assert _new(accepted=review.digest).accepted == review.digest
    assert _new().accepted == ""


def test_there_is_nothing_to_accept_while_there_are_errors() -> None:
    form = _new()
    assert form.is_valid()
    form.show(Review(errors=(ERROR,), concerns=(CONCERN,)))

    assert form.second_look == ()


def test_a_service_is_compared_without_case_and_written_as_the_registry_does() -> None:
    form = _new(service="sip")

    assert form.is_valid()
    assert form.clean_draft.service == "SIP"
    assert canonical_name("X-FAX", SERVICES) == "x-fax"
    assert canonical_name("other", SERVICES) == "other"


def test_a_service_that_a_record_has_is_offered_though_nobody_knows_it() -> None:
    record = _record(service="OLD-THING", hostdata="whatever")
    form = _edit(record, service="OLD-THING", hostdata="whatever else")

    assert form.is_valid()
    assert 'value="OLD-THING" selected' in form.options
    assert "OLD-THING" not in str(_new()["service"])


def test_options_are_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    html = RecordForm(services=options_of([evil]), record=_record(service=evil)).options

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_form_that_is_shown_again_has_another_token_and_the_same_words() -> None:
    data = QueryDict("service=SIP&hostdata=a&hostdata=b%40example.org&preference=x&submission=abc")
    form = RecordForm(data, services=options_of(SERVICES))
    form.renew()
    again = {name: form[name].value() for name in ("service", "hostdata", "preference")}

    assert again == {"service": "SIP", "hostdata": "b@example.org", "preference": "x"}
    assert uuid.UUID(str(form["submission"].value()))


@pytest.mark.parametrize("token", ["abc", "x" * 10_000, "{}"])
def test_a_token_that_is_none_is_an_error_that_people_see(token: str) -> None:
    form = _new(submission=token)

    assert not form.is_valid()
    assert form.non_field_errors() == ["This form was damaged on its way here. Send it again."]


def test_a_program_may_post_without_a_token() -> None:
    form = _new()

    assert form.is_valid()
    assert form.submission_id is None


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(service=ANYTHING | st.sampled_from(SERVICES), hostdata=ANYTHING, preference=ANYTHING | st.integers().map(str))
def test_anything_that_is_typed_ends_in_a_draft_or_in_errors(service: str, hostdata: str, preference: str) -> None:
    form = _new(service=service, hostdata=hostdata, preference=preference)

    assert form.is_valid() == (not form.errors)
    if form.is_valid():
        assert 0 <= form.clean_draft.preference <= MAX_UINT16
        assert form.clean_draft.service.upper() == service.strip().upper()
        assert form.clean_draft.hostdata == hostdata.strip()
    assert form.draft is None or form.draft.hostdata == hostdata.strip()
    assert str(form)

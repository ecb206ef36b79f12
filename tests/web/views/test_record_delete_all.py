"""Deleting every record of a number, once the number was typed."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Outcome
from tests.web.views.far import Far
from tests.web.views.pages import asks_to_sign_in, errors_of, notices_of, text_of


@pytest.fixture
def address(far: Far) -> str:
    """The confirm page of the first number."""
    return f"{far.address}delete-all/"


def test_lists_every_record_and_changes_nothing(alice: Browser, far: Far, address: str) -> None:
    page = alice.get(address)

    assert page.status_code == 200
    said = text_of(page)
    assert "2 records are deleted at the registry at once." in said
    assert "sip:5550100.0@sip.example.org" in said
    assert "sip:5550100.1@sip.example.org" in said
    assert far.writes() == []
    assert not Change.objects.exists()


@pytest.mark.parametrize("confirm", ["12005550100", "+1 200 555 0100", "(1) 200-555-0100", "１２００５５５０１００"])
def test_deletes_them_once_the_number_was_typed_in_any_writing(
    alice: Browser, far: Far, address: str, confirm: str
) -> None:
    answer = far.confirm_form(alice, address).submit(alice, confirm=confirm)

    assert answer["Location"] == far.address
    assert notices_of(alice.get(far.address)) == ["All records of this number were deleted. Undo"]
    assert far.records == []
    change = Change.objects.get()
    assert (change.command, change.record_id, change.outcome) == ("deleteall", None, Outcome.APPLIED)
    assert [record.hostdata for record in change.before] == [
        "5550100.0@sip.example.org",
        "5550100.1@sip.example.org",
    ]


@pytest.mark.parametrize(
    "confirm", ["12005550101", "2005550100", "yes", "+", "<script>", "1" * 41, "12005550100\x00"]
)
def test_deletes_nothing_for_any_other_words(alice: Browser, far: Far, address: str, confirm: str) -> None:
    page = far.confirm_form(alice, address).submit(alice, confirm=confirm)

    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert far.confirm_form(alice, address).action == address
    assert far.writes() == []


def test_wants_the_number_at_all(alice: Browser, far: Far, address: str) -> None:
    page = far.confirm_form(alice, address).submit(alice, confirm="")

    assert page.status_code == 422
    assert far.writes() == []


@pytest.mark.parametrize("what", ["added", "changed", "deleted"])
def test_shows_the_records_again_when_one_of_them_changed_meanwhile(
    alice: Browser, far: Far, address: str, what: str
) -> None:
    form = far.confirm_form(alice, address)
    if what == "added":
        far.add(30, "theirs@example.org")
    elif what == "changed":
        far.set(far.records[1], hostdata="theirs@example.org")
    else:
        far.remove(far.records[1])
    left = len(far.records)
    page = form.submit(alice, confirm=far.digits)

    assert page.status_code == 409
    assert "nothing was deleted" in notices_of(page)[0]
    assert len(far.records) == left
    assert far.writes() == []


def test_deletes_nothing_that_was_not_seen(alice: Browser, far: Far, address: str) -> None:
    page = alice.post(address, {"confirm": far.digits})

    assert page.status_code == 422
    assert text_of(page).count("This form is incomplete. Load the page again.") == 1
    assert far.writes() == []


def test_a_double_click_deletes_once(alice: Browser, far: Far, address: str) -> None:
    form = far.confirm_form(alice, address)
    form.submit(alice, confirm=far.digits)
    far.add(10, "added afterwards@example.org")
    again = form.submit(alice, confirm=far.digits)

    assert again["Location"] == far.address
    assert far.writes() == ["deleteall"]
    assert len(far.records) == 1


def test_shows_the_refusal_on_the_confirm_page_once(alice: Browser, far: Far, address: str) -> None:
    far.registry.fault("deleteall", "bad", error="Not all of them.")
    page = far.confirm_form(alice, address).submit(alice, confirm=far.digits)

    assert page.status_code == 422
    assert text_of(page).count("Elsewhere refused this and said: Not all of them.") == 1
    assert len(far.records) == 2


def test_a_number_without_records_has_nothing_to_delete(alice: Browser, far: Far, address: str) -> None:
    for record_id in far.records:
        far.remove(record_id)
    page = alice.get(address)

    assert page.status_code == 200
    assert "0 records" in text_of(page)


def test_is_nowhere_for_a_stranger(mallory: Browser, far: Far, address: str) -> None:
    assert mallory.get(address).status_code == 404
    assert mallory.post(address, {"confirm": far.digits}).status_code == 404
    assert far.registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.post(address), address)


def test_knows_no_other_numbers(alice: Browser, far: Far) -> None:
    base = f"/credentials/{far.credential.pk}/numbers"
    for number_id in ("0", "abc", "9" * 18, "9" * 19):
        assert alice.get(f"{base}/{number_id}/delete-all/").status_code == 404


def test_takes_only_get_and_post(alice: Browser, far: Far, address: str) -> None:
    assert alice.delete(address).status_code == 405
    assert far.writes() == []


def test_refuses_a_forged_post(careful: Browser, far: Far, address: str) -> None:
    fingerprint = far.confirm_form(careful, address).fields["fingerprint"]

    assert careful.post(address, {"fingerprint": fingerprint, "confirm": far.digits}).status_code == 403
    assert far.writes() == []

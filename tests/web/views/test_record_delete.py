"""Deleting one record behind a confirm page."""

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Outcome
from tests.web.views.far import Far
from tests.web.views.pages import asks_to_sign_in, notices_of, text_of


@pytest.fixture
def address(far: Far) -> str:
    """The confirm page of the first record."""
    return f"{far.record_address()}delete/"


def test_shows_what_is_lost_and_what_is_left_and_changes_nothing(alice: Browser, far: Far, address: str) -> None:
    page = alice.get(address)

    assert page.status_code == 200
    lost, left = text_of(page).split("What callers get afterwards")
    assert "sip:5550100.0@sip.example.org" in lost
    assert "sip:5550100.1@sip.example.org" not in lost
    assert "sip:5550100.1@sip.example.org" in left
    assert far.writes() == []
    assert not Change.objects.exists()


def test_says_that_nothing_is_left_after_the_last_record(alice: Browser, far: Far, address: str) -> None:
    far.remove(far.records[1])

    assert "Nothing: no record is left" in text_of(alice.get(address))


def test_deletes_that_record_and_says_so(alice: Browser, far: Far, address: str) -> None:
    first, second = far.records
    answer = far.confirm_form(alice, address).submit(alice)

    assert answer["Location"] == far.address
    assert notices_of(alice.get(far.address)) == ["The record was deleted. Undo"]
    assert far.records == [second]
    change = Change.objects.get()
    assert (change.command, change.record_id, change.outcome) == ("delete", first, Outcome.APPLIED)
    assert change.before[0].hostdata == "5550100.0@sip.example.org"
    assert [record.hostdata for record in change.after] == ["5550100.1@sip.example.org"]


def test_sends_the_confirmation_that_the_protocol_asks_for(alice: Browser, far: Far, address: str) -> None:
    far.confirm_form(alice, address).submit(alice)

    (delete,) = [received for received in far.registry.log if received.command == "delete"]
    assert delete.variables["confirm"] == "y"


def test_shows_the_records_again_when_this_one_was_changed_meanwhile(alice: Browser, far: Far, address: str) -> None:
    form = far.confirm_form(alice, address)
    far.set(far.records[0], hostdata="theirs@example.org")
    page = form.submit(alice)

    assert page.status_code == 409
    assert "The records changed meanwhile, so nothing was deleted." in notices_of(page)[0]
    assert "theirs@example.org" in page.content.decode()
    assert far.writes() == []


def test_shows_what_is_left_when_this_one_was_deleted_meanwhile(alice: Browser, far: Far, address: str) -> None:
    form = far.confirm_form(alice, address)
    far.remove(far.records[0])
    page = form.submit(alice)

    assert page.status_code == 409
    assert far.writes() == []


def test_deletes_all_the_same_when_another_record_was_changed_meanwhile(
    alice: Browser, far: Far, address: str
) -> None:
    form = far.confirm_form(alice, address)
    far.set(far.records[1], hostdata="theirs@example.org")

    assert form.submit(alice).status_code == 302


def test_a_double_click_deletes_once(alice: Browser, far: Far, address: str) -> None:
    form = far.confirm_form(alice, address)
    form.submit(alice)
    again = form.submit(alice)

    assert again["Location"] == far.address
    assert "This form was sent before" in notices_of(alice.get(far.address))[-1]
    assert far.writes() == ["delete"]


@pytest.mark.parametrize("fingerprint", ["", "x" * 101])
def test_deletes_nothing_that_was_not_seen(alice: Browser, far: Far, address: str, fingerprint: str) -> None:
    page = alice.post(address, {"fingerprint": fingerprint})

    assert page.status_code == 422
    assert text_of(page).count("This form is incomplete. Load the page again.") == 1
    assert far.writes() == []


def test_shows_the_refusal_on_the_confirm_page_once(alice: Browser, far: Far, address: str) -> None:
    far.registry.fault("delete", "bad", error="Not this one.")
    page = far.confirm_form(alice, address).submit(alice)

    assert page.status_code == 422
    assert text_of(page).count("Elsewhere refused this and said: Not this one.") == 1
    assert len(far.records) == 2


def test_a_record_of_another_number_is_not_found_here(alice: Browser, far: Far) -> None:
    other = next(iter(far.registry.store.numbers[far.registry.number_ids[1]].records))
    address = f"{far.address}records/{other}/delete/"

    assert alice.get(address).status_code == 404
    assert alice.post(address, {"fingerprint": "x"}).status_code == 404
    assert far.writes() == []


def test_is_nowhere_for_a_stranger(mallory: Browser, far: Far, address: str) -> None:
    assert mallory.get(address).status_code == 404
    assert mallory.post(address).status_code == 404
    assert far.registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.post(address), address)


def test_knows_no_other_ids(alice: Browser, far: Far) -> None:
    for record_id in ("0", "abc", "9" * 18, "9" * 19):
        assert alice.get(f"{far.address}records/{record_id}/delete/").status_code == 404


def test_takes_only_get_and_post(alice: Browser, far: Far, address: str) -> None:
    assert alice.delete(address).status_code == 405
    assert far.writes() == []


def test_refuses_a_forged_post(careful: Browser, far: Far, address: str) -> None:
    fingerprint = far.confirm_form(careful, address).fields["fingerprint"]

    assert careful.post(address, {"fingerprint": fingerprint}).status_code == 403
    assert far.writes() == []

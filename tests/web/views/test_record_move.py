"""Moving a record up and down."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Outcome
from dashboard.services.numbers import fingerprint
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, elements_of, notices_of, text_of


def _move(far: Far, browser: Browser, place: int, direction: str) -> object:
    form = far.form(browser, place)
    return form.submit(browser, f"{form.action}move/", direction=direction)


def _order(far: Far, browser: Browser) -> list[int]:
    shown = [given["id"] for given in elements_of(browser.get(far.address), "article")]
    return [int(name.removeprefix("record-")) for name in shown]


@pytest.mark.parametrize(("place", "direction"), [(0, "down"), (1, "up")])
def test_changes_places_with_the_neighbour_by_one_update(
    alice: Browser, far: Far, place: int, direction: str
) -> None:
    first, second = far.records
    answer = _move(far, alice, place, direction)

    assert answer["Location"] == far.address  # type: ignore[index]
    assert notices_of(alice.get(far.address)) == ["The record was moved."]
    assert _order(far, alice) == [second, first]
    assert far.writes() == ["update"]


def test_moves_only_the_record_and_not_what_it_says(alice: Browser, far: Far) -> None:
    _move(far, alice, 0, "down")

    moved = far.registry.store.records[far.records[0]]
    assert (moved.service, moved.hostdata) == ("SIP", "5550100.0@sip.example.org")


def test_numbers_the_records_anew_where_there_is_no_room(alice: Browser, far: Far) -> None:
    first, second = far.records
    third = far.add(20, "third@example.org")
    _move(far, alice, 0, "down")

    assert _order(far, alice) == [second, first, third]
    assert Change.objects.filter(outcome=Outcome.APPLIED).count() == len(far.writes()) > 1


@pytest.mark.parametrize(("place", "direction"), [(0, "up"), (1, "down")])
def test_leaves_the_first_and_the_last_where_they_are(alice: Browser, far: Far, place: int, direction: str) -> None:
    answer = _move(far, alice, place, direction)

    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert far.writes() == []


def test_a_record_that_was_changed_meanwhile_is_not_moved(alice: Browser, far: Far) -> None:
    form = far.form(alice)
    far.set(far.records[0], hostdata="theirs@example.org")
    page = form.submit(alice, f"{form.action}move/", direction="down")

    assert page.status_code == 409
    assert "The records changed meanwhile, so nothing was moved." in notices_of(page)[0]
    assert "theirs@example.org" in page.content.decode()
    assert far.writes() == []


def test_a_record_that_was_deleted_meanwhile_is_not_moved(alice: Browser, far: Far) -> None:
    form = far.form(alice)
    far.remove(far.records[0])
    page = form.submit(alice, f"{form.action}move/", direction="down")

    assert page.status_code == 409
    assert far.writes() == []


@pytest.mark.parametrize(
    "broken",
    [
        {"direction": "sideways"},
        {"direction": ""},
        {"fingerprint": ""},
        {"fingerprint": "x" * 101},
        {"submission": "abc"},
    ],
)
def test_says_so_when_the_form_is_incomplete(alice: Browser, far: Far, broken: dict[str, str]) -> None:
    form = far.form(alice)
    page = form.submit(alice, f"{form.action}move/", **({"direction": "down"} | broken))

    assert page.status_code == 422
    assert notices_of(page) == ["The record was not moved: the form was incomplete. Load the page again."]
    assert far.writes() == []


def test_a_double_click_moves_once(alice: Browser, far: Far) -> None:
    # The second move would be possible: the record keeps its preference by the first.
    far.set(far.records[0], preference="15")
    far.set(far.records[1], preference="15")
    third = far.add(20, "third@example.org")
    form = far.form(alice, 2)
    form.submit(alice, f"{form.action}move/", direction="up")
    sent = far.writes()
    again = form.submit(alice, f"{form.action}move/", direction="up")

    assert again["Location"] == far.address
    assert far.writes() == sent
    assert _order(far, alice)[1] == third


def test_says_what_the_registry_said_when_it_refused(alice: Browser, far: Far) -> None:
    far.registry.fault("update", "bad", error="On hold.")
    page = _move(far, alice, 0, "down")

    assert page.status_code == 422  # type: ignore[attr-defined]
    assert notices_of(page) == ["Elsewhere refused this and said: On hold. code: on-hold"]


def test_says_that_a_move_was_done_half(alice: Browser, far: Far) -> None:
    far.add(20, "third@example.org")
    far.registry.fault("update", "bad-silent", skip=1)
    page = _move(far, alice, 0, "down")

    assert page.status_code == 422  # type: ignore[attr-defined]
    assert notices_of(page)[0] == (
        "Elsewhere refused this and did not say why. "
        "The preferences of other records were changed before that; the history lists them."
    )
    assert far.writes() == ["update", "update"]


def test_a_move_of_which_nobody_knows_is_not_offered_again(
    alice: Browser, far: Far, set_deadline: Callable[[float], None]
) -> None:
    form = far.form(alice)
    set_deadline(1)
    far.registry.fault("update", "hang")
    far.registry.fault("getnaptr", "hang")
    far.registry.fault("show", "hang", skip=1)
    page = form.submit(alice, f"{form.action}move/", direction="down")

    assert page.status_code == 502
    assert "It is not known whether this took effect." in text_of(page)
    assert "Nothing was changed" not in text_of(page)
    assert "Try again" not in text_of(page)
    assert Change.objects.get().outcome == Outcome.UNKNOWN


def test_a_record_of_another_number_is_not_found_here(alice: Browser, far: Far) -> None:
    other = next(iter(far.registry.store.numbers[far.registry.number_ids[1]].records))
    form = far.form(alice)
    page = form.submit(alice, f"{far.address}records/{other}/move/", direction="down")

    assert page.status_code == 404
    assert far.writes() == []


def test_a_number_of_somebody_else_is_not_found(alice: Browser, far: Far) -> None:
    store = far.registry.store
    store.add_account("zaphod", "another")
    theirs = store.add_number("zaphod", "1", "200", "5550199")
    record = store.add_record(theirs, 10, "SIP", "z@example.org")
    address = f"/credentials/{far.credential.pk}/numbers/{theirs}/records/{record}/move/"

    assert far.form(alice).submit(alice, address, direction="down").status_code == 404
    assert far.writes() == []


def test_a_fingerprint_of_no_record_moves_no_record(alice: Browser, far: Far) -> None:
    page = alice.post(f"{far.address}records/999/move/", {"direction": "up", "fingerprint": fingerprint([])})

    assert page.status_code == 404


def test_is_nowhere_for_a_stranger(mallory: Browser, far: Far) -> None:
    page = mallory.post(f"{far.record_address()}move/", {"direction": "down", "fingerprint": "x"})

    assert page.status_code == 404
    assert far.registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, far: Far) -> None:
    address = f"{far.record_address()}move/"

    assert asks_to_sign_in(anonymous.post(address, typed()), address)


def test_knows_no_other_ids(alice: Browser, far: Far) -> None:
    assert alice.post(f"{far.address}records/abc/move/", {"direction": "up"}).status_code == 404


def test_takes_only_posts(alice: Browser, far: Far) -> None:
    assert alice.get(f"{far.record_address()}move/").status_code == 405
    assert far.registry.requests == 0


def test_refuses_a_forged_post(careful: Browser, far: Far) -> None:
    assert careful.post(f"{far.record_address()}move/", {"direction": "up"}).status_code == 403
    assert far.registry.requests == 0

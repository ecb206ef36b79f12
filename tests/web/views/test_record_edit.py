"""Changing a record in place."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Change, Credential, Outcome
from dashboard.registry.models import Number
from tests.web.views.far import Far, typed
from tests.web.views.pages import asks_to_sign_in, errors_of, form_to, notices_of, text_of


def test_changes_a_record_and_says_so(alice: Browser, far: Far) -> None:
    answer = far.form(alice).submit(alice, **typed())

    assert answer["Location"] == far.address
    assert notices_of(alice.get(far.address)) == ["The record was changed."]
    record = far.registry.store.records[far.records[0]]
    assert (record.preference, record.service, record.hostdata) == ("50", "SIP", "new@example.org")


def test_sends_one_update_with_all_four_variables(alice: Browser, far: Far) -> None:
    far.form(alice).submit(alice, **typed())

    (update,) = [received for received in far.registry.log if received.command == "update"]
    sent = {name: update.variables[name] for name in ("id", "order", "preference", "service", "hostdata")}
    assert sent == {
        "id": str(far.records[0]),
        "order": "100",
        "preference": "50",
        "service": "SIP",
        "hostdata": "new@example.org",
    }


def test_works_the_same_at_the_embedded_registry(alice: Browser, numbers: list[Number], address: str) -> None:
    record = numbers[0].records.order_by("preference").first()
    assert record is not None
    action = f"{address}records/{record.pk}/"
    answer = form_to(alice.get(address), action).submit(alice, hostdata="bob@example.org")

    assert answer["Location"] == address
    record.refresh_from_db()
    assert record.hostdata == "bob@example.org"
    assert Change.objects.get().outcome == Outcome.APPLIED


def test_the_address_of_a_record_is_the_page_of_its_number(alice: Browser, far: Far) -> None:
    page = alice.get(far.record_address())

    assert page.status_code == 200
    assert form_to(page, far.record_address()).fields["hostdata"] == "5550100.0@sip.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [("hostdata", ""), ("hostdata", "a\x07b"), ("hostdata", "y" * 9_999), ("preference", "x"), ("service", "NONE")],
)
def test_shows_the_form_again_and_loses_nothing_that_was_typed(
    alice: Browser, far: Far, name: str, value: str
) -> None:
    page = far.form(alice).submit(alice, **typed(**{name: value}))

    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    kept = form_to(page, far.record_address()).fields
    want = typed(**{name: value})
    assert {field: kept[field] for field in want if field != "service"} == {
        field: text for field, text in want.items() if field != "service"
    }
    assert far.writes() == []


def test_shows_the_other_records_as_they_are_beside_a_faulty_form(alice: Browser, far: Far) -> None:
    page = far.form(alice).submit(alice, **typed(hostdata=""))

    assert form_to(page, far.record_address(1)).fields["hostdata"] == "5550100.1@sip.example.org"


def test_a_form_that_was_shown_again_can_be_sent(alice: Browser, far: Far) -> None:
    page = far.form(alice).submit(alice, **typed(hostdata=""))
    answer = form_to(page, far.record_address()).submit(alice, hostdata="mended@example.org")

    assert answer.status_code == 302
    assert far.hostdata()[0] == "mended@example.org"


def test_says_that_the_form_is_incomplete_without_its_fingerprint(alice: Browser, far: Far) -> None:
    page = alice.post(far.record_address(), typed())

    assert page.status_code == 422
    assert "This form is incomplete. Load the page again." in text_of(page)
    assert form_to(page, far.record_address()).fields["hostdata"] == "new@example.org"
    assert far.writes() == []


@pytest.mark.parametrize("fingerprint", ["0", "x" * 100, "<script>", "0" * 64])
def test_a_fingerprint_of_something_else_is_a_conflict(alice: Browser, far: Far, fingerprint: str) -> None:
    page = alice.post(far.record_address(), typed(fingerprint=fingerprint))

    assert page.status_code == 409
    assert far.writes() == []


def test_a_shared_preference_that_was_there_before_does_not_block_an_edit(alice: Browser, far: Far) -> None:
    far.add(10, "third@example.org")
    answer = far.form(alice).submit(alice, hostdata="changed@example.org")

    assert answer.status_code == 302


def test_an_edit_that_changes_nothing_is_applied_all_the_same(alice: Browser, far: Far) -> None:
    assert far.form(alice).submit(alice).status_code == 302
    assert Change.objects.get().outcome == Outcome.APPLIED


def test_keeps_a_service_that_nobody_knows(alice: Browser, far: Far) -> None:
    record_id = far.add(90, "whatever, really", "x-fax")
    answer = far.form(alice, 2).submit(alice, preference="95")

    assert answer.status_code == 302
    assert far.registry.store.records[record_id].service == "x-fax"
    assert far.registry.store.records[record_id].hostdata == "whatever, really"


def test_writes_a_service_as_the_registry_names_it(alice: Browser, far: Far) -> None:
    far.set(far.records[0], service="sip")
    far.form(alice).submit(alice, service="sIp", hostdata="case@example.org")

    assert far.registry.store.records[far.records[0]].service == "SIP"


def test_a_registry_that_hangs_when_asked_for_its_services_can_still_be_written_to(
    alice: Browser, far: Far, set_deadline: Callable[[float], None]
) -> None:
    Credential.objects.update(services=[])
    set_deadline(2)
    far.registry.fault("listservices", "hang")

    assert far.form(alice).submit(alice, **typed()).status_code == 302
    assert far.hostdata()[0] == "new@example.org"


def test_a_record_of_another_number_is_not_found_here(alice: Browser, far: Far) -> None:
    other = next(iter(far.registry.store.numbers[far.registry.number_ids[1]].records))
    address = f"{far.address}records/{other}/"

    assert alice.get(address).status_code == 404
    assert alice.post(address, typed(fingerprint="x")).status_code == 404
    assert far.writes() == []


def test_a_record_of_somebody_else_is_not_found(alice: Browser, far: Far) -> None:
    store = far.registry.store
    store.add_account("zaphod", "another")
    theirs = store.add_record(store.add_number("zaphod", "1", "200", "5550199"), 10, "SIP", "z@example.org")
    form = far.form(alice)

    assert form.submit(alice, f"{far.address}records/{theirs}/").status_code == 404
    assert far.writes() == []


@pytest.mark.parametrize("record_id", ["abc", "-1", "0", "9" * 18, "9" * 19, "1.0", "%0A"])
def test_knows_no_other_records(alice: Browser, far: Far, record_id: str) -> None:
    address = f"{far.address}records/{record_id}/"

    assert alice.get(address).status_code == 404
    assert alice.post(address, typed(fingerprint="x")).status_code == 404


def test_is_nowhere_for_a_stranger(mallory: Browser, far: Far) -> None:
    assert mallory.get(far.record_address()).status_code == 404
    assert mallory.post(far.record_address(), typed(fingerprint="x")).status_code == 404
    assert far.registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, far: Far) -> None:
    assert asks_to_sign_in(anonymous.post(far.record_address()), far.record_address())


def test_takes_only_get_and_post(alice: Browser, far: Far) -> None:
    assert alice.delete(far.record_address()).status_code == 405
    assert far.writes() == []


def test_refuses_a_forged_post(careful: Browser, far: Far) -> None:
    form = far.form(careful)
    stolen = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}

    assert careful.post(form.action, stolen).status_code == 403
    assert far.writes() == []
    assert form.submit(careful).status_code == 302

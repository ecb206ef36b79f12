"""The page of one number: its records as forms, in the order in which telephone systems try them."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Change, Credential, MirroredNumber
from dashboard.registry.models import Number
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.store import Answer
from tests.web.views.pages import asks_to_sign_in, elements_of, form_to, notices_of, text_of


@pytest.fixture
def far(remote: Credential, registry: FaultyRegistry) -> str:
    """The page of the remote credential's first number."""
    return f"/credentials/{remote.pk}/numbers/{registry.number_ids[0]}/"


def test_shows_a_form_for_each_record_with_what_it_becomes(
    alice: Browser, numbers: list[Number], address: str
) -> None:
    page = alice.get(address)

    assert page.status_code == 200
    record = numbers[0].records.order_by("preference").first()
    assert record is not None
    form = form_to(page, f"{address}records/{record.pk}/")
    assert (form.fields["service"], form.fields["hostdata"], form.fields["preference"]) == (
        "SIP",
        "alice@example.org",
        "10",
    )
    assert form.fields["fingerprint"]
    said = text_of(page)
    assert "+1 604 555 0123" in said
    assert "Canada" in said
    assert "sip:alice@example.org" in said
    assert '100 10 "u" "E2U+sip" "!^.*$!sip:alice@example.org!" .' in said


def test_shows_the_records_in_the_order_in_which_they_are_tried(
    alice: Browser, registry: FaultyRegistry, far: str
) -> None:
    number = registry.number_ids[0]
    for record_id in list(registry.store.numbers[number].records):
        del registry.store.numbers[number].records[record_id]
    ids = [
        registry.store.add_record(number, preference, "SIP", f"p{preference}@example.org")
        for preference in (30, 5, 20)
    ]
    page = alice.get(far)

    shown = [given["id"] for given in elements_of(page, "article")]
    assert shown == [f"record-{ids[place]}" for place in (1, 2, 0)]


def test_has_no_arrow_up_at_the_first_and_none_down_at_the_last(
    alice: Browser, numbers: list[Number], address: str
) -> None:
    page = alice.get(address)
    first, middle, last = (
        [value for _, value, _ in form_to(page, f"{address}records/{record.pk}/").buttons if value in {"up", "down"}]
        for record in numbers[0].records.order_by("preference")
    )

    assert (first, middle, last) == (["down"], ["up", "down"], ["up"])


def test_asks_the_registry_once(alice: Browser, registry: FaultyRegistry, far: str) -> None:
    alice.get(far)

    assert [received.command for received in registry.log] == ["show"]


def test_costs_the_same_for_two_records_and_for_forty(alice: Browser, registry: FaultyRegistry, far: str) -> None:
    alice.get(far)
    with CaptureQueriesContext(connection) as few:
        alice.get(far)
    for place in range(38):
        registry.store.add_record(registry.number_ids[0], 100 + place, "SIP", f"{place}@example.net")
    alice.get(far)  # remembers what there is now
    Change.objects.all().delete()  # that it was changed elsewhere is in the history, which the page tells of
    with CaptureQueriesContext(connection) as many:
        page = alice.get(far)

    assert len(elements_of(page, "article")) == 40
    assert len(many) == len(few)
    assert registry.requests == registry.count("show") == 4


def test_remembers_how_many_records_there_are(alice: Browser, registry: FaultyRegistry, far: str) -> None:
    alice.get(far)

    assert [known.record_count for known in MirroredNumber.objects.all()] == [2]


def test_a_number_without_records_is_found_through_the_list(
    alice: Browser, registry: FaultyRegistry, far: str
) -> None:
    registry.store.numbers[registry.number_ids[0]].records.clear()
    page = alice.get(far)

    assert page.status_code == 200
    assert "No records" in text_of(page)
    assert "+1 200 555 0100" in text_of(page)
    assert [received.command for received in registry.log] == ["show", "list"]


def test_a_service_that_nobody_knows_is_kept_and_shown(alice: Browser, registry: FaultyRegistry, far: str) -> None:
    record_id = registry.store.add_record(registry.number_ids[0], 90, "x-<i>FAX</i>", "whatever, really")
    page = alice.get(far)

    assert form_to(page, f"{far}records/{record_id}/").fields["service"] == "x-<i>FAX</i>"
    assert "No DNS form is known for this service." in text_of(page)
    assert "<i>FAX" not in page.content.decode()


@pytest.mark.parametrize(
    "hostdata",
    ["", " ", "!^.*$!sip:x!", "\\1", '"quoted"', "<script>alert(1)</script>", "🎉@example.org", "x" * 9_000],
)
def test_shows_whatever_a_registry_holds(alice: Browser, registry: FaultyRegistry, far: str, hostdata: str) -> None:
    record_id = registry.store.add_record(registry.number_ids[0], 90, "SIP", hostdata)
    page = alice.get(far)

    assert page.status_code == 200
    assert form_to(page, f"{far}records/{record_id}/").fields["hostdata"].strip() == hostdata.strip()
    assert "<script>alert" not in page.content.decode()


def test_works_where_the_registry_does_not_say_which_services_it_takes(
    alice: Browser, remote: Credential, registry: FaultyRegistry, far: str
) -> None:
    Credential.objects.filter(pk=remote.pk).update(services=[])
    registry.fault("listservices", "bad")
    page = alice.get(far)

    assert page.status_code == 200
    assert {"SIP", "XMPP", "sms:tel"} <= {given.get("value") for given in elements_of(page, "option")}


@pytest.mark.parametrize("names", ['"><script>alert(1)</script>', "a" * 5_000, "SIP,SIP,sip", "🎉", ",,,", " "])
def test_shows_whatever_services_a_registry_names(
    alice: Browser, remote: Credential, registry: FaultyRegistry, far: str, names: str
) -> None:
    answer = registry.store.answer
    registry.store.answer = lambda form: (  # type: ignore[method-assign]
        Answer(rows=(names,)) if form["command"] == "listservices" else answer(form)
    )
    Credential.objects.update(services=[])
    page = alice.get(far)

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert alice.post(f"/credentials/{remote.pk}/check/").status_code == 302
    assert "<script>alert" not in alice.get(f"/credentials/{remote.pk}/").content.decode()


def test_a_number_of_somebody_else_is_not_found(alice: Browser, registry: FaultyRegistry, remote: Credential) -> None:
    registry.store.add_account("zaphod", "another")
    theirs = registry.store.add_number("zaphod", "1", "200", "5550199")

    assert alice.get(f"/credentials/{remote.pk}/numbers/{theirs}/").status_code == 404


@pytest.mark.parametrize("number_id", ["0", "1", "99999", "9" * 18])
def test_a_number_that_is_not_there_is_not_found(alice: Browser, remote: Credential, number_id: str) -> None:
    assert alice.get(f"/credentials/{remote.pk}/numbers/{number_id}/").status_code == 404


@pytest.mark.parametrize("number_id", ["abc", "-1", "1.5", "9" * 19, "9" * 5_000, "1e3", "0x1", "１", "%0A1", "1;"])
def test_an_id_that_is_no_number_is_not_found_and_not_asked_for(
    alice: Browser, remote: Credential, registry: FaultyRegistry, number_id: str
) -> None:
    assert alice.get(f"/credentials/{remote.pk}/numbers/{number_id}/").status_code == 404
    assert registry.requests == 0


def test_a_number_that_the_registry_refuses_to_show_is_no_missing_one(
    alice: Browser, registry: FaultyRegistry, far: str
) -> None:
    registry.fault("show", "bad", error="On hold, ask <support>.")
    page = alice.get(far)

    assert page.status_code == 502
    assert notices_of(page) == ["The registry refused: On hold, ask <support>. code: on-hold"]


def test_is_nowhere_for_a_stranger(mallory: Browser, registry: FaultyRegistry, far: str) -> None:
    assert mallory.get(far).status_code == 404
    assert registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, far: str) -> None:
    assert asks_to_sign_in(anonymous.get(far), far)


def test_takes_only_get_head_and_post(alice: Browser, far: str) -> None:
    assert alice.put(far).status_code == 405
    assert alice.head(far).status_code == 200


def test_a_page_that_was_drawn_before_has_the_tokens_of_who_asks(
    alice: Browser, careful: Browser, registry: FaultyRegistry, far: str
) -> None:
    record_id = next(iter(registry.store.numbers[registry.number_ids[0]].records))
    address = f"{far}records/{record_id}/"
    hers = form_to(alice.get(far), address).fields

    form = form_to(careful.get(far), address)

    assert form.fields["csrfmiddlewaretoken"] != hers["csrfmiddlewaretoken"]
    assert form.fields["submission"] != hers["submission"]
    assert form.submit(careful, hostdata="new@example.org").status_code == 302

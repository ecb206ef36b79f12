"""What was typed elsewhere on a number's page stays, whatever is sent, and each record has an outcome of its own."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client as Browser

from dashboard.models import Change, Outcome
from dashboard.protocol import RecordState
from dashboard.services.numbers import RECORDS_SHOWN, fingerprint
from dashboard.services.records.carried import MAX_CARRIED
from dashboard.web.forms.number import NumberForm
from dashboard.web.forms.services import options_of
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of, errors_of, form_to, notices_of, page_form, text_of

MINE = "typed@example.net"


@pytest.fixture
def sent(alice: Browser, far: Far) -> dict[str, list[str]]:
    """What the form of a fresh page sends; somebody has typed into the second record and not saved it."""
    sent = page_form(alice.get(far.address), far.address)
    sent["hostdata"][1] = MINE
    return sent


def shown(page: Any, far: Far, place: int = 1) -> dict[str, str]:
    """The fields of a record as the page has them."""
    return form_to(page, far.record_address(place)).fields


def test_saving_one_record_keeps_what_was_typed_for_another(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    sent["hostdata"][0] = "saved@example.org"
    page = alice.post(far.record_address(0), sent)

    assert page.status_code == 200
    assert shown(page, far)["hostdata"] == MINE
    assert notices_of(page) == ["The record was changed."]
    assert far.hostdata() == ["saved@example.org", "5550100.1@sip.example.org"]
    assert far.writes() == ["update"]


@pytest.mark.parametrize("name", ["service", "preference"])
def test_every_field_is_kept(alice: Browser, far: Far, sent: dict[str, list[str]], name: str) -> None:
    sent[name][1] = {"service": "IAX2", "preference": "77"}[name]
    page = alice.post(far.record_address(0), sent)

    assert shown(page, far)[name] == sent[name][1]


def test_what_cannot_be_saved_is_kept_too(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    sent["hostdata"][1], sent["preference"][1] = "two words", "ten"
    page = alice.post(far.record_address(0), sent)

    assert (shown(page, far)["hostdata"], shown(page, far)["preference"]) == ("two words", "ten")
    assert errors_of(page) == []  # nobody has sent it yet


def test_what_was_kept_can_be_saved_then(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    page = alice.post(far.record_address(0), sent)
    answer = alice.post(far.record_address(1), page_form(page, far.address))

    assert answer["Location"] == far.address
    assert far.hostdata()[1] == MINE


@pytest.mark.parametrize(("place", "direction"), [(0, "down"), (1, "up")])
def test_moving_a_record_keeps_what_was_typed(
    alice: Browser, far: Far, sent: dict[str, list[str]], place: int, direction: str
) -> None:
    page = alice.post(f"{far.record_address(place)}move/", {**sent, "direction": direction})

    assert page.status_code == 200
    assert notices_of(page) == ["The record was moved."]
    assert shown(page, far)["hostdata"] == MINE
    answer = alice.post(far.record_address(1), page_form(page, far.address))
    assert answer["Location"] == far.address  # its own move is no conflict
    assert far.hostdata()[1] == MINE
    first, second = (far.registry.store.records[record_id] for record_id in far.records)
    assert int(second.preference) < int(first.preference)


def test_an_error_keeps_what_was_typed(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    sent["hostdata"][0] = ""
    page = alice.post(far.record_address(0), sent)

    assert page.status_code == 422
    assert shown(page, far)["hostdata"] == MINE


def test_a_registry_that_cannot_be_asked_keeps_what_was_typed(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    far.registry.fault("show", "garbage")
    page = alice.post(far.record_address(0), sent)
    assert page.status_code == 502
    again = form_to(page, far.record_address(0))
    kept = [given["value"] for given in elements_of(page, "input") if given.get("name") == "hostdata"]

    assert kept == ["5550100.0@sip.example.org", MINE]
    assert again.method == "post"
    # The heading's button belongs to it.
    assert [form["id"] for form in elements_of(page, "form") if "id" in form] == ["records-form"]


def test_asking_for_a_new_record_keeps_what_was_typed(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    page = alice.post(f"{far.address}add/", {**sent, "blank": "1"})

    assert page.status_code == 200
    assert form_to(page, f"{far.address}add/").fields["hostdata"] == ""
    assert shown(page, far)["hostdata"] == MINE
    assert far.writes() == []


def test_adding_a_record_keeps_what_was_typed(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    page = alice.post(f"{far.address}add/", {**sent, "blank": "1"})
    filled = page_form(page, far.address)
    filled["hostdata"][2] = "third@example.org"
    page = alice.post(f"{far.address}add/", filled)

    assert shown(page, far)["hostdata"] == MINE
    assert far.hostdata()[2] == "third@example.org"
    assert notices_of(page) == ["The record was added."]


def test_saving_a_record_keeps_the_form_of_a_new_one(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    filled = page_form(alice.post(f"{far.address}add/", {**sent, "blank": "1"}), far.address)
    filled["hostdata"][2] = "third@example.org"
    page = alice.post(far.record_address(0), filled)

    assert form_to(page, f"{far.address}add/").fields["hostdata"] == "third@example.org"
    assert far.writes() == ["update"]


def test_giving_up_a_new_record_keeps_what_was_typed_for_others(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    filled = page_form(alice.post(f"{far.address}add/", {**sent, "blank": "1"}), far.address)
    page = alice.post(far.address, {**filled, "reset": "new"})

    assert shown(page, far)["hostdata"] == MINE
    assert "New record" not in page.content.decode()
    assert far.writes() == []


def test_saving_all_writes_each_record_that_was_typed_into(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    far.add(90, "third@example.org")
    sent = page_form(alice.get(far.address), far.address)
    sent["hostdata"][0], sent["hostdata"][1] = "first@example.net", MINE
    answer = alice.post(far.address, sent)

    assert answer["Location"] == far.address
    assert far.hostdata() == ["first@example.net", MINE, "third@example.org"]
    assert far.writes() == ["update", "update"]
    assert notices_of(alice.get(far.address)) == ["The record was changed."] * 2


def test_of_saving_all_each_record_has_its_own_outcome(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    sent["hostdata"][0] = "two words"
    page = alice.post(far.address, sent)

    assert page.status_code == 422
    assert far.hostdata() == ["5550100.0@sip.example.org", MINE]
    assert len(errors_of(page)) == 1
    assert shown(page, far, 0)["hostdata"] == "two words"
    assert notices_of(page) == ["The record was changed."]


def test_saving_all_again_sends_nothing_twice(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    alice.post(far.address, sent)
    alice.post(far.address, sent)

    assert far.writes() == ["update"]
    assert Change.objects.get().outcome == Outcome.APPLIED


def test_saving_all_of_nothing_says_so(alice: Browser, far: Far) -> None:
    answer = alice.post(far.address, page_form(alice.get(far.address), far.address))

    assert answer["Location"] == far.address
    assert notices_of(alice.get(far.address)) == ["Nothing on this page was changed, so nothing was sent."]
    assert far.writes() == []


def test_a_blank_new_record_is_not_sent_along(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    filled = page_form(alice.post(f"{far.address}add/", {**sent, "blank": "1"}), far.address)
    alice.post(far.address, filled)

    assert far.writes() == ["update"]


def test_what_a_colleague_changed_meanwhile_is_shown_where_nobody_typed(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    far.set(far.records[0], hostdata="theirs@example.org")
    page = alice.post(far.record_address(1), sent)

    assert page.status_code == 302
    assert shown(alice.get(far.address), far, 0)["hostdata"] == "theirs@example.org"


def test_what_a_colleague_changed_meanwhile_stands_beside_what_was_typed(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    far.set(far.records[1], hostdata="theirs@example.org")
    page = alice.post(far.record_address(0), sent)

    assert shown(page, far)["hostdata"] == MINE
    assert "At the registry now" in text_of(page)
    assert "theirs@example.org" in text_of(page)
    assert shown(page, far)["fingerprint"] != sent["fingerprint"][1]


def test_a_conflict_keeps_what_was_typed_for_others(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    far.set(far.records[0], hostdata="theirs@example.org")
    sent["hostdata"][0] = "mine@example.org"
    page = alice.post(far.record_address(0), sent)

    assert page.status_code == 409
    assert (shown(page, far, 0)["hostdata"], shown(page, far, 1)["hostdata"]) == ("mine@example.org", MINE)
    left = alice.post(far.address, {**page_form(page, far.address), "reset": str(far.records[0])})
    assert (shown(left, far, 0)["hostdata"], shown(left, far, 1)["hostdata"]) == ("theirs@example.org", MINE)
    assert far.writes() == []


def test_what_was_typed_for_a_record_that_a_colleague_deleted_can_be_added(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    gone = far.records[1]
    far.remove(gone)
    page = alice.post(far.record_address(0), sent)
    assert "Somebody else deleted this record while you were editing it." in text_of(page)
    answer = form_to(page, far.again_address(gone)).submit(alice)

    assert answer["Location"] == far.address
    assert far.hostdata()[-1] == MINE


def test_a_record_that_a_colleague_deleted_and_nobody_typed_into_is_gone(alice: Browser, far: Far) -> None:
    sent = page_form(alice.get(far.address), far.address)
    far.remove(far.records[1])
    sent["hostdata"][0] = "mine@example.org"

    assert alice.post(far.record_address(0), sent)["Location"] == far.address


@pytest.mark.parametrize("name", ["service", "hostdata", "preference", "fingerprint", "submission"])
def test_a_form_whose_values_cannot_be_told_apart_is_incomplete(
    alice: Browser, far: Far, sent: dict[str, list[str]], name: str
) -> None:
    sent[name].pop()
    page = alice.post(far.record_address(0), sent)

    assert page.status_code in {409, 422}
    assert far.writes() == []


@pytest.mark.parametrize("key", ["", "x", "-1", "٣", "1" * 19, "<script>", "new"])
def test_nonsense_for_a_record_is_no_error_of_ours(
    alice: Browser, far: Far, sent: dict[str, list[str]], key: str
) -> None:
    sent["record"][1] = key
    page = alice.post(far.record_address(0), sent)

    assert page.status_code in {200, 302}
    assert far.writes() == ["update"]


def test_the_page_says_what_has_the_focus(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    """Without a script too: the first error, else a form that was asked for, else what came of it."""

    def focused(page: Any) -> list[str]:
        named = elements_of(page, "input") + elements_of(page, "select") + elements_of(page, "p")
        return [given.get("id", given.get("class", "")) for given in named if "autofocus" in given]

    assert focused(alice.get(far.address)) == []
    assert focused(alice.get(f"{far.address}add/")) == ["id_new_service"]
    assert focused(alice.get(far.record_address(1))) == [f"id_{far.records[1]}_hostdata"]
    wrong = alice.post(far.record_address(1), {**sent, "hostdata": ["", ""], "preference": ["", ""]})
    assert focused(wrong) == [f"id_{far.records[1]}_hostdata"]
    alice.post(far.record_address(0), typed(fingerprint=fingerprint_of(far, 0)))
    assert focused(alice.get(far.address)) == ["outcome outcome-success"]


def fingerprint_of(far: Far, place: int) -> str:
    """What a program would send that has seen the record."""
    row = far.registry.store.records[far.records[place]]
    state = RecordState(
        id=far.records[place],
        preference=int(row.preference),
        service=row.service,
        hostdata=row.hostdata,
    )
    return fingerprint([state])


def test_a_second_look_at_what_was_typed_for_a_deleted_record_adds_that_one(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    """Also where the form of a new record stands below it."""
    filled = page_form(alice.post(f"{far.address}add/", {**sent, "blank": "1"}), far.address)
    filled["hostdata"][1], filled["hostdata"][2] = "sip:bob@10.0.0.7", "third@example.org"
    gone = far.records[1]
    far.remove(gone)
    add = far.again_address(gone)
    looked = alice.post(add, filled)
    assert looked.status_code == 422
    (accepted,) = [button for button in elements_of(looked, "button") if button.get("name") == "accepted"]
    assert accepted["formaction"] == add
    page = alice.post(accepted["formaction"], {**page_form(looked, far.address), "accepted": accepted["value"]})

    assert far.hostdata()[1:] == ["sip:bob@10.0.0.7"]
    assert form_to(page, f"{far.address}add/").fields["hostdata"] == "third@example.org"
    assert "Somebody else deleted" not in text_of(page)


def test_what_came_before_a_failure_is_not_denied(alice: Browser, far: Far, sent: dict[str, list[str]]) -> None:
    sent["hostdata"][0] = "first@example.net"
    # Read for the page, and for the first record; what is asked after that fails.
    far.registry.fault("show", "garbage", skip=2, times=1)
    page = alice.post(far.address, sent)

    assert page.status_code == 502
    assert "Nothing was changed." not in text_of(page)
    assert "Something was sent before the registry failed" in text_of(page)
    assert far.hostdata() == ["first@example.net", "5550100.1@sip.example.org"]
    again: dict[str, list[str]] = {name: [] for name in sent}
    for given in elements_of(page, "input"):
        if given.get("name") in again:
            again[given["name"]].append(given["value"])
    assert alice.post(far.address, again).status_code == 302
    assert far.hostdata() == ["first@example.net", MINE]
    assert far.writes() == ["update", "update"]


def test_a_double_click_that_saves_all_says_what_the_first_click_did(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    alice.post(far.address, sent)
    alice.get(far.address)
    alice.post(far.address, sent)

    assert notices_of(alice.get(far.address)) == [
        "This form was sent before and is not sent twice. Its outcome: applied."
    ]


def test_a_double_click_that_moves_a_record_leaves_what_was_typed_for_it_to_be_saved(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    pressed = {**sent, "direction": "up"}
    alice.post(f"{far.record_address(1)}move/", pressed)
    page = alice.post(f"{far.record_address(1)}move/", pressed)
    answer = alice.post(far.record_address(1), page_form(page, far.address))

    assert answer["Location"] == far.address
    assert far.hostdata()[1] == MINE


def test_a_new_record_that_is_not_on_the_page_is_not_made_of_another(
    alice: Browser, far: Far, sent: dict[str, list[str]]
) -> None:
    page = alice.post(f"{far.address}add/", sent)

    assert page.status_code == 422
    assert far.writes() == []


def test_a_number_of_a_block_is_looked_at_on_the_page_of_the_number(alice: Browser, far: Far) -> None:
    """After a move without a script, the page has an address that cannot be asked for."""
    far.registry.store.numbers[far.number].local += "*"
    page = alice.get(far.address)

    assert [form["action"] for form in elements_of(page, "form") if form.get("class") == "callers-dialled"] == [
        far.address
    ]


def test_the_heading_can_ask_for_a_record_after_the_last_row_is_gone(alice: Browser, far: Far) -> None:
    for record_id in far.records:
        far.remove(record_id)
    page = alice.post(far.address, {"reset": "new"})
    empty = alice.get(page["Location"])

    forms = [form for form in elements_of(empty, "form") if form.get("action") == far.address]
    assert [form["id"] for form in forms] == ["records-form"]


def test_the_largest_page_can_be_sent(alice: Browser, far: Far) -> None:
    """As many records as a page shows, each as long as the wire takes, and all of it encoded."""
    sent = {
        "carried": ["x" * MAX_CARRIED],
        "record": [str(10**9 + place) for place in range(RECORDS_SHOWN)],
        "service": ["E2U+VOICEMSG:HTTPS"] * RECORDS_SHOWN,
        "hostdata": ["ü" * 127] * RECORDS_SHOWN,
        "preference": ["65535"] * RECORDS_SHOWN,
        "fingerprint": [f"{10**9}-{'f' * 64}"] * RECORDS_SHOWN,
        "submission": ["6f1c2d1e-0000-4000-8000-000000000000"] * RECORDS_SHOWN,
    }
    page = alice.post("/preview/", urlencode(sent, doseq=True), content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200


@pytest.mark.parametrize("written", [{"order": 10}, {"service": "sip"}])
def test_a_record_that_is_written_otherwise_than_its_form_and_nobody_typed_into_is_no_conflict(
    written: dict[str, Any],
) -> None:
    seen = replace(RecordState(id=5, preference=20, service="SIP", hostdata="ours@example.org"), **written)
    post = QueryDict(mutable=True)
    post.update({"record": "5", "service": "SIP", "hostdata": "ours@example.org", "preference": "20"})
    post.update({"fingerprint": fingerprint([seen]), "submission": str(uuid4())})
    now = [replace(seen, hostdata="theirs@example.org")]

    assert NumberForm(post, options_of(["SIP"])).typed(now) == {}
    post["hostdata"] = MINE
    assert list(NumberForm(post, options_of(["SIP"])).typed(now)) == ["5"]


def test_everything_that_happened_to_a_record_is_said(alice: Browser, far: Far) -> None:
    far.form(alice, 1).submit(alice, **typed("first@example.org"))
    form = far.form(alice, 1)
    form.submit(alice, f"{form.action}move/", direction="up")

    assert notices_of(alice.get(far.address))[-1] == "The record was moved."
    for hostdata in ("second@example.org", "third@example.org"):
        alice.post(far.record_address(0), typed(hostdata, fingerprint=fingerprint_of(far, 0)))
    assert notices_of(alice.get(far.address)) == ["The record was changed."] * 2

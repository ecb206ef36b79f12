"""The preview beside a form, which follows every key stroke and asks no registry."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard.models import Change, Exchange
from dashboard.protocol import Number
from dashboard.services.records.callers import Callers
from dashboard.services.records.carried import carry
from tests.web.views.far import Far
from tests.web.views.pages import SIGN_IN, elements_of, page_form, text_of

ADDRESS = "/preview/"
DRAFT = {"number": "12005550100", "service": "SIP", "hostdata": "alice@example.org", "preference": "10"}


def test_shows_the_naptr_and_whom_a_caller_reaches(alice: Browser) -> None:
    page = alice.post(ADDRESS, DRAFT)

    assert page.status_code == 200
    assert text_of(page) == (
        'A caller reaches sip:alice@example.org In the DNS 100 10 "u" "E2U+sip" "!^.*$!sip:alice@example.org!" .'
    )


def test_asks_no_registry_and_writes_nothing(alice: Browser, far: Far) -> None:
    alice.post(ADDRESS, DRAFT)
    with CaptureQueriesContext(connection) as queries:
        alice.post(ADDRESS, DRAFT)

    assert far.registry.requests == 0
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries)
    assert not Change.objects.exists()
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"preference": "9" * 5_000},
        {"preference": "-1"},
        {"preference": "１"},
        {"preference": "²"},
        {"preference": ""},
        {"hostdata": "\x00\x07"},
        {"hostdata": "!\\1\"'"},
        {"hostdata": "<script>alert(1)</script>"},
        {"hostdata": "🎉@example.org"},
        {"hostdata": "x" * 10_000},
        {"service": "<script>"},
        {"service": "x" * 10_000},
        {"service": "ſıp"},
        {"number": "abc"},
        {"number": "1" * 10_000},
        {"number": "٣٣"},
    ],
)
def test_answers_whatever_is_typed(alice: Browser, odd: dict[str, str]) -> None:
    page = alice.post(ADDRESS, DRAFT | odd if odd else {})

    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    assert len(page.content) < 10_000


def test_says_that_a_draft_leads_nowhere_yet(alice: Browser) -> None:
    assert "Not usable yet" in text_of(alice.post(ADDRESS, DRAFT | {"hostdata": ""}))


def test_says_that_a_service_has_no_known_form(alice: Browser) -> None:
    assert "No DNS form is known" in text_of(alice.post(ADDRESS, DRAFT | {"service": "x-fax"}))


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser) -> None:
    page = anonymous.post(ADDRESS)

    assert page.status_code == 302
    assert page["Location"].startswith(SIGN_IN)


def test_takes_nothing_in_its_address(alice: Browser) -> None:
    """An address has no room for what people may paste, and stands in logs."""
    assert alice.get(ADDRESS, DRAFT).status_code == 405


def test_answers_the_longest_text_that_people_paste(alice: Browser) -> None:
    assert alice.post(ADDRESS, DRAFT | {"hostdata": "x" * 100_000}).status_code == 200


def test_looks_at_the_record_that_is_typed_into_among_all_of_the_page(alice: Browser, far: Far) -> None:
    page = alice.get(far.address)
    sent = page_form(page, far.address)
    sent["hostdata"][1] = "typed@example.org"
    answer = alice.post(ADDRESS, {**sent, "of": str(far.records[1])})

    assert "sip:typed@example.org" in text_of(answer)


def test_warns_of_no_lost_callers_where_the_record_cannot_be_saved(alice: Browser, far: Far) -> None:
    sent = page_form(alice.get(far.address), far.address)
    sent["hostdata"][0] = "two words"
    answer = alice.post(ADDRESS, {**sent, "of": str(far.records[0])})

    assert "preview-error" in answer.content.decode()
    assert "no longer" not in text_of(answer)
    assert "any more" not in text_of(answer)
    assert not elements_of(answer, "li")


def test_a_target_in_the_place_of_another_takes_nothing_away(alice: Browser, far: Far) -> None:
    sent = page_form(alice.get(far.address), far.address)
    sent["hostdata"][0] = "elsewhere@example.org"
    answer = alice.post(ADDRESS, {**sent, "of": str(far.records[0])})

    assert [given["class"] for given in elements_of(answer, "li")] == ["system callers-used"] * 6
    assert "preview-warning" not in answer.content.decode()
    assert "any more" not in text_of(answer)


def test_a_block_shows_its_back_reference_and_what_one_of_its_numbers_reaches(alice: Browser) -> None:
    page = alice.post(ADDRESS, DRAFT | {"number": "1200555*", "hostdata": "{rest}@gw.example.org"})

    assert text_of(page) == (
        "A caller reaches sip:0000@gw.example.org In the DNS "
        r'100 10 "u" "E2U+sip" "!^\\+?1200555(.*)$!sip:\\1@gw.example.org!" .'
    )
    assert "write its digits" in text_of(alice.post(ADDRESS, DRAFT | {"hostdata": "{rest}@gw.example.org"}))


def test_the_number_that_is_looked_at_in_a_block_may_be_chosen(alice: Browser) -> None:
    number = Number(id=1, country="1", area="200", local="555*")
    carried = carry(Callers(number, ()))
    draft = DRAFT | {"carried": carried, "hostdata": "{rest}@gw.example.org"}

    assert "sip:0000@gw.example.org" in text_of(alice.post(ADDRESS, draft))
    assert "sip:0123@gw.example.org" in text_of(alice.post(ADDRESS, draft | {"dialled": "+1 200 555 0123"}))

"""A record among the other records of its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import check_draft
from dashboard.protocol import RecordData, RecordState
from tests.enum.strategies import as_held, draft, held, nasty_drafts

NUMBER = "442079460148"


ALICE = draft("SIP", "alice@example.org", 10)


def among(*siblings: RecordState) -> list[tuple[str, str, str]]:
    problems = check_draft(ALICE, NUMBER, siblings)
    return [(problem.severity, problem.field, problem.code) for problem in problems]


def test_a_record_alone_has_no_quarrel() -> None:
    assert among() == []


def test_records_with_different_targets_and_preferences_get_along() -> None:
    assert among(held("SIP", "bob@example.org", 20), held("XMPP", "alice@example.org", 30)) == []


def test_the_same_preference_is_a_warning_for_that_field() -> None:
    assert among(held("SIP", "bob@example.org", 10)) == [("warning", "preference", "duplicate")]
    (problem,) = check_draft(ALICE, NUMBER, [held("SIP", "bob@example.org", 10)])
    assert problem.params == {"preference": 10}
    assert "preference 10" in str(problem)


def test_the_same_preference_in_another_order_is_no_clash() -> None:
    assert among(held("SIP", "bob@example.org", 10, order=200)) == []
    assert among(held("SIP", "bob@example.org", 10, order=100)) == [("warning", "preference", "duplicate")]


def test_the_order_of_the_record_itself_can_be_given() -> None:
    sibling = held("SIP", "bob@example.org", 10, order=200)
    (problem,) = check_draft(ALICE, NUMBER, [sibling], order=200)
    assert problem.code == "duplicate"


@pytest.mark.parametrize(
    "sibling",
    [
        held("SIP", "alice@example.org", 10),
        held("sip", "alice@example.org", 10),
        held("SIP", "sip:alice@example.org", 10),
        held("E2U+sip", "SIP:alice@example.org.", 10),
        RecordState(id=None, preference=10, service="SIP", hostdata="alice@example.org"),
    ],
)
def test_a_record_that_is_there_already_is_refused_however_it_is_written(sibling: RecordState) -> None:
    assert among(sibling) == [("error", "hostdata", "identical")]


def test_the_same_target_at_another_place_is_a_warning_that_says_where() -> None:
    assert among(held("SIP", "sip:alice@example.org", 30)) == [("warning", "hostdata", "same-target")]
    (problem,) = check_draft(ALICE, NUMBER, [held("SIP", "alice@example.org", 30)])
    assert "preference 30" in str(problem)


def test_a_user_part_in_other_letters_is_another_user() -> None:
    assert among(held("SIP", "Alice@example.org", 30)) == []


def test_the_same_target_and_another_with_the_same_preference_are_both_said() -> None:
    assert among(held("SIP", "alice@example.org", 30), held("SIP", "bob@example.org", 10)) == [
        ("warning", "hostdata", "same-target"),
        ("warning", "preference", "duplicate"),
    ]


def test_two_names_of_one_enumservice_are_the_same_record() -> None:
    mail = draft("MAILTO", "alice@example.org", 10)
    problems = check_draft(mail, NUMBER, [held("email:mailto", "alice@example.org", 10)])
    assert [problem.code for problem in problems] == ["identical", "privacy"]


def test_web_pages_of_two_schemes_are_two_records() -> None:
    page = draft("WEB", "http://example.org", 10)
    assert check_draft(page, NUMBER, [held("WEB", "https://example.org", 20)]) == []
    (problem,) = check_draft(page, NUMBER, [held("web:http", "example.org", 20)])
    assert problem.code == "same-target"


def test_records_of_unknown_services_are_compared_by_their_words() -> None:
    gadget = draft("GADGET", "x y", 10)
    (problem,) = check_draft(gadget, NUMBER, [held("gadget", "x y", 10)])
    assert problem.code == "identical"
    assert check_draft(gadget, NUMBER, [held("GADGET", "x  y", 20), held("WIDGET", "x y", 30)]) == []


def test_an_illegal_sibling_does_no_harm() -> None:
    assert among(held("", "\0\ud800", 99999), held("SIP", "@", -5)) == []


def test_siblings_may_come_from_a_generator() -> None:
    problems = check_draft(ALICE, NUMBER, (held("SIP", "bob@example.org", place) for place in (5, 10)))
    assert [problem.code for problem in problems] == ["duplicate"]


@given(nasty_drafts, st.lists(nasty_drafts, max_size=4))
def test_any_siblings_are_survived(one: RecordData, others: list[RecordData]) -> None:
    alone, together = check_draft(one, NUMBER), check_draft(one, NUMBER, map(as_held, others))
    assert [problem for problem in together if problem in alone] == alone


@given(nasty_drafts)
def test_a_record_is_always_identical_to_its_copy(one: RecordData) -> None:
    assert "identical" in [problem.code for problem in check_draft(one, NUMBER, [as_held(one)])]

"""Drafts, their host data, and the order of records."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import NaptrDraft, canonical_hostdata, in_order
from tests.enum.strategies import draft, nasty_text


@dataclass(frozen=True)
class Row:
    id: int
    order: int
    preference: int


rows = st.builds(Row, id=st.integers(1, 9), order=st.integers(0, 3), preference=st.integers(0, 3))


def test_records_are_tried_by_order_then_preference_then_id() -> None:
    expected = [Row(7, 10, 50), Row(8, 100, 10), Row(2, 100, 20), Row(3, 100, 20), Row(1, 200, 0)]
    assert in_order([expected[place] for place in (3, 0, 4, 2, 1)]) == expected


def test_numbers_and_not_their_text_decide_the_order() -> None:
    assert [row.preference for row in in_order([Row(1, 9, 100), Row(2, 9, 20)])] == [20, 100]


@given(st.lists(rows))
def test_ordering_loses_nothing_and_ordering_twice_changes_nothing(records: list[Row]) -> None:
    ordered = in_order(records)
    assert sorted(map(repr, ordered)) == sorted(map(repr, records))
    assert in_order(ordered) == ordered


def test_ordering_leaves_the_given_list_alone() -> None:
    records = [Row(2, 1, 1), Row(1, 1, 1)]
    in_order(iter(records))
    assert records == [Row(2, 1, 1), Row(1, 1, 1)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("alice@example.org", "alice@example.org"),
        ("  alice@example.org\t", "alice@example.org"),
        ("alice@example.org\r\n", "alice@example.org"),
        ("SIP:Alice@Example.ORG.", "SIP:Alice@Example.ORG."),
        ("a  b", "a  b"),
        ("\u00a0x\u00a0", "\u00a0x\u00a0"),
        ("\x1cx\0", "\x1cx\0"),
        ("a!b\\1é", "a!b\\1é"),
        ("", ""),
        (" ", ""),
    ],
)
def test_host_data_stays_as_typed_but_for_the_blanks_around_it(typed: str, kept: str) -> None:
    assert canonical_hostdata(typed) == kept


@given(nasty_text)
def test_trimming_twice_changes_nothing_and_adds_nothing(typed: str) -> None:
    once = canonical_hostdata(typed)
    assert canonical_hostdata(once) == once
    assert once in typed


def test_a_draft_is_a_value() -> None:
    assert draft("SIP", "a@b.example") == draft("SIP", "a@b.example")
    assert len({draft("SIP", "a@b.example"), draft("SIP", "a@b.example")}) == 1
    with pytest.raises(FrozenInstanceError):
        draft("SIP", "a@b.example").service = "XMPP"  # type: ignore[misc]


def test_a_draft_may_be_illegal() -> None:
    illegal = NaptrDraft(preference=-1, service="", hostdata="\0")
    assert (illegal.preference, illegal.service, illegal.hostdata) == (-1, "", "\0")

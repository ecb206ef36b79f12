"""Drafts, and the order of records."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import in_order
from dashboard.protocol import RecordData, RecordState
from tests.enum.strategies import draft


def row(pk: int | None, order: int, preference: int) -> RecordState:
    return RecordState(id=pk, order=order, preference=preference, service="SIP", hostdata="a@b.example")


rows = st.builds(row, st.integers(1, 9) | st.none(), order=st.integers(0, 3), preference=st.integers(0, 3))


def test_records_are_tried_by_order_then_preference_then_id() -> None:
    expected = [row(7, 10, 50), row(8, 100, 10), row(2, 100, 20), row(3, 100, 20), row(None, 100, 20), row(1, 200, 0)]
    assert in_order([expected[place] for place in (3, 0, 5, 4, 2, 1)]) == expected


def test_numbers_and_not_their_text_decide_the_order() -> None:
    assert [one.preference for one in in_order([row(1, 9, 100), row(2, 9, 20)])] == [20, 100]


@given(st.lists(rows))
def test_ordering_loses_nothing_and_ordering_twice_changes_nothing(records: list[RecordState]) -> None:
    ordered = in_order(records)
    assert sorted(map(repr, ordered)) == sorted(map(repr, records))
    assert in_order(ordered) == ordered


def test_ordering_leaves_the_given_list_alone() -> None:
    records = [row(2, 1, 1), row(1, 1, 1)]
    in_order(iter(records))
    assert records == [row(2, 1, 1), row(1, 1, 1)]


def test_a_draft_is_a_value() -> None:
    assert draft("SIP", "a@b.example") == draft("SIP", "a@b.example")
    assert len({draft("SIP", "a@b.example"), draft("SIP", "a@b.example")}) == 1
    with pytest.raises(FrozenInstanceError):
        draft("SIP", "a@b.example").service = "XMPP"  # type: ignore[misc]


def test_a_draft_may_be_illegal() -> None:
    illegal = RecordData(preference=-1, service="", hostdata="\0")
    assert (illegal.preference, illegal.service, illegal.hostdata) == (-1, "", "\0")

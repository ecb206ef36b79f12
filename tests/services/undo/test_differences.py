"""What differs between two states, followed across the ids of records."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from dashboard.protocol import RecordState
from dashboard.services.undo.differences import compare, differing
from tests.services.undo.history import record

A, B, C = record(1, "a@example.org", 10), record(2, "b@example.org", 20), record(3, "c@example.org", 30)
NONE: Mapping[int, int] = MappingProxyType({})
RECORDS = st.lists(
    st.builds(
        record,
        st.integers(1, 6) | st.none(),
        st.sampled_from(["a@example.org", "b@example.org"]),
        st.sampled_from([10, 20]),
    ),
)


def kinds(
    before: list[RecordState], after: list[RecordState], same: Mapping[int, int] = MappingProxyType({})
) -> list[tuple[str, str]]:
    pairs = compare(before, after, same)
    return [(pair.kind.value, (pair.after or pair.before or A).hostdata[0]) for pair in pairs]


def test_records_come_go_change_and_stay() -> None:
    other = replace(B, hostdata="x@example.org", preference=5)

    assert kinds([A, B], [A, other, C]) == [("changed", "x"), ("kept", "a"), ("came", "c")]
    assert kinds([A, B, C], [B]) == [("kept", "b"), ("went", "a"), ("went", "c")]
    assert kinds([], []) == []


def test_a_record_that_came_back_with_another_id_is_the_same() -> None:
    back = replace(A, id=9)
    again = replace(A, id=12, hostdata="x@example.org")
    same = {1: 12, 9: 12}

    assert kinds([A], [back], same) == [("kept", "a")]
    assert kinds([A], [again], same) == [("changed", "x")]
    assert kinds([back], [again], same) == [("changed", "x")]
    assert kinds([A], [again]) == [("came", "x"), ("went", "a")]
    assert kinds([A, back], [again], same) == [("changed", "x"), ("went", "a")]


def test_a_record_that_says_the_same_is_the_same_also_where_nobody_knows_its_id() -> None:
    assert kinds([A, B], [replace(A, id=None), B]) == [("kept", "a"), ("kept", "b")]
    assert kinds([A], [replace(A, id=77, service="sip")]) == [("kept", "a")]


def test_twins_are_counted() -> None:
    assert kinds([A, replace(A, id=8)], [replace(A, id=None)]) == [("kept", "a"), ("went", "a")]


@given(before=RECORDS, after=RECORDS)
def test_each_record_of_both_states_is_in_one_pair(before: list[RecordState], after: list[RecordState]) -> None:
    pairs = compare(before, after, {})

    def listed(records: list[RecordState | None]) -> list[RecordState]:
        return sorted((one for one in records if one is not None), key=repr)

    assert listed([pair.before for pair in pairs]) == listed([*before])
    assert listed([pair.after for pair in pairs]) == listed([*after])
    assert differing(compare(before, before, {})) == []

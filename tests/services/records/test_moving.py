"""Which records need another preference so that one moves a place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import in_order
from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16, Record
from dashboard.services.records import STEP, Direction, next_preference, plan_move

Plan = list[tuple[Record, int]]


def _record(record_id: int, preference: int, order: int = DEFAULT_ORDER) -> Record:
    return Record(
        id=record_id,
        country="1",
        area="604",
        local="5550100",
        order=order,
        preference=preference,
        service="SIP",
        hostdata=f"{record_id}@example.org",
    )


def _after(records: list[Record], plan: Plan) -> list[int]:
    wanted = {record.id: preference for record, preference in plan}
    written = [
        replace(record, preference=wanted[record.id], order=DEFAULT_ORDER) if record.id in wanted else record
        for record in records
    ]
    return [record.id for record in in_order(written)]


@st.composite
def numbers_with_records(draw: st.DrawFn) -> list[Record]:
    """Records of one number in order; preferences are often equal, close together, or at the ends of the range."""
    near = st.integers(0, 12) | st.integers(MAX_UINT16 - 3, MAX_UINT16) | st.integers(0, MAX_UINT16)
    orders = st.just(DEFAULT_ORDER) | st.sampled_from([10, DEFAULT_ORDER, 200])
    values = draw(st.lists(st.tuples(near, orders), min_size=1, max_size=12))
    if draw(st.booleans()):
        values = [(preference, DEFAULT_ORDER) for preference, _ in values]
    return in_order([_record(place, *value) for place, value in enumerate(values, start=1)])


@given(numbers_with_records(), st.data(), st.sampled_from(Direction))
def test_the_record_moves_one_place_and_the_others_keep_theirs(
    records: list[Record], data: st.DataObject, direction: Direction
) -> None:
    place = data.draw(st.integers(0, len(records) - 1))
    plan = plan_move(records, records[place].id, direction)

    wanted = [record.id for record in records]
    target = place - 1 if direction is Direction.UP else place + 1
    if 0 <= target < len(wanted):
        wanted.insert(target, wanted.pop(place))
    else:
        assert plan == []
    assert _after(records, plan) == wanted


@given(numbers_with_records(), st.data(), st.sampled_from(Direction))
def test_every_new_preference_fits_sixteen_bits_and_is_new(
    records: list[Record], data: st.DataObject, direction: Direction
) -> None:
    record = data.draw(st.sampled_from(records))
    plan = plan_move(records, record.id, direction)

    assert all(0 <= preference <= MAX_UINT16 for _, preference in plan)
    assert all((old.preference, old.order) != (preference, DEFAULT_ORDER) for old, preference in plan)
    assert len({old.id for old, _ in plan}) == len(plan)


@given(st.lists(st.integers(0, 2_000), min_size=2, max_size=12, unique=True), st.data(), st.sampled_from(Direction))
def test_one_update_is_enough_where_there_is_room(
    places: list[int], data: st.DataObject, direction: Direction
) -> None:
    records = in_order([_record(number, 10 + place * STEP) for number, place in enumerate(places, start=1)])
    record = data.draw(st.sampled_from(records))
    plan = plan_move(records, record.id, direction)

    assert len(plan) <= 1
    assert all(moved == record for moved, _ in plan)


@given(numbers_with_records(), st.data())
def test_up_and_down_again_is_where_it_was(records: list[Record], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(records) - 1))
    record_id = records[place].id
    plan = {record.id: preference for record, preference in plan_move(records, record_id, Direction.UP)}
    moved = in_order(
        replace(record, preference=plan[record.id], order=DEFAULT_ORDER) if record.id in plan else record
        for record in records
    )
    if place == 0:
        assert plan == {}
        return
    assert _after(moved, plan_move(moved, record_id, Direction.DOWN)) == [record.id for record in records]


@pytest.mark.parametrize(
    ("preferences", "place", "direction", "plan"),
    [
        ([10, 20], 0, Direction.DOWN, [(1, 30)]),
        ([10, 20], 1, Direction.UP, [(2, 4)]),
        ([10, 20, 30], 0, Direction.DOWN, [(1, 25)]),
        ([10, 20, 30], 2, Direction.UP, [(3, 15)]),
        ([10, 11, 30], 2, Direction.UP, [(3, 20), (2, 30)]),
        ([1, 2], 1, Direction.UP, [(2, 0)]),
        ([0, 1], 1, Direction.UP, [(2, 10), (1, 20)]),
        ([MAX_UINT16 - 1, MAX_UINT16], 0, Direction.DOWN, [(2, 10), (1, 20)]),
        ([10, 10], 0, Direction.DOWN, [(1, 20)]),
        ([10], 0, Direction.UP, []),
        ([10], 0, Direction.DOWN, []),
    ],
)
def test_plans_are_as_short_as_these(
    preferences: list[int], place: int, direction: Direction, plan: list[tuple[int, int]]
) -> None:
    records = [_record(number, preference) for number, preference in enumerate(preferences, start=1)]
    made = plan_move(records, records[place].id, direction)

    assert [(record.id, preference) for record, preference in made] == plan


def test_a_record_passes_another_order_because_both_are_written_with_ours() -> None:
    records = [_record(1, 10, order=50), _record(2, 10)]

    assert _after(records, plan_move(records, 2, Direction.UP)) == [2, 1]


@pytest.mark.parametrize(
    ("preferences", "expected"), [([], 10), ([10], 20), ([5, 300], 310), ([MAX_UINT16], MAX_UINT16)]
)
def test_a_new_record_is_offered_a_place_at_the_end(preferences: list[int], expected: int) -> None:
    assert next_preference([_record(number, value) for number, value in enumerate(preferences)]) == expected

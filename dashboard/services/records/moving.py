"""Which records need another preference so that one moves."""

from collections.abc import Sequence
from enum import StrEnum

from dashboard.protocol import DEFAULT_ORDER, MAX_UINT16, Record

STEP = 10  # between two preferences, so that a record can be moved between them with one command


class Direction(StrEnum):
    """Where a record moves in the order in which telephone systems try them."""

    UP = "up"
    DOWN = "down"


def next_preference(records: Sequence[Record]) -> int:
    """A preference for a record that is to be tried last."""
    highest = max((record.preference for record in records), default=0)
    return min(highest + STEP, MAX_UINT16)


def plan_move(records: Sequence[Record], record_id: int, direction: Direction) -> list[tuple[Record, int]]:
    """Which records need another preference so that one moves a place. `records` are in order.

    Where there is room between the new neighbours, only the moved record changes; otherwise all are numbered anew.
    So they are where a registry kept other orders: no preference moves a record past a lower order.
    """
    order = list(records)
    place = next(index for index, record in enumerate(order) if record.id == record_id)
    target = place + (-1 if direction is Direction.UP else 1)
    if not 0 <= target < len(order):
        return []
    moved = order.pop(place)
    order.insert(target, moved)
    low = order[target - 1].preference if target > 0 else -1
    high = order[target + 1].preference if target + 1 < len(order) else low + 2 * STEP
    middle = (low + high) // 2
    level = all(record.order == DEFAULT_ORDER for record in order)
    if level and low < middle < high and middle <= MAX_UINT16:
        return [(moved, middle)]
    step = min(STEP, MAX_UINT16 // len(order))
    wanted = [(record, step * rank) for rank, record in enumerate(order, start=1)]
    return [
        (record, preference)
        for record, preference in wanted
        if (record.order, record.preference) != (DEFAULT_ORDER, preference)
    ]

"""Records: what would become of a draft, and writing it."""

from dashboard.services.records.writing import (
    MAX_PREFERENCE,
    STEP,
    Direction,
    add_record,
    delete_all_records,
    delete_record,
    move_record,
    next_preference,
    plan_move,
    update_record,
)

__all__ = [
    "MAX_PREFERENCE",
    "STEP",
    "Direction",
    "add_record",
    "delete_all_records",
    "delete_record",
    "move_record",
    "next_preference",
    "plan_move",
    "update_record",
]

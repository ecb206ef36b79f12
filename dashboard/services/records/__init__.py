"""Records: what would become of a draft, and the one way to write."""

from dashboard.services.records.moving import STEP, Direction, next_preference, plan_move
from dashboard.services.records.review import Review, review
from dashboard.services.records.writer import AlreadySubmitted, Conflict, Unacceptable, Writer

__all__ = [
    "STEP",
    "AlreadySubmitted",
    "Conflict",
    "Direction",
    "Review",
    "Unacceptable",
    "Writer",
    "next_preference",
    "plan_move",
    "review",
]

"""Records: what would become of a draft, and the one way to write."""

from dashboard.services.records.moving import STEP, Direction, next_preference, plan_move
from dashboard.services.records.planning import Step, plan_set
from dashboard.services.records.review import Review, review, review_raws, review_steps
from dashboard.services.records.writer import AlreadySubmitted, Conflict, SubmittedElsewhere, Unacceptable, Writer

__all__ = [
    "STEP",
    "AlreadySubmitted",
    "Conflict",
    "Direction",
    "Review",
    "Step",
    "SubmittedElsewhere",
    "Unacceptable",
    "Writer",
    "next_preference",
    "plan_move",
    "plan_set",
    "review",
    "review_raws",
    "review_steps",
]

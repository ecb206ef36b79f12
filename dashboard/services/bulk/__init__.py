"""Many numbers changed at once: a preview of each, and then a job that writes them, as carefully as one by hand."""

from dashboard.services.bulk.actions import Unfit, read_action
from dashboard.services.bulk.deciding import (
    NotNow,
    Unread,
    approve,
    cancel,
    look_again,
    make,
    pause,
    prepare_anew,
    resume,
    start,
    try_again,
    undo,
)
from dashboard.services.bulk.results import Results
from dashboard.services.bulk.trying import Trial, try_out, which_of
from dashboard.services.bulk.whose import insist_edits, insist_own, job, jobs

__all__ = [
    "NotNow",
    "Results",
    "Trial",
    "Unfit",
    "Unread",
    "approve",
    "cancel",
    "insist_edits",
    "insist_own",
    "job",
    "jobs",
    "look_again",
    "make",
    "pause",
    "prepare_anew",
    "read_action",
    "resume",
    "start",
    "try_again",
    "try_out",
    "undo",
    "which_of",
]

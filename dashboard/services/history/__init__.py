"""The history: every write, committed before it is sent, and what is known about its outcome."""

from dashboard.services.history.changes import (
    AlreadySubmitted,
    Conflict,
    Snapshot,
    find_submitted,
    fingerprint,
    is_of,
    open_changes,
    record_now,
    refuse,
    send,
    settle,
    snapshot,
)

__all__ = [
    "AlreadySubmitted",
    "Conflict",
    "Snapshot",
    "find_submitted",
    "fingerprint",
    "is_of",
    "open_changes",
    "record_now",
    "refuse",
    "send",
    "settle",
    "snapshot",
]

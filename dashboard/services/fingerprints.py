"""What a form carries to notice that somebody else changed what it showed: records, or something that people keep."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from dashboard.protocol import RecordState


def fingerprint(records: Sequence[RecordState]) -> str:
    """A text for these records: the same records, the same text.

    That of one record begins with its id, so that a form whose record is gone still says which one it showed.
    """
    text = json.dumps(
        [
            [record.id, record.order, record.preference, record.service, record.hostdata]
            for record in sorted(records, key=lambda record: record.id or 0)
        ]
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{records[0].id}-{digest}" if len(records) == 1 else digest


class ChangedMeanwhile(Exception):
    """What a form showed is another by now (`now`), so nothing was saved."""

    def __init__(self, now: Any) -> None:  # noqa: ANN401 -- a watch, a template, a search
        super().__init__("changed meanwhile")
        self.now = now


def mark(*values: object) -> str:
    """A text for what a form shows, other than records: the same values, the same text."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def is_of(seen: str, record_id: int) -> bool:
    """Whether a fingerprint is that of one record."""
    return seen.startswith(f"{record_id}-")

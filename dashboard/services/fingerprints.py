"""What a form carries to notice that somebody else changed the records that it showed."""

import hashlib
import json
from collections.abc import Sequence

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


def is_of(seen: str, record_id: int) -> bool:
    """Whether a fingerprint is that of one record."""
    return seen.startswith(f"{record_id}-")

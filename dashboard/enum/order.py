"""What is known of a record without looking into it, and the order in which telephone systems try several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from dashboard.protocol import RecordState

RecordT = TypeVar("RecordT", bound=RecordState)


class HasRecordData(Protocol):
    """What `RecordData` and a stored row have in common."""

    @property
    def preference(self) -> int: ...
    @property
    def service(self) -> str: ...
    @property
    def hostdata(self) -> str: ...


def in_order(records: Iterable[RecordT]) -> list[RecordT]:
    """Return `records` by order, then preference (RFC 3403 s4.1), then id; of equals, one without id is last."""
    return sorted(records, key=lambda record: (record.order, record.preference, record.id is None, record.id or 0))

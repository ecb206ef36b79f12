"""A record as a person edits it, and what any record-like object must have to be turned into a NAPTR."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

DEFAULT_ORDER = 100  # one order for all: ORDER is strict, so a second one would hide the records behind it
_BLANKS = " \t\r\n"


class HasNaptrFields(Protocol):
    """What a draft, a protocol record and a database row have in common."""

    @property
    def preference(self) -> int: ...
    @property
    def service(self) -> str: ...
    @property
    def hostdata(self) -> str: ...


class HasOrder(Protocol):
    """What decides the place of a record among those of its number."""

    @property
    def id(self) -> int: ...
    @property
    def order(self) -> int: ...
    @property
    def preference(self) -> int: ...


RecordT = TypeVar("RecordT", bound=HasOrder)


@dataclass(frozen=True, slots=True, kw_only=True)
class NaptrDraft:
    """What a form holds: preference (0..65535, lower is tried first), service name, host data as typed.

    A draft may be illegal; `check_draft` says so.
    """

    preference: int
    service: str
    hostdata: str


def canonical_hostdata(typed: str) -> str:
    """Return `typed` without the blanks and line ends around it; nothing else of it is changed."""
    return typed.strip(_BLANKS)


def in_order(records: Iterable[RecordT]) -> list[RecordT]:
    """Return `records` as telephone systems try them: by order, then preference (RFC 3403 s4.1), then id."""
    return sorted(records, key=lambda record: (record.order, record.preference, record.id))

"""What differs between two states of a number: which records came, went and changed, followed across their ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dashboard import access
from dashboard.enum import in_order
from dashboard.models import Credential
from dashboard.protocol import RecordState

Content = tuple[int, int, str, str]


class Kind(StrEnum):
    """What became of a record between two states."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One record in two states, None where it is not there."""

    before: RecordState | None = None
    after: RecordState | None = None

    @property
    def kind(self) -> Kind:
        """What became of it."""
        if self.before is None:
            return Kind.CAME
        if self.after is None:
            return Kind.WENT
        return Kind.KEPT if _content(self.before) == _content(self.after) else Kind.CHANGED


@dataclass(frozen=True, slots=True)
class Lineage:
    """Which records are one and the same: one that was deleted comes back with another id. `was` has the id before."""

    was: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, credential: Credential, number_id: int) -> "Lineage":
        """That of a number's records, from its history."""
        came_back = access.changes_of(credential).filter(
            number_id=number_id, was_id__isnull=False, record_id__isnull=False
        )
        return cls(dict(came_back.order_by("pk").values_list("record_id", "was_id")))

    def first(self, record_id: int | None) -> int | None:
        """The id that a record had at first."""
        passed = set[int]()  # a registry may give the same id twice
        while record_id in self.was and record_id not in passed:
            passed.add(record_id)
            record_id = self.was[record_id]
        return record_id

    def ids_now(self, then: Iterable[RecordState], now: Iterable[RecordState]) -> dict[int, int]:
        """Which id each of the records of `then` has among those of `now`, where it is there."""
        there = {self.first(record.id): record.id for record in now if record.id is not None}
        ids = (record.id for record in then if record.id is not None)
        return {record_id: there[first] for record_id in ids if (first := self.first(record_id)) in there}


def compare(before: Sequence[RecordState], after: Sequence[RecordState], lineage: Lineage) -> list[Pair]:
    """The records of two states side by side: those that are there afterwards in order, then those that are gone.

    A record that says the same under an id that nobody knows of is the same too.
    """
    left = {lineage.first(record.id): record for record in before if record.id is not None}
    pairs, unknown = list[Pair](), list[RecordState]()
    for record in after:
        there = left.pop(lineage.first(record.id), None)
        if there is None:
            unknown.append(record)
        else:
            pairs.append(Pair(before=there, after=record))
    alike = defaultdict[Content, list[RecordState]](list)
    for there in left.values():
        alike[_content(there)].append(there)
    for record in unknown:
        twins = alike[_content(record)]
        pairs.append(Pair(before=twins.pop(0) if twins else None, after=record))
    place = {id(record): index for index, record in enumerate(in_order(after))}
    pairs.sort(key=lambda pair: place[id(pair.after)])
    return pairs + [Pair(before=record) for record in in_order(one for twins in alike.values() for one in twins)]


def differing(pairs: Iterable[Pair]) -> list[Pair]:
    """Those that are not the same in both states."""
    return [pair for pair in pairs if pair.kind is not Kind.KEPT]


def _content(record: RecordState) -> Content:
    return record.order, record.preference, record.service.upper(), record.hostdata

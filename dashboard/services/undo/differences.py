"""What differs between two states of a number: which records came, went and changed, followed across their ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.enum import in_order
from dashboard.protocol import RecordState
from dashboard.services.records.planning import content, is_like


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
        return Kind.KEPT if is_like(self.before, self.after) else Kind.CHANGED


def compare(before: Sequence[RecordState], after: Sequence[RecordState], same: Mapping[int, int]) -> list[Pair]:
    """The records of two states side by side: those that are there afterwards in order, then those that are gone.

    `same` tells which id a record has now that had another (`access.identities`). One that says the same under an id
    that nobody knows of is the same too.
    """
    left, alike = dict[int, RecordState](), defaultdict[object, list[RecordState]](list)
    for record in before:
        # Where the registry said no id, or gave one twice, what a record says has to do.
        key = None if record.id is None else same.get(record.id, record.id)
        if key is None or left.setdefault(key, record) is not record:
            alike[content(record)].append(record)
    pairs, unknown = list[Pair](), list[RecordState]()
    for record in after:
        there = None if record.id is None else left.pop(same.get(record.id, record.id), None)
        if there is None:
            unknown.append(record)
        else:
            pairs.append(Pair(before=there, after=record))
    for there in left.values():
        alike[content(there)].append(there)
    for record in unknown:
        twins = alike[content(record)]
        pairs.append(Pair(before=twins.pop(0) if twins else None, after=record))
    place = {id(record): index for index, record in enumerate(in_order(after))}
    pairs.sort(key=lambda pair: place[id(pair.after)])
    return pairs + [Pair(before=record) for record in in_order(one for twins in alike.values() for one in twins)]


def differing(pairs: Iterable[Pair]) -> list[Pair]:
    """Those that are not the same in both states."""
    return [pair for pair in pairs if pair.kind is not Kind.KEPT]

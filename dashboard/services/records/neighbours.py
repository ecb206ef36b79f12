"""Which numbers of an account change their answer when one gets its first record, or loses its last one."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from dashboard.enum import Effect, Name, Problem, deciding, effect_of, effect_problems, in_order
from dashboard.models import Credential, User
from dashboard.protocol import Number, RecordState
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, name_of
from dashboard.services.records.callers import Callers


class Knows(Protocol):
    """Who can say an account's numbers and their records: a registry, or who remembers what one said."""

    def list(self) -> "list[Number]": ...
    def show(self, number_id: int, /) -> Sequence[RecordState]: ...


LOOKS = 8  # numbers that are looked at, at most, to see whether they have records at all


def effect_on_others(registry: Knows, found: NumberRecords) -> Effect | None:
    """What the presence of a number in the DNS changes for others; None where that is nothing.

    Only the account's own numbers are known, and only those of the same zone count: a wildcard ends where another
    zone begins (RFC 4592 s4). `list` does not say which of them have records, or raw ones; those nearest to
    the number, on which it depends, are looked at. Raises client.RegistryError.
    """
    number, name = found.number, name_of(found.number)
    zone = found.find_zone() if found.find_zone is not None else None
    if zone is not None and zone.problem:
        return None
    everything = registry.list() if found.listed is None else found.listed

    def counts(other: Number) -> bool:
        return other.id != number.id and (zone is None or zone.holds(other.digits))

    around = [other for other in everything if is_block(other) and name_of(other).owns(name.digits) and counts(other)]
    below = [other for other in everything if name.is_block and name.owns(other.digits) and counts(other)]
    beyond = [cut for cut in (zone.cuts if zone is not None else ()) if name.is_block and name.owns(cut)]
    if not around and not below and not beyond:
        return None
    widest = Name(min((other.digits for other in around), default=name.digits), is_block=True)
    near = [
        other
        for other in everything
        if (other.digits == widest.digits or widest.owns(other.digits)) and counts(other)
    ]
    cuts = {Name(cut) for cut in zone.cuts if cut.startswith(widest.digits)} if zone is not None else set()
    effect = effect_of(name, _there(registry, found, near, cuts))
    return effect if effect.instead or effect.holes else None


def answered_by(person: User, credential: Credential, found: NumberRecords) -> Callers | None:
    """Who can call a number that has nothing in the DNS: by the records of the block that answers for it. None where
    no block of the account does, or the number has something itself. Raises client.RegistryError.
    """
    if found.records or found.raws or is_block(found.number):
        return None
    registry = connect(person, credential)
    return answered_instead(registry, found, effect_on_others(registry, found))


def answered_instead(registry: Knows, found: NumberRecords, effect: Effect | None) -> Callers | None:
    """The same for who knows the effect of such a number already."""
    block = effect.instead if effect is not None and not is_block(found.number) else None
    if block is None:
        return None
    everything = registry.list() if found.listed is None else found.listed
    there = next((other for other in everything if name_of(other) == block), None)
    if there is None:
        return None
    raws = found.raws_at(there) if found.raws_at is not None else ()
    return Callers(there, tuple(in_order(registry.show(there.id))), found.suffix, found.number.digits, tuple(raws))


def effect_of_first(registry: Knows, found: NumberRecords) -> list[Problem]:
    """What the first record of a number changes for other numbers; nothing for a further record.

    Raises client.RegistryError.
    """
    effect = None if found.records or found.raws else effect_on_others(registry, found)
    return effect_problems(effect, comes=True) if effect is not None else []


def _there(registry: Knows, found: NumberRecords, numbers: Iterable[Number], cuts: set[Name]) -> set[Name]:
    """The names of `numbers`, without those on which the effect hangs and that turn out to have nothing in the DNS.

    `cuts` are names where other zones begin; they are there whatever the registry says.
    """
    name, near = name_of(found.number), {name_of(number): number for number in numbers}
    seen = set(cuts)
    for _ in range(LOOKS):
        there = cuts.union(near)
        unseen = deciding(effect_of(name, there), there) - seen
        if not unseen:
            break
        other = min(unseen)
        if registry.show(near[other].id) or (found.raws_at is not None and found.raws_at(near[other])):
            seen.add(other)
        else:
            del near[other]
    return cuts.union(near)

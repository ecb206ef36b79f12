"""Which numbers of an account change their answer when one gets its first record, or loses its last one."""

from collections.abc import Iterable

from dashboard.client import Client
from dashboard.enum import Effect, Name, Problem, deciding, effect_of, effect_problems
from dashboard.protocol import Number
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, name_of

LOOKS = 8  # numbers that are looked at, at most, to see whether they have records at all


def effect_on_others(registry: Client, found: NumberRecords) -> Effect | None:
    """What the presence of a number in the DNS changes for others; None where that is nothing.

    Only the account's own numbers are known, and only those of the same zone count: a wildcard ends where another
    zone begins (RFC 4592 s4). `list` does not say which of them have records; those nearest to the
    number, on which it depends, are looked at. Raises client.RegistryError.
    """
    number, name = found.number, name_of(found.number)
    zone = found.find_zone() if found.find_zone is not None else None
    if zone is not None and zone.problem:
        return None
    everything = registry.list() if found.listed is None else found.listed
    listed = [other for other in everything if other.id != number.id and (zone is None or zone.holds(other.digits))]
    around = [other for other in listed if is_block(other) and name_of(other).owns(name.digits)]
    below = [other for other in listed if name.is_block and name.owns(other.digits)]
    beyond = [cut for cut in (zone.cuts if zone is not None else ()) if name.is_block and name.owns(cut)]
    if not around and not below and not beyond:
        return None
    widest = Name(min((other.digits for other in around), default=name.digits), is_block=True)
    near = [other for other in listed if other.digits == widest.digits or widest.owns(other.digits)]
    cuts = {Name(cut) for cut in zone.cuts if cut.startswith(widest.digits)} if zone is not None else set()
    effect = effect_of(name, _with_records(registry, name, near, cuts))
    return effect if effect.instead or effect.holes else None


def effect_of_first(registry: Client, found: NumberRecords) -> list[Problem]:
    """What the first record of a number changes for other numbers; nothing for a further record.

    Raises client.RegistryError.
    """
    effect = None if found.records else effect_on_others(registry, found)
    return effect_problems(effect, comes=True) if effect is not None else []


def _with_records(registry: Client, name: Name, numbers: Iterable[Number], cuts: set[Name]) -> set[Name]:
    """The names of `numbers`, without those on which the effect hangs and that turn out to have no records.

    `cuts` are names where other zones begin; they are there whatever the registry says.
    """
    ids = {name_of(number): number.id for number in numbers}
    seen = set(cuts)
    for _ in range(LOOKS):
        there = cuts.union(ids)
        unseen = deciding(effect_of(name, there), there) - seen
        if not unseen:
            break
        other = min(unseen)
        if registry.show(ids[other]):
            seen.add(other)
        else:
            del ids[other]
    return cuts.union(ids)

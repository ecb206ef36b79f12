"""A block: for which numbers it answers, for which not since others exist there, and what one number in it gets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q

from dashboard import access, narrowing
from dashboard.enum import Name, answering
from dashboard.models import Credential, User
from dashboard.protocol import Number
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords, see_number
from dashboard.services.numbers.formatting import is_block, name_of
from dashboard.services.records.callers import Callers
from dashboard.services.zones import holes_of, raws_of

DIGITS = "0123456789"
NAMED = 10  # numbers of a hole that are named


class NotABlock(Exception):
    """It is one number."""


@dataclass(frozen=True, kw_only=True)
class Hole:
    """The beginning of numbers for which a block does not answer, and what the account has there: the first ones, and
    how many there are. Without any, others have numbers there, or another zone begins.
    """

    digits: str
    numbers: Sequence[Number]
    count: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.numbers)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block as it is. `names` are the account's numbers in it that may be in the DNS, by name.

    `dialled` is the number that is looked at. `is_exact` says that the holes are known from the registry, and not
    from the account's numbers alone.
    """

    found: NumberRecords
    callers: Callers
    holes: Sequence[Hole]
    names: dict[Name, Number]
    is_exact: bool

    @property
    def is_published(self) -> bool:
        """Whether the DNS has anything of it."""
        return bool(self.callers.published)

    @property
    def dialled(self) -> str:
        """The digits of the number that is looked at."""
        return self.callers.digits

    @property
    def covered(self) -> list[str]:
        """The beginnings of numbers for which it answers."""
        holes = {hole.digits for hole in self.holes}
        return [digits for digit in DIGITS if (digits := self.found.number.digits + digit) not in holes]

    @cached_property
    def answers(self) -> Name | None:
        """Whose records the number gets that is looked at; None for nobody's that are known."""
        holes = {Name(hole.digits) for hole in self.holes if not hole.count}
        own = name_of(self.found.number)
        there = {own, *self.names} if self.is_published else set(self.names)
        found = answering(self.dialled, there | holes)
        return found if found in there else None

    @property
    def is_answering(self) -> bool:
        """Whether the number that is looked at gets the records of this block."""
        return self.answers == name_of(self.found.number)

    @property
    def other(self) -> Number | None:
        """The number or block of the account whose records it gets instead."""
        return self.names.get(self.answers) if self.answers is not None else None


def look_at_block(person: User, credential: Credential, number_id: int, dialled: str = "") -> Block:
    """A block, and what one of its numbers gets: the one that was `dialled`, as people write it, or an example.

    Raises Http404 where the account has no such number, NotABlock, and client.RegistryError.
    """
    found = replace(see_number(person, credential, number_id), dialled=dialled)
    if not is_block(found.number):
        raise NotABlock
    listed = found.listed if found.listed is not None else connect(person, credential).list()
    name = name_of(found.number)
    below = [number for number in narrowing.numbers_reached(person, listed) if name.owns(number.digits)]
    length, holes = len(name.digits) + 1, set(holes_of(credential.registry, name.text))
    if found.is_embedded:
        # What begins otherwise is not published, such as a sample number.
        below = [number for number in below if number.digits[:length] in holes]
    empty = _empty(person, credential, below, name.digits)
    names = {name_of(number): number for number in below if number.id not in empty}
    beginnings = holes if found.is_embedded else {other.digits[:length] for other in names}
    return Block(
        found=found,
        callers=Callers.of(found),
        holes=_holes(beginnings, names.values(), length),
        names=names,
        is_exact=found.is_embedded,
    )


def _holes(beginnings: Iterable[str], numbers: Iterable[Number], length: int) -> list[Hole]:
    there: defaultdict[str, list[Number]] = defaultdict(list)
    for number in sorted(numbers, key=lambda number: number.digits):
        there[number.digits[:length]].append(number)
    return [
        Hole(digits=digits, numbers=there[digits][:NAMED], count=len(there[digits])) for digits in sorted(beginnings)
    ]


def _empty(person: User, credential: Credential, numbers: Iterable[Number], beginning: str) -> set[int]:
    """The ids of those of the numbers that had no records when they were last seen, and have no raw ones: these are
    not in the DNS, and hide nothing.
    """
    seen = access.mirrored_of(person, credential).filter(record_count=0, seen_at__isnull=False)
    seen = seen.filter(Q(digits__startswith=beginning) | Q(digits=""))
    ids = set(seen.values_list("number_id", flat=True))
    found = [number for number in numbers if number.id in ids]
    raws = raws_of(credential.registry, [name_of(number).text for number in found])
    return {number.id for number, own in zip(found, raws, strict=True) if not own}

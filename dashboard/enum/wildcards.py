"""Blocks of numbers (wildcards) and the names that hide them (RFC 4592).

A block is published at `*` below the name of the digits that its numbers begin with. It answers for a number only
where nothing exists on the way down from the block to it: an existing name hides the block for itself, and so does
every name above it, with records or without (an empty non-terminal, RFC 4592 s2.2.2), for all that lies below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from dashboard.enum.problems import Problem, gettext_noop

HOLES_SAID = 5
_EXAMPLE_DIGITS = 11  # of the number that stands for a block

# True before the name is there, as a warning, and as long as it is.
_COMES = {
    "instead": gettext_noop("The records of %(number)s itself answer for it, not those of the block %(block)s."),
    "hides": gettext_noop(
        "No other number that begins with %(hidden)s gets an answer from the block %(block)s: "
        "in the DNS, a name hides the wildcard for everything beside it."
    ),
}
_GOES = {
    "instead": gettext_noop("The block %(block)s will answer for %(number)s again."),
    "hides": gettext_noop(
        "All other numbers that begin with %(hidden)s, for which there has been no answer, will get that of the "
        "block %(block)s again."
    ),
}
_HOLES = gettext_noop("%(number)s answers for no number that begins with %(holes)s: others exist there.")
_MORE_HOLES = gettext_noop(
    "%(number)s answers for no number that begins with %(holes)s and %(count)d more beginnings: others exist there."
)


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name that holds records: a number, or with `is_block` the block of all longer numbers that begin like it."""

    digits: str
    is_block: bool = False

    def owns(self, digits: str) -> bool:
        """Return whether the records are meant for the number `digits`, hidden or not."""
        if self.is_block:
            return digits.startswith(self.digits) and digits != self.digits
        return digits == self.digits

    @property
    def text(self) -> str:
        """The digits, with a star behind those of a block."""
        return f"{self.digits}{'*' * self.is_block}"

    @property
    def example(self) -> str:
        """A number that the records are meant for: the own digits, or of a block these filled up with zeros."""
        return self.digits.ljust(max(_EXAMPLE_DIGITS, len(self.digits) + 1), "0") if self.is_block else self.digits

    def __str__(self) -> str:
        return f"+{self.text}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What the coming of a name changes besides itself, and its going changes back.

    `instead` is the block that answers for the numbers of `name` where `name` is absent, None for no answer. With
    `name` there, all other numbers that begin with `hidden` lose the answer of that block; empty if there are none.
    `holes` are, for a block, the digits below which it answers nothing because other names exist there.
    """

    name: Name
    instead: Name | None
    hidden: str
    holes: tuple[str, ...]

    @property
    def hides_others(self) -> bool:
        """True if numbers lose their answer that are not merely longer than the name's own digits."""
        return bool(self.hidden) and self.hidden != self.name.digits

    def hides(self, digits: str) -> bool:
        """Return whether the number `digits` loses the answer of the block `instead` while getting none of `name`."""
        return bool(self.hidden) and digits.startswith(self.hidden) and not self.name.owns(digits)


def answering(digits: str, names: Iterable[Name]) -> Name | None:
    """Return the name whose records a DNS server gives for the number `digits`; None if it has none to give.

    `names` are all that hold records in the zone. Source: RFC 4592 s3.3.1, closest encloser and source of synthesis.
    """
    there = list(names)
    encloser = _closest_encloser(digits, there)
    wanted = Name(digits) if encloser == digits else Name(encloser, is_block=True)
    return wanted if wanted in there else None


def effect_of(name: Name, others: Iterable[Name]) -> Effect:
    """Return what the presence of `name` changes for the numbers of a zone that holds the names `others`.

    It does not matter whether `name` comes or goes, nor whether it is among the others. One pass over them: 100,000
    take some fifty milliseconds.
    """
    there = [other for other in others if other != name]
    holes = _children(name.digits, there) if name.is_block else ()
    encloser = _closest_encloser(name.digits, there)
    block = Name(encloser, is_block=True)
    if encloser == name.digits or block not in there:
        return Effect(name, None, "", holes)
    return Effect(name, block, name.digits[: len(encloser) + 1], holes)


def _closest_encloser(digits: str, names: Iterable[Name]) -> str:
    """Return the longest beginning of `digits` that exists in the zone: that some name holds or lies below.

    Of all names the two neighbours in alphabetical order share most with `digits`.
    """
    low = high = ""
    for name in names:
        other = name.digits
        if other >= digits:
            high = other if not high or other < high else high
        elif other > low:
            low = other
    return digits[: max(_shared(digits, low), _shared(digits, high))]


def _shared(one: str, other: str) -> int:
    """Return with how many equal characters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _children(digits: str, names: Iterable[Name]) -> tuple[str, ...]:
    below = Name(digits, is_block=True)
    return tuple(sorted({name.digits[: len(digits) + 1] for name in names if below.owns(name.digits)}))


def deciding(effect: Effect, others: Iterable[Name]) -> set[Name]:
    """Return the names of `others` without any of which the effect might be another.

    They are the block that answers instead, and one name that shares most with the effect's own.
    """
    digits = effect.name.digits
    there = (other for other in others if other != effect.name)
    nearest = max(there, key=lambda other: _shared(digits, other.digits), default=None)
    return {found for found in (effect.instead, nearest) if found is not None}


def effect_problems(effect: Effect, *, comes: bool) -> list[Problem]:
    """Return in sentences which numbers change their answer when the name comes, or goes.

    The code "hides" is for other numbers that lose their answer; all are warnings of the field "number".
    """
    sentences = _COMES if comes else _GOES
    params: dict[str, object] = {
        "number": str(effect.name),
        "block": str(effect.instead),
        "hidden": f"+{effect.hidden}",
    }
    problems = []
    if effect.instead:
        problems.append(Problem("number", "instead", sentences["instead"], params, "warning"))
    if effect.hides_others:
        problems.append(Problem("number", "hides", sentences["hides"], params, "warning"))
    if effect.holes:
        holes = ", ".join(f"+{hole}" for hole in effect.holes[:HOLES_SAID])
        more = len(effect.holes) - HOLES_SAID
        params |= {"holes": holes, "count": more}
        problems.append(Problem("number", "holes", _MORE_HOLES if more > 0 else _HOLES, params, "warning"))
    return problems

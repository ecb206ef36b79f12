"""What a server says about a number, compared with what the registry has. Pure: nothing is asked here."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from dashboard.enum import Naptr
from dashboard.services.dns.words import State

Key = Callable[[Naptr], Hashable]

MOST_FORMS = 100  # records, of each side, whose URIs are worked out; and that are shown as being only in the DNS


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is not in the DNS as the registry has it.

    `expected` is None for a record that the registry has not, `found` for one that the DNS has not. With both, the
    record is there in another form, and `fields` names what differs, as NAPTR names them.
    """

    expected: Naptr | None
    found: Naptr | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ: order, preference, flags, service, regexp, replacement."""
        if self.expected is None or self.found is None:
            return ()
        names = ("order", "preference", "flags", "service", "regexp", "replacement")
        return tuple(name for name in names if getattr(self.expected, name) != getattr(self.found, name))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The state of a number at one server, and its differences record by record."""

    state: State
    differences: tuple[Difference, ...] = ()


def compare(expected: Iterable[Naptr], found: Iterable[Naptr], digits: str, formless: int = 0) -> Comparison:
    """Compare a number's records with those that the DNS has.

    Two records are the same if telephone systems treat them the same: case counts neither in flags nor in service
    (RFC 3403 s4.1, RFC 6116 s3.4.3), and expressions may be written in two ways that give the same URI for `digits`.
    `formless` is how many of the registry's records have a DNS form that only the registry knows: as many records
    more than expected are no difference. Of further records beyond MOST_FORMS nothing is said: whoever runs the name
    servers could send thousands, with patterns that take long.
    """
    wanted, there = list(dict.fromkeys(expected)), list(dict.fromkeys(found))
    lost, extra = _without_equals(wanted, there, digits)
    if not there:
        state = State.MISSING if wanted else State.EMPTY
    elif not wanted and not formless:
        state = State.EXTRA
    elif not lost and len(extra) <= formless:
        return Comparison(State.PUBLISHED)
    else:
        state = State.DIFFERS
    return Comparison(state, tuple(_pairs(lost, extra[:MOST_FORMS])))


def _without_equals(wanted: list[Naptr], there: list[Naptr], digits: str) -> tuple[list[Naptr], list[Naptr]]:
    """What is in one list only. URIs are worked out only where the records are not equal octet by octet."""
    lost, extra = _except(wanted, there, _itself), _except(there, wanted, _itself)
    if not lost or not extra:
        return lost, extra

    few, some = lost[:MOST_FORMS], extra[:MOST_FORMS]
    effects = {record: _effect(record, digits) for record in (*few, *some)}
    return (
        _except(few, some, effects.__getitem__) + lost[MOST_FORMS:],
        _except(some, few, effects.__getitem__) + extra[MOST_FORMS:],
    )


def _effect(record: Naptr, digits: str) -> Hashable:
    """What telephone systems make of a record, however it is written."""
    target = record.uri_for(digits) or record.regexp
    place = (record.order, record.preference)
    return (*place, record.flags.lower(), record.service.lower(), target, record.replacement.lower())


def _itself(record: Naptr) -> Hashable:
    return record


def _except(records: list[Naptr], others: list[Naptr], key: Key) -> list[Naptr]:
    """The records without those that `others` have too, each of which stands for one."""
    left = Counter(map(key, others))
    kept = []
    for record in records:
        if left[key(record)] > 0:
            left[key(record)] -= 1
        else:
            kept.append(record)
    return kept


# Which records are one record in two forms, the surest sign first.
_SIGNS: tuple[Key, ...] = (
    lambda record: (record.service.lower(), record.regexp),
    lambda record: (record.service.lower(), record.order, record.preference),
    lambda record: (record.regexp, record.order, record.preference),
)


def _pairs(lost: Sequence[Naptr], extra: Sequence[Naptr]) -> list[Difference]:
    """The differences, in the order in which telephone systems try the records."""
    pairs: list[Difference] = []
    for sign in _SIGNS:
        found = {sign(record): record for record in reversed(extra)}
        for record in lost:
            if (same := found.pop(sign(record), None)) is not None:
                pairs.append(Difference(record, same))
        lost = [record for record in lost if not any(pair.expected is record for pair in pairs)]
        extra = [record for record in extra if not any(pair.found is record for pair in pairs)]
    pairs += [Difference(record, None) for record in lost] + [Difference(None, record) for record in extra]
    return sorted(pairs, key=_place)


def _place(difference: Difference) -> tuple[int, int]:
    record = difference.expected or difference.found
    assert record is not None  # noqa: S101 -- a difference has one of the two
    return record.order, record.preference

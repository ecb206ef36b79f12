"""Who can call a number: what its records become in the DNS, what telephone systems make of it, and what gets worse.

Everything here is reckoned from records that were read already; nothing is asked.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from dashboard.enum import (
    DEFAULT_ORDER,
    DEFAULT_SUFFIX,
    MAX_ANSWER,
    UDP_ANSWER,
    HasNaptrFields,
    HasOrder,
    Naptr,
    NaptrDraft,
    Problem,
    answer_size,
    check_draft,
    in_order,
    naptr_for,
)
from dashboard.enum.problems import gettext_noop
from dashboard.protocol import Number, Record
from dashboard.services.numbers.formatting import is_block
from dashboard.telephones import Prediction, Worsening, predict, worse

EXAMPLE_DIGITS = 11  # of the number that stands for a block
LAST = 10**18  # above every id: of equal records the new one comes last

_LARGE = gettext_noop(
    "The number's DNS answer then has %(count)d octets. Above %(limit)d it does not fit into one packet, and behind "
    "some firewalls telephone systems get no answer at all."
)
_TOO_LARGE = gettext_noop(
    "The number's DNS answer would have %(count)d octets; Asterisk reads at most %(limit)d. Shorten this, or delete "
    "another record first."
)


class Listed(HasNaptrFields, HasOrder, Protocol):
    """A record with its place among those of its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A record as it would be once it is written."""

    id: int
    order: int
    preference: int
    service: str
    hostdata: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One record: what it becomes in the DNS, None where that is nothing, and the URI that it gives a caller."""

    record: Listed
    naptr: Naptr | None
    uri: str


@dataclass
class Callers:
    """Who can call a number that has these records, which are in order. `suffix` is where its registry publishes.

    There is a way for each record, in order. The verdicts of `predictions` are those on the ways that are in the DNS
    (`published`), and count the records as the page does: also those that are not.
    """

    number: Number | Record
    records: tuple[Listed, ...]
    suffix: str = DEFAULT_SUFFIX
    ways: tuple[Way, ...] = field(init=False, repr=False, compare=False)
    predictions: tuple[Prediction, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.ways = tuple(_way(record, self.digits) for record in self.records)
        self.predictions = _renumbered(predict(self.digits, self._published_naptrs), self.ways)

    @property
    def digits(self) -> str:
        """The number that is looked at: of a block, one of its numbers."""
        return looked_at(self.number)

    @property
    def size(self) -> int:
        """Octets of the DNS answer."""
        return answer_size(self.digits, self._published_naptrs, self.suffix)

    @property
    def published(self) -> list[Way]:
        """The ways that are in the DNS."""
        return [way for way in self.ways if way.naptr is not None]

    @property
    def can_call(self) -> list[Prediction]:
        """The telephone systems that find something to call."""
        return [prediction for prediction in self.predictions if prediction.uris]

    @property
    def is_large(self) -> bool:
        """Whether the answer is too large for one packet."""
        return self.size > UDP_ANSWER

    @property
    def _published_naptrs(self) -> list[Naptr]:
        return [way.naptr for way in self.ways if way.naptr is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What becomes of a number's callers: how it would be, which record is the one in question, and what is lost."""

    callers: Callers
    place: int | None
    losses: list[Worsening]


def looked_at(number: Number | Record) -> str:
    """The digits for which a prediction is made: the number's own, or those of one number of a block."""
    digits = number.digits
    return digits.ljust(max(EXAMPLE_DIGITS, len(digits) + 1), "0") if is_block(number) else digits


def prospect(
    number: Number | Record,
    records: Sequence[Listed],
    draft: NaptrDraft,
    *,
    record_id: int | None,
    suffix: str = DEFAULT_SUFFIX,
) -> Prospect:
    """How it would be with a draft in the place of the record `record_id`, or as a new record if that is None."""
    drafted = Placed(
        id=LAST if record_id is None else record_id,
        order=DEFAULT_ORDER,
        preference=draft.preference,
        service=draft.service,
        hostdata=draft.hostdata,
    )
    kept: list[Listed] = [record for record in records if record.id != record_id]
    after = in_order([*kept, drafted])
    return _compare(number, records, after, suffix, place=after.index(drafted))


def prospect_without(
    number: Number | Record, records: Sequence[Record], gone: Sequence[Record], suffix: str = DEFAULT_SUFFIX
) -> Prospect:
    """How it would be once some of the records are deleted."""
    ids = {record.id for record in gone}
    return _compare(number, records, [record for record in records if record.id not in ids], suffix, place=None)


def too_large(before: Callers, after: Callers) -> Problem | None:
    """What is wrong where a change makes the DNS answer so large that Asterisk cannot read it."""
    if after.size <= max(before.size, MAX_ANSWER):
        return None
    return Problem("hostdata", "answer-size", _TOO_LARGE, {"count": after.size, "limit": MAX_ANSWER})


def concerns(
    number: Number | Record,
    records: Sequence[Record],
    draft: NaptrDraft,
    *,
    record: Record | None,
    suffix: str = DEFAULT_SUFFIX,
) -> list[Problem]:
    """What is legal in a draft and yet so unsafe that a person must look twice: only what the draft itself brings in.

    A record that makes a telephone system drop the number, an answer that leaves UDP, a password for all to read.
    That other systems than before can call is no such thing.
    """
    coming = prospect(number, records, draft, record_id=record.id if record else None, suffix=suffix)
    before = Callers(number, tuple(records), suffix).size
    found = [
        Problem("hostdata", loss.code, loss.message, loss.params, "warning")
        for loss in coming.losses
        if loss.code == "breaks"
    ]
    if coming.callers.size > max(before, UDP_ANSWER):
        params = {"count": coming.callers.size, "limit": UDP_ANSWER}
        found.append(Problem("hostdata", "answer-size", _LARGE, params, "warning"))
    if record is None or (record.service, record.hostdata) != (draft.service, draft.hostdata):
        found += [problem for problem in check_draft(draft, number.digits) if problem.code == "password"]
    return found


def digest(problems: Sequence[Problem]) -> str:
    """What a form sends back to say that these sentences were read; other sentences, another text."""
    return hashlib.sha256("\n".join(map(str, problems)).encode()).hexdigest()


def _compare(
    number: Number | Record, before: Sequence[Listed], after: Sequence[Listed], suffix: str, *, place: int | None
) -> Prospect:
    coming = Callers(number, tuple(after), suffix)
    losses = worse(Callers(number, tuple(before), suffix).predictions, coming.predictions)
    return Prospect(callers=coming, place=place, losses=losses)


def _way(record: Listed, digits: str) -> Way:
    naptr = naptr_for(record, record.order)
    return Way(record=record, naptr=naptr, uri=naptr.uri_for(digits) if naptr is not None else "")


def _renumbered(predictions: Sequence[Prediction], ways: Sequence[Way]) -> tuple[Prediction, ...]:
    """The same, with sentences that count the records as the page does: also those that are not in the DNS."""
    places = [place for place, way in enumerate(ways, start=1) if way.naptr is not None]
    return tuple(
        replace(
            prediction,
            params=_counted(prediction.params, places),
            verdicts=tuple(
                replace(verdict, params=_counted(verdict.params, places)) for verdict in prediction.verdicts
            ),
        )
        for prediction in predictions
    )


def _counted(params: Mapping[str, object], places: Sequence[int]) -> Mapping[str, object]:
    place = params.get("place")
    return {**params, "place": places[place - 1]} if isinstance(place, int) else params

"""Who can call a number: what its records become in the DNS, what telephone systems make of it, and what gets worse.

Everything here is reckoned from records that were read already; nothing is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.enum import (
    DEFAULT_SUFFIX,
    UDP_ANSWER,
    Name,
    Naptr,
    NumberError,
    answer_size,
    in_order,
    naptr_for,
    read_number,
)
from dashboard.protocol import Number, Record, RecordData, RecordState
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import name_of
from dashboard.services.records.planning import Step, after_all, step_of
from dashboard.telephones import Prediction, Worsening, predict, worse

MAX_DIALLED = 100  # characters, however somebody writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One record: what it becomes in the DNS, None where that is nothing, and the URI that it gives a caller.

    One that `is_raw` is in the DNS word for word, and belongs to administrators.
    """

    record: RecordState
    naptr: Naptr | None
    uri: str
    is_raw: bool = False


@dataclass
class Callers:
    """Who can call a number that has these records, which are in order. `suffix` is where its registry publishes.

    Of a block, `dialled` is the number that is called, and an example where it is empty or not of the block.

    `raws` are raw records, which administrators have published beside these.

    There is a way for each record, in order, and behind them one for each raw record. The verdicts of `predictions`
    are those on the ways that are in the DNS (`published`), and count the records as the page does: also those that
    are not.
    """

    number: Number | Record
    records: tuple[RecordState, ...]
    suffix: str = DEFAULT_SUFFIX
    dialled: str = ""
    raws: tuple[Naptr, ...] = ()
    ways: tuple[Way, ...] = field(init=False, repr=False, compare=False)
    predictions: tuple[Prediction, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name = name_of(self.number)
        self.dialled = self.dialled if name.owns(self.dialled) else name.example
        self.ways = tuple(
            [_way(record, self.digits, name) for record in self.records]
            + [_raw_way(naptr, self.digits) for naptr in self.raws]
        )
        self.predictions = _renumbered(predict(self.digits, self._published_naptrs), self.ways)

    @classmethod
    def of(cls, found: NumberRecords) -> "Callers":
        """Who can call a number as it is."""
        return cls(found.number, tuple(found.records), found.suffix, _digits(found.dialled), found.raws)

    @property
    def digits(self) -> str:
        """The number that is looked at: of a block, one of its numbers."""
        return self.dialled

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
    """What becomes of a number's callers: how it is and would be, which record is in question, and what is lost."""

    before: Callers
    callers: Callers
    place: int | None
    losses: list[Worsening]


def _digits(text: str) -> str:
    """The digits of a number of a block, as somebody typed it; none where it cannot be read."""
    try:
        return read_number(text[:MAX_DIALLED], public=False)
    except NumberError:
        return ""


def callers_of(name: str, drafts: Iterable[RecordData], dialled: str = "") -> Callers:
    """Who could call a number (digits, with * behind for a block) that had these records."""
    digits = name.removesuffix("*")
    number = Number(id=0, country=digits, area="", local="*" * (digits != name))
    return Callers(number, tuple(in_order([draft.placed(None) for draft in drafts])), dialled=_digits(dialled))


def prospect(found: NumberRecords, draft: RecordData, record: Record | None = None) -> Prospect:
    """How it would be with a draft in the place of `record`, or as a new record if that is None."""
    return prospect_of(found, [step_of(draft, record)])


def prospect_without(found: NumberRecords, gone: Sequence[Record]) -> Prospect:
    """How it would be once some of the records are deleted."""
    return prospect_of(found, [Step(before=record.state) for record in gone])


def prospect_of(found: NumberRecords, steps: Sequence[Step], raws: Sequence[Naptr] | None = None) -> Prospect:
    """How it would be once all of this is done. Of one record that is written alone, the prospect has the place.

    `raws` are the raw records that it has then; None for those that it has now.
    """
    before = Callers.of(found)
    after = tuple(in_order(after_all(found.states, steps)))
    coming = Callers(found.number, after, found.suffix, before.dialled, found.raws if raws is None else tuple(raws))
    was = {way.record.id: way.uri for way in before.ways if not way.is_raw}
    written = {step.after: step.before for step in steps if step.after is not None}
    replaced, place = list[tuple[str, str]](), None
    for index, way in enumerate(coming.ways):
        if way.record in written and not way.is_raw:
            record, place = written[way.record], index
            replaced.append((was.get(record.id, "") if record is not None else "", way.uri))
    losses = worse(before.predictions, coming.predictions, replaced)
    return Prospect(before=before, callers=coming, place=place if len(steps) == 1 else None, losses=losses)


def _way(record: RecordState, digits: str, name: Name) -> Way:
    naptr = naptr_for(record, record.order, name)
    return Way(record=record, naptr=naptr, uri=naptr.uri_for(digits) if naptr is not None else "")


def _raw_way(naptr: Naptr, digits: str) -> Way:
    """That of a raw record, which stands in the place of a record that no program can change."""
    target = naptr.regexp or naptr.replacement
    record = RecordState(
        id=None, order=naptr.order, preference=naptr.preference, service=naptr.service or "-", hostdata=target
    )
    return Way(record=record, naptr=naptr, uri=naptr.uri_for(digits), is_raw=True)


def _renumbered(predictions: Sequence[Prediction], ways: Sequence[Way]) -> tuple[Prediction, ...]:
    """The same, with sentences that count the records as the page does: also those that are not in the DNS."""
    places = [place for place, way in enumerate(ways, start=1) if way.naptr is not None]
    if len(places) == len(ways):
        return tuple(predictions)
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

"""How a number was at a moment, and what differs between two.

A change keeps all records of its number as they were when its command was sent, and as they are if it was applied.
So a state is read and never reckoned. A change that kept only its one record (version 0.1), or of which nobody knows
the outcome, leaves a gap.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import has_placeholder, in_order
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import MAX_ID_DIGITS, Number, RecordState
from dashboard.services.numbers import NumberRecords, show_number
from dashboard.services.records.callers import Callers
from dashboard.services.undo.differences import Pair, compare, differing
from dashboard.services.zones import suffix_of

LARGE = 60  # records; more do not fit into an answer that telephone systems can read
NOW = "now"
_BEFORE = "before-"
_MOMENT = re.compile(rf"({_BEFORE})?([0-9]{{1,{MAX_ID_DIGITS}}})")

Records = tuple[RecordState, ...]


@dataclass(frozen=True, kw_only=True)
class State:
    """A number at one moment, which has a name for addresses: "now", the id of a change that had just been made, or
    "before-" and that id. `records`, in order, are None where nobody knows; `change` is None for now.
    """

    moment: str
    change: Change | None = None
    records: Records | None
    reckon: Callable[[Records | None], Callers | None] = field(repr=False, compare=False)

    @cached_property
    def callers(self) -> Callers | None:
        """Who can call then; None where that is not known. Raw records count as they are now: no history has them."""
        return self.reckon(self.records)

    @property
    def is_large(self) -> bool:
        """Whether there are so many records that it takes long to say who can call, as for each state of a page."""
        return self.records is not None and len(self.records) > LARGE

    @property
    def is_now(self) -> bool:
        """Whether this is what the registry has."""
        return self.change is None

    @property
    def is_before(self) -> bool:
        """Whether the change comes only after it."""
        return self.moment.startswith(_BEFORE)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two states of a number, and what became of each record between them: None where one of them is not known.

    `is_then` says that only one moment was asked for: it is compared with now.
    """

    earlier: State
    later: State
    pairs: Sequence[Pair] | None
    is_then: bool

    @property
    def differs(self) -> bool:
        """Whether anything is not the same."""
        return bool(differing(self.pairs or ()))

    @property
    def shown(self) -> State:
        """The one that somebody asked for."""
        return self.earlier if self.is_then else self.later


@dataclass(frozen=True, kw_only=True)
class Life:
    """A number over time: whose history it is, what the registry has now, and how its records become calls."""

    person: User
    credential: Credential
    number_id: int
    number: Number
    found: NumberRecords | None = None
    problem: RegistryError | None = None
    reckoned: dict[Records, Callers] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, person: User, credential: Credential, number_id: int) -> "Life":
        """That of a number, with what the registry has now, if it can be asked.

        Raises Http404 and client.RegistryError where nothing is known of the number from its history either.
        """
        found, problem = None, None
        failure: Exception
        try:
            found = show_number(person, credential, number_id)
            return cls(person=person, credential=credential, number_id=number_id, number=found.number, found=found)
        except RegistryError as error:
            failure = problem = error
        except Http404 as error:
            failure = error
        last = (
            access.changes_of(person, credential).filter(number_id=number_id).values_list("number", flat=True).first()
        )
        if not last:
            raise failure
        number = Number(id=number_id, country=last, area="", local="")
        return cls(person=person, credential=credential, number_id=number_id, number=number, problem=problem)

    @property
    def history(self) -> QuerySet[Change]:
        """All that is known to have happened to it."""
        return access.changes_of(self.person, self.credential).filter(number_id=self.number_id)

    @cached_property
    def same(self) -> dict[int, int]:
        """Which id a record has now that had another before."""
        return access.identities(self.credential, self.number_id)

    def state(self, moment: str) -> State:
        """The number at a moment. Raises Http404 for what names no moment of it."""
        if moment == NOW:
            return self._state(NOW, None, self.found.states if self.found is not None else None)
        change, is_before = _named(self.history, moment)
        return self.before(change) if is_before else self.after(change)

    def comparison(self, at: str, since: str = "") -> Comparison:
        """What became of the records from the moment `since` until `at`; from `at` until now with that alone.

        Raises Http404.
        """
        earlier, later = (self.state(since), self.state(at or NOW)) if since else (self.state(at), self.state(NOW))
        pairs = None
        if earlier.records is not None and later.records is not None:
            pairs = compare(earlier.records, later.records, self.same)
        return Comparison(earlier=earlier, later=later, pairs=pairs, is_then=not since)

    def after(self, change: Change) -> State:
        """How it was once a change was made or refused."""
        return self._state(str(change.pk), change, _known_after(change))

    def before(self, change: Change) -> State:
        """How it was before a change."""
        return self._state(f"{_BEFORE}{change.pk}", change, _known_before(change))

    def _state(self, moment: str, change: Change | None, records: Sequence[RecordState] | None) -> State:
        in_turn = None if records is None else tuple(in_order(records))
        return State(moment=moment, change=change, records=in_turn, reckon=self._callers)

    def _callers(self, records: Records | None) -> Callers | None:
        """Who can call with these records; None where that is not known, as of a block that cannot be asked for."""
        if records is None or (self.found is None and any(has_placeholder(record.hostdata) for record in records)):
            return None
        if records not in self.reckoned:
            suffix = suffix_of(self.credential.registry)
            raws = self.found.raws if self.found is not None else ()
            self.reckoned[records] = Callers(self.number, records, suffix, raws=raws)
        return self.reckoned[records]


def records_at(person: User, credential: Credential, number_id: int, moment: str) -> Sequence[RecordState] | None:
    """What a number had at a moment that has passed; None where nobody knows. Raises Http404."""
    change, is_before = _named(access.changes_of(person, credential).filter(number_id=number_id), moment)
    return _known_before(change) if is_before else _known_after(change)


def _named(changes: QuerySet[Change], moment: str) -> tuple[Change, bool]:
    """The change by which a moment is named, and whether it comes only after it. Raises Http404."""
    named = _MOMENT.fullmatch(moment)
    change = changes.filter(pk=named[2]).first() if named else None
    if change is None or named is None:
        raise Http404(_("This number has no such moment."))
    return change, bool(named[1])


def _known_after(change: Change) -> list[RecordState] | None:
    """What the number had once a change was made or refused."""
    if not change.is_whole or change.is_open or change.outcome == Outcome.UNKNOWN:
        return None
    records: list[RecordState] = change.after if change.outcome == Outcome.APPLIED else change.before
    return records


def _known_before(change: Change) -> list[RecordState] | None:
    records: list[RecordState] = change.before
    return records if change.is_whole else None

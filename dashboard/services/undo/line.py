"""A number's whole life with one credential: a line of states, made from its changes.

A change keeps all records of its number as they were when its command was sent, and as they are if it was applied.
So a state is read and never reckoned. What was sent together is one entry; a change that kept only its one record
(version 0.1), or of which nobody knows the outcome, leaves a gap that the line explains.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import has_placeholder, in_order
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import Command
from dashboard.protocol import MAX_ID_DIGITS, Number, RecordState
from dashboard.services.numbers import NumberRecords, show_number
from dashboard.services.records.callers import Callers
from dashboard.services.undo.differences import Pair, compare, differing
from dashboard.services.zones import suffix_of

PAGE_SIZE = 25
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
        """Who can call then; None where that is not known."""
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
class Entry:
    """What was sent together, a write by itself, or what was found to be otherwise: `made`, oldest first.

    `pairs` is what took effect, and `tried` what the last of them was to do where that did not take effect, or nobody
    knows. `state` is how the number was afterwards. `elsewhere` is what this entry found to be otherwise than the one
    before had left it: nobody saw when that happened. `undone_by` is the last change that took it back.
    """

    made: Sequence[Change]
    pairs: Sequence[Pair]
    tried: Sequence[Pair] = ()
    state: State
    elsewhere: Sequence[Pair] = ()
    undone_by: Change | None = None

    @property
    def change(self) -> Change:
        """The last of its changes, after which the entry is named."""
        return self.made[-1]

    @property
    def is_seen(self) -> bool:
        """Whether it was not made here, but found."""
        return self.change.command == Command.SEEN

    @property
    def applied(self) -> list[Change]:
        """Those of its changes that took effect."""
        return [change for change in self.made if change.outcome == Outcome.APPLIED]


@dataclass(frozen=True, kw_only=True)
class Line:
    """The life of a number, newest first: a page of its entries.

    `now` is how it is; without records where the registry could not be asked (`problem`) or has no such number for
    this account any more (`is_gone`). `start` is how it was before all that is known, on the last page.
    """

    number: Number
    now: State
    page: Page[Change]
    entries: Sequence[Entry]
    start: State | None = None
    problem: RegistryError | None = None
    is_gone: bool = False


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
    """What is needed to read a number's line: whose history, and how its records become calls."""

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
        return self._before(change) if is_before else self._after(change)

    def comparison(self, at: str, since: str = "") -> Comparison:
        """What became of the records from the moment `since` until `at`; from `at` until now with that alone.

        Raises Http404.
        """
        earlier, later = (self.state(since), self.state(at or NOW)) if since else (self.state(at), self.state(NOW))
        pairs = None
        if earlier.records is not None and later.records is not None:
            pairs = compare(earlier.records, later.records, self.same)
        return Comparison(earlier=earlier, later=later, pairs=pairs, is_then=not since)

    def line(self, page: str = "1") -> Line:
        """A page of the line."""
        later = self.history.filter(batch=OuterRef("batch"), pk__gt=OuterRef("pk"))
        lasts = self.history.filter(Q(batch=None) | ~Exists(later))
        shown: Page[Change] = Paginator(lasts, PAGE_SIZE).get_page(page)
        # One more than is shown: what the oldest entry of the page found is held against it.
        start = max(shown.start_index() - 1, 0)
        entries = self._entries(list(lasts[start : start + PAGE_SIZE + 1]))
        is_last = not shown.has_next()
        return Line(
            number=self.number,
            now=self.state(NOW),
            page=shown,
            entries=entries if is_last else entries[:-1],
            start=self._before(entries[-1].made[0]) if entries and is_last else None,
            problem=self.problem,
            is_gone=self.found is None and self.problem is None,
        )

    def _entries(self, lasts: Sequence[Change]) -> list[Entry]:
        """The entries that end with these changes."""
        together = dict[object, list[Change]]()
        batches = {change.batch for change in lasts if change.batch is not None}
        # A batch may hold hundreds of changes of hundreds of records: nobody looks at those in the middle.
        for change in self.history.filter(batch__in=batches).order_by("pk").defer("before", "after"):
            together.setdefault(change.batch, []).append(change)
        firsts = [changes[0].pk for changes in together.values() if len(changes) > 1]
        befores = dict(self.history.filter(pk__in=firsts).values_list("batch", "before"))
        entries = list[Entry]()
        for last in reversed(lasts):
            changes = [*together.get(last.batch, [last])[:-1], last]
            before = befores.get(last.batch, last.before)
            entries.insert(0, self._entry(changes, before, entries[0] if entries else None))
        undone = self._undone([change.pk for entry in entries for change in entry.made])
        return [
            replace(entry, undone_by=next((undone[one.pk] for one in entry.made if one.pk in undone), None))
            for entry in entries
        ]

    def _undone(self, changes: Sequence[int]) -> dict[int | None, Change]:
        """The last change that took back each of these, where there is one."""
        undoing = self.history.filter(undoes__in=changes, outcome=Outcome.APPLIED).order_by("pk")
        return {change.undoes_id: change for change in undoing.defer("before", "after")}

    def _entry(self, changes: Sequence[Change], before: Sequence[RecordState], older: Entry | None) -> Entry:
        last = changes[-1]
        is_done = last.outcome == Outcome.APPLIED
        known = older.state.records if older is not None else None
        return Entry(
            made=changes,
            pairs=self._differing(before, last.after if is_done else last.before),
            tried=() if is_done else self._differing(last.before, last.after),
            state=self._after(last),
            elsewhere=self._elsewhere(known, before) if known is not None and last.is_whole else (),
        )

    def _differing(self, before: Sequence[RecordState], after: Sequence[RecordState]) -> list[Pair]:
        return differing(compare(before, after, self.same))

    def _elsewhere(self, known: Records, found: Sequence[RecordState]) -> list[Pair]:
        """What changed between two entries. A registry that keeps an order of its own changed nothing by that."""
        before, after = ([one.placed(one.id) for one in records] for records in (known, found))
        return self._differing(before, after)

    def _after(self, change: Change) -> State:
        return self._state(str(change.pk), change, _known_after(change))

    def _before(self, change: Change) -> State:
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
            self.reckoned[records] = Callers(self.number, records, suffix)
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

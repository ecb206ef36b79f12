"""A number's whole life with one credential: a line of states, made from its changes.

What was sent together is one entry. Where nobody knows how the number was, the line explains why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q

from dashboard.client import RegistryError
from dashboard.models import Change, Outcome
from dashboard.models.change import Command
from dashboard.protocol import Number, RecordState
from dashboard.services.undo.differences import Pair, compare, differing
from dashboard.services.undo.moments import NOW, Life, Records, State

PAGE_SIZE = 25


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


def line_of(life: Life, page: str = "1") -> Line:
    """A page of the line of a number."""
    later = life.history.filter(batch=OuterRef("batch"), pk__gt=OuterRef("pk"))
    lasts = life.history.filter(Q(batch=None) | ~Exists(later))
    shown: Page[Change] = Paginator(lasts, PAGE_SIZE).get_page(page)
    # One more than is shown: what the oldest entry of the page found is held against it.
    start = max(shown.start_index() - 1, 0)
    entries = _entries(life, list(lasts[start : start + PAGE_SIZE + 1]))
    is_last = not shown.has_next()
    return Line(
        number=life.number,
        now=life.state(NOW),
        page=shown,
        entries=entries if is_last else entries[:-1],
        start=life.before(entries[-1].made[0]) if entries and is_last else None,
        problem=life.problem,
        is_gone=life.found is None and life.problem is None,
    )


def _entries(life: Life, lasts: Sequence[Change]) -> list[Entry]:
    """The entries that end with these changes."""
    together = dict[object, list[Change]]()
    batches = {change.batch for change in lasts if change.batch is not None}
    # A batch may hold hundreds of changes of hundreds of records: nobody looks at those in the middle.
    for change in life.history.filter(batch__in=batches).order_by("pk").defer("before", "after"):
        together.setdefault(change.batch, []).append(change)
    firsts = [changes[0].pk for changes in together.values() if len(changes) > 1]
    befores = dict(life.history.filter(pk__in=firsts).values_list("batch", "before"))
    entries = list[Entry]()
    for last in reversed(lasts):
        changes = [*together.get(last.batch, [last])[:-1], last]
        before = befores.get(last.batch, last.before)
        entries.insert(0, _entry(life, changes, before, entries[0] if entries else None))
    undone = _undone(life, [change.pk for entry in entries for change in entry.made])
    return [
        replace(entry, undone_by=next((undone[one.pk] for one in entry.made if one.pk in undone), None))
        for entry in entries
    ]


def _undone(life: Life, changes: Sequence[int]) -> dict[int | None, Change]:
    """The last change that took back each of these, where there is one."""
    undoing = life.history.filter(undoes__in=changes, outcome=Outcome.APPLIED).order_by("pk")
    return {change.undoes_id: change for change in undoing.defer("before", "after")}


def _entry(life: Life, changes: Sequence[Change], before: Sequence[RecordState], older: Entry | None) -> Entry:
    last = changes[-1]
    is_done = last.outcome == Outcome.APPLIED
    known = older.state.records if older is not None else None
    return Entry(
        made=changes,
        pairs=_differing(life, before, last.after if is_done else last.before),
        tried=() if is_done else _differing(life, last.before, last.after),
        state=life.after(last),
        elsewhere=_elsewhere(life, known, before) if known is not None and last.is_whole else (),
    )


def _differing(life: Life, before: Sequence[RecordState], after: Sequence[RecordState]) -> list[Pair]:
    return differing(compare(before, after, life.same))


def _elsewhere(life: Life, known: Records, found: Sequence[RecordState]) -> list[Pair]:
    """What changed between two entries. A registry that keeps an order of its own changed nothing by that."""
    before, after = ([one.placed(one.id) for one in records] for records in (known, found))
    return _differing(life, before, after)

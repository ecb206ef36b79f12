"""What is known of a job's numbers: how many of each kind, a page of them, all of them in a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dashboard import access
from dashboard.enum import Naptr
from dashboard.models import Job, JobNumber, JobState, Result, User
from dashboard.protocol import RecordState
from dashboard.services.bulk.whose import numbers_of
from dashboard.services.numbers.formatting import text_of
from dashboard.services.undo.differences import Pair, compare, differing
from dashboard.telephones import TELEPHONES

PAGE_SIZE = 50
CHUNK = 500  # numbers of a file that are read together
UNSAFE = "unsafe"  # a filter besides the results: what would be written and deserves a second look
COLUMNS = ("number", "result", "words", "before", "after", "change", "tried_at")
_LABELS = {telephone.name: telephone.label for telephone in TELEPHONES}


def unsafe() -> Q:
    """Which numbers a person must look at before they are written."""
    return ~Q(accepted="") | ~Q(worse="")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many numbers of a job have each result; `unsafe` of those that wait."""

    by_result: Mapping[str, int]
    unsafe: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_result.values())

    @property
    def waiting(self) -> int:
        """Those that are still to be written."""
        return self.of(Result.WAITING)

    @property
    def to_do(self) -> int:
        """Those that the job is about: all but what is so already or cannot be done."""
        return self.total - self.of(Result.SAME) - self.of(Result.CANNOT)

    @property
    def ended(self) -> int:
        """Those of them that were tried."""
        return self.to_do - self.waiting

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.ended // self.to_do if self.to_do else 100

    @property
    def can_be_tried_again(self) -> int:
        """Those that failed, or of which nobody knows."""
        return self.of(Result.FAILED) + self.of(Result.UNKNOWN)

    def of(self, result: str) -> int:
        """Those with a result, or the unsafe ones."""
        return self.unsafe if result == UNSAFE else self.by_result.get(result, 0)


@dataclass(frozen=True)
class Row:
    """One number of a job as a page shows it, with the change that came of it."""

    item: JobNumber
    change: int | None = None

    @property
    def pairs(self) -> Sequence[Pair]:
        """What differs."""
        return differing(compare(self.item.before, self.item.after, {}))

    @property
    def raws_gone(self) -> list[str]:
        """The raw records that go, as a zone file has them."""
        return [one.to_text() for one in self.item.raws_gone]

    @property
    def raws_come(self) -> list[str]:
        """Those that come."""
        return [one.to_text() for one in self.item.raws_come]

    @property
    def written(self) -> str:
        """The number as people write it."""
        digits = self.item.digits
        return text_of(digits.removesuffix("*"), is_block=digits.endswith("*")) if digits else "–"

    @property
    def worse(self) -> list[str]:
        """The telephone systems that get less than before."""
        return [_LABELS.get(name, name) for name in self.item.worse.split()]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page of a job's numbers."""

    page: Page[JobNumber]
    rows: list[Row]
    result: str


class Results:
    """The numbers of one job, as far as a person may see them."""

    def __init__(self, person: User, job: Job) -> None:
        self.person = person
        self.job = job
        self.numbers: QuerySet[JobNumber] = numbers_of(person, job)

    @cached_property
    def counts(self) -> Counts:
        """How many there are of each."""
        found = dict(self.numbers.order_by().values_list("result").annotate(count=Count("pk")))
        waiting = self.numbers.filter(unsafe(), result=Result.WAITING).order_by()
        return Counts(by_result=found, unsafe=waiting.count())

    def page(self, number: str = "1", result: str = "") -> Shown:
        """One page of those with a result, or of all."""
        result = result if result == UNSAFE or result in Result.values else ""
        shown: Page[JobNumber] = Paginator(self._with(result).select_related("credential"), PAGE_SIZE).get_page(
            number
        )
        return Shown(page=shown, rows=self._rows(list(shown)), result=result)

    def behind(self, place: int, result: str = "") -> tuple[list[Row], bool]:
        """The rows behind a place, of those with a result or of all, and whether there are more."""
        items = list(self._with(result).filter(place__gt=place).select_related("credential")[: PAGE_SIZE + 1])
        return self._rows(items[:PAGE_SIZE]), len(items) > PAGE_SIZE

    def _rows(self, items: list[JobNumber]) -> list[Row]:
        made = self._changes(items)
        return [Row(item, made.get((item.credential_id, item.number_id))) for item in items]

    def _with(self, result: str) -> QuerySet[JobNumber]:
        if result == UNSAFE:
            return self.numbers.filter(unsafe(), result=Result.WAITING)
        return self.numbers.filter(result=result) if result in Result.values else self.numbers

    @property
    def is_outdated(self) -> bool:
        """Whether the mirror knows something newer of a number that would be written than the preview."""
        if self.job.state != JobState.PREVIEW:
            return False
        newer = access.mirrored(self.person).filter(
            credential=OuterRef("credential"), number_id=OuterRef("number_id")
        )
        newer = newer.exclude(fingerprint="").exclude(fingerprint=OuterRef("seen"))
        return self.numbers.filter(Exists(newer)).exclude(seen="").order_by().exists()

    def rows(self) -> Iterator[tuple[str, ...]]:
        """All of them, a row of COLUMNS each."""
        items = self.numbers.iterator(chunk_size=CHUNK)
        while some := list(islice(items, CHUNK)):
            yield from self._exported(some)

    def _exported(self, items: list[JobNumber]) -> Iterator[tuple[str, ...]]:
        made = self._changes(items)
        for item in items:
            yield (
                f"+{item.digits}",
                item.result,
                item.words,
                _text(item.before, item.raws_before or ()),
                _text(item.after, item.raws_after or ()),
                str(made.get((item.credential_id, item.number_id), "")),
                item.tried_at.isoformat() if item.tried_at else "",
            )

    def _changes(self, items: Sequence[JobNumber]) -> dict[tuple[int | None, int | None], int]:
        """The last change of this job at each of these numbers."""
        if self.job.started_at is None:
            return {}
        ids = [item.number_id for item in items if item.number_id is not None]
        made = access.changes(self.person).filter(job=self.job, number_id__in=ids)
        found: list[tuple[int | None, int, int]] = list(
            made.order_by("pk").values_list("credential_id", "number_id", "pk")
        )
        by_number: dict[tuple[int | None, int | None], int] = {(one, number): pk for one, number, pk in found}
        return by_number


def _text(records: Iterable[RecordState], raws: Iterable[Naptr]) -> str:
    said = [f"{one.preference} {one.service} {one.hostdata}" for one in records]
    return "; ".join([*said, *(f"NAPTR {one.to_text()}" for one in raws)])

"""Pages that are read from the mirror: the list of an account's numbers, and a number whose registry does not answer.

Nobody changes anything by what is read here: whoever edits reads live first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from dashboard import access
from dashboard.enum import NumberError, in_order
from dashboard.models import Credential, MirroredNumber, User
from dashboard.models.searching import digits_are
from dashboard.protocol import Record
from dashboard.services import numbers
from dashboard.services.history import history_of
from dashboard.services.mirror.wanting import Freshness, freshness, note_use, want
from dashboard.services.numbers import DEFAULT_SORT, PAGE_SIZE, NumberList, NumberRecords, NumberRow
from dashboard.services.numbers.notes import noted_with, notes_of
from dashboard.services.numbers.typed import typed_search
from dashboard.services.zones import suffix_of

# Numbers that are counted for a page; of a larger account it shows how many its registry listed last.
COUNTED = 20_000
ORDERS = {
    "number": ("digits", "pk"),
    "-number": ("-digits", "-pk"),
    "id": ("number_id",),
    "-id": ("-number_id",),
}


def list_numbers(
    person: User, credential: Credential, *, query: str = "", sort: str = DEFAULT_SORT, page: str = "1"
) -> tuple[NumberList, Freshness]:
    """One page of the numbers that `query` finds, and how fresh it is.

    Where the registry has never said which numbers there are it is asked now, and a refresh begins. Raises
    client.RegistryError then.
    """
    fresh = freshness(credential)
    if fresh.listed_at is None:
        found = numbers.list_numbers(person, credential, query=query, sort=sort, page=page)
        want(credential)
        return found, freshness(credential)
    note_use(credential, fresh)
    return _from_mirror(person, credential, fresh, query, sort if sort in ORDERS else DEFAULT_SORT, page), fresh


def _from_mirror(
    person: User, credential: Credential, fresh: Freshness, query: str, sort: str, page: str
) -> NumberList:
    """The page: a constant number of questions, and no more rows than it shows."""
    everything = access.mirrored_of(person, credential)
    is_counted = fresh.total <= COUNTED or person.token is not None
    total = everything.count() if is_counted else fresh.total
    condition, problem = _condition(credential, query)
    wanted = everything.filter(condition)
    matching = wanted.count() if condition else total
    shown: Page[int] = Paginator(range(matching), PAGE_SIZE).get_page(page)
    rows = _rows(wanted, ORDERS[sort], shown)
    noted = notes_of(credential, [row.number_id for row in rows])
    return NumberList(
        page=shown,
        rows=[
            NumberRow(
                number=row.number,
                record_count=None if row.seen_at is None else row.record_count,
                tags=noted[row.number_id].tag_list if row.number_id in noted else (),
            )
            for row in rows
        ],
        total=total,
        matching=matching,
        query=query,
        sort=sort,
        problem=None if matching else problem,
    )


def _rows(wanted: QuerySet[MirroredNumber], order: Sequence[str], shown: Page[int]) -> Sequence[MirroredNumber]:
    """The rows of a page: an index alone leads there, and then only they are read."""
    first = max(0, shown.start_index() - 1)
    pks = wanted.order_by(*order).values("pk")[first : first + PAGE_SIZE]
    return list(access.every_mirrored_number().filter(pk__in=pks).defer("records", "text").order_by(*order))


def _condition(credential: Credential, query: str) -> tuple[Q, NumberError | None]:
    """What the numbers fulfil that are sought, or in whose notes or tags the query is; why it cannot be read."""
    if not query:
        return Q(), None
    noted, problem = Q(number_id__in=noted_with(credential, query)), None
    try:
        sought = typed_search(query, suffix_of(credential.registry))
        if not sought:
            return Q(), None
        return digits_are(sought, "digits") | noted, None
    except NumberError as error:
        problem = error
    return noted, problem


@dataclass(frozen=True, kw_only=True)
class MirroredRecords:
    """A number as it was when it was last looked at, or as our own writes left it since."""

    found: NumberRecords
    seen_at: datetime
    is_expected: bool


def mirrored_number(person: User, credential: Credential, number_id: int) -> MirroredRecords | None:
    """A number as the mirror has it; None where nobody has looked at it, or the person does not reach it."""
    row = access.mirrored_of(person, credential).filter(number_id=number_id).first()
    if row is None or row.seen_at is None or not row.was_looked_at or not row.digits:
        return None
    number = row.number
    records = [
        Record(
            id=record.id or 0,  # of one that was added, where the registry did not say
            country=number.country,
            area=number.area,
            local=number.local,
            order=record.order,
            preference=record.preference,
            service=record.service,
            hostdata=record.hostdata,
        )
        for record in in_order(row.records)
    ]
    found = NumberRecords(
        number=number,
        records=records,
        suffix=suffix_of(credential.registry),
        services=credential.services,
        is_embedded=credential.registry.is_embedded,
        history=history_of(person, credential, number_id),
    )
    return MirroredRecords(found=found, seen_at=row.seen_at, is_expected=row.is_expected)

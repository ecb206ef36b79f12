"""A credential's numbers and their records, read live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.client import Client, Refused, ReplyLost
from dashboard.enum import DEFAULT_SUFFIX, Naptr, NumberError, Sought, in_order
from dashboard.models import Credential, User
from dashboard.nameservers import ZoneFacts
from dashboard.protocol import Number, Record, RecordState
from dashboard.services.credentials.connection import connect
from dashboard.services.fingerprints import fingerprint
from dashboard.services.history import NumberHistory, history_of, notice
from dashboard.services.numbers.formatting import name_of
from dashboard.services.numbers.notes import noted_with, notes_of
from dashboard.services.numbers.typed import probably_meant, typed_search
from dashboard.services.zones import raws_of, suffix_of, zones_of

PAGE_SIZE = 20  # as many as a page of the search
# Of one number. A message of the DNS holds 65,535 octets (RFC 1035, section 4.2.2) and so no more than some hundreds
# of records, and each becomes a form on the page.
RECORDS_SHOWN = 500
# The numbers of an account that has one of this id.
Listing = Callable[[Client, int], list[Number]]
SORTS: dict[str, tuple[Callable[[Number], str | int], bool]] = {
    "number": (attrgetter("digits"), False),
    "-number": (attrgetter("digits"), True),
    "id": (attrgetter("id"), False),
    "-id": (attrgetter("id"), True),
}
DEFAULT_SORT = "number"


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """One row of the list. ``record_count`` is what was seen last, None where the number was never looked at.

    `tags` are what people gave it.
    """

    number: Number
    record_count: int | None
    tags: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class NumberList:
    """One page of a credential's numbers, and how many there are and match.

    `problem` says why `query` cannot be read; then nothing matches.
    """

    page: Page[int]
    rows: list[NumberRow]
    total: int
    matching: int
    query: str
    sort: str
    problem: NumberError | None = None


@dataclass(frozen=True, kw_only=True)
class NumberRecords:
    """One number and its records, in the order in which telephone systems try them.

    `suffix` is where its registry publishes, `find_zone` says which zone holds the number, `raws_at` what a number of
    the registry has in the DNS besides the records of the protocol, and `services` what the registry offers; None and
    empty where that is not known.
    `is_embedded` says that it is the registry inside this site. `listed` holds the account's numbers, if they were
    asked for already. `meant` is another number, in people's writing, where this one seems to have a trunk prefix too
    many. `history` is what the person who asked should know of it. `dialled` is, of a block, the one of its numbers
    that somebody wants to look at, as they write it.
    """

    number: Number
    records: list[Record]
    suffix: str = DEFAULT_SUFFIX
    find_zone: Callable[[], ZoneFacts] | None = field(default=None, compare=False)
    raws_at: Callable[[Number], Sequence[Naptr]] | None = field(default=None, compare=False)
    services: Sequence[str] = ()
    is_embedded: bool = True
    listed: list[Number] | None = None
    meant: str = ""
    history: NumberHistory = field(default_factory=NumberHistory)
    dialled: str = ""

    def find(self, record_id: int) -> Record | None:
        """One of the records, None where it is not there."""
        return next((record for record in self.records if record.id == record_id), None)

    def record(self, record_id: int) -> Record:
        """One of the records. Raises Http404."""
        record = self.find(record_id)
        if record is None:
            raise Http404(_("This number has no such record."))
        return record

    def others(self, record: RecordState | None) -> list[Record]:
        """The records besides one; all of them for None."""
        return [other for other in self.records if record is None or other.id != record.id]

    @property
    def states(self) -> list[RecordState]:
        """The records without their number, as the history keeps them."""
        return [record.state for record in self.records]

    @cached_property
    def raws(self) -> tuple[Naptr, ...]:
        """The raw NAPTR records that administrators have published beside these records."""
        return tuple(self.raws_at(self.number)) if self.raws_at is not None else ()

    @cached_property
    def fingerprint(self) -> str:
        """What notices that any of these records changed."""
        return fingerprint(self.records)


def list_numbers(
    person: User, credential: Credential, *, query: str = "", sort: str = DEFAULT_SORT, page: str = "1"
) -> NumberList:
    """One page of the numbers that `query` finds (`enum.read_sought`). Raises client.RegistryError.

    Only the page's numbers are formatted and looked up: an account may have 100,000.
    """
    numbers = narrowing.numbers_reached(person, connect(person, credential).list())
    total = len(numbers)
    matching, problem = _matching(credential, numbers, query) if query else (numbers, None)
    if sort not in SORTS:
        sort = DEFAULT_SORT
    key, reverse = SORTS[sort]
    matching.sort(key=key, reverse=reverse)
    # The page counts places and does not hold the numbers: it is part of a reference cycle, and 100,000 numbers
    # would wait with it for the garbage collector.
    shown: Page[int] = Paginator(range(len(matching)), PAGE_SIZE).get_page(page)
    chosen = [matching[place] for place in shown]
    known = dict(
        access.every_mirrored_number()
        .filter(credential=credential, number_id__in=[number.id for number in chosen])
        .values_list("number_id", "record_count")
    )
    noted = notes_of(credential, [number.id for number in chosen])
    return NumberList(
        page=shown,
        rows=[
            NumberRow(
                number=number,
                record_count=known.get(number.id),
                tags=noted[number.id].tag_list if number.id in noted else (),
            )
            for number in chosen
        ],
        total=total,
        matching=len(matching),
        query=query,
        sort=sort,
        problem=problem,
    )


def _matching(credential: Credential, numbers: list[Number], query: str) -> tuple[list[Number], NumberError | None]:
    """The numbers that are sought, or in whose notes or tags the query is; why it cannot be read where none is."""
    noted, sought, problem = frozenset(noted_with(credential, query)), Sought(), None
    try:
        sought = typed_search(query, suffix_of(credential.registry))
        if not sought:
            return numbers, None
    except NumberError as error:
        problem = error
    found = [number for number in numbers if number.id in noted or sought.finds(number.digits)]
    return found, None if found else problem


def show_number(person: User, credential: Credential, number_id: int) -> NumberRecords:
    """One number with its records, and what is not settled there. Raises Http404 where the account has no such
    number, and client.RegistryError.
    """
    return replace(see_number(person, credential, number_id), history=history_of(person, credential, number_id))


def see_number(person: User, credential: Credential, number_id: int) -> NumberRecords:
    """The same without its history, for who asks for that by itself."""
    asked_at = timezone.now()
    found = read_number(person, connect(person, credential), credential, number_id)
    look(credential, found, asked_at)
    return found


def read_number(
    person: User, registry: Client, credential: Credential, number_id: int, listing: Listing | None = None
) -> NumberRecords:
    """One number with its records, live. Raises Http404 where the account has no such number, or none that the person
    reaches as they act now, and RegistryError.

    `show` answers with rows that carry the number; only where it has none must `list` say which number it is, or a
    `listing` that remembers what that said.
    """
    records, listed = records_of(registry, number_id), None
    if records:
        first = records[0]
        number = Number(id=number_id, country=first.country, area=first.area, local=first.local)
    else:
        listed = registry.list() if listing is None else listing(registry, number_id)
        number = _find(listed, number_id)
    narrowing.insist_number(person, number.digits)

    def find_zone() -> ZoneFacts:
        return zones_of(credential.registry, [name_of(number).text])[0]

    return NumberRecords(
        number=number,
        records=records,
        suffix=suffix_of(credential.registry),
        find_zone=find_zone,
        raws_at=lambda one: raws_of(credential.registry, [name_of(one).text])[0],
        services=credential.services,
        is_embedded=credential.registry.is_embedded,
        listed=listed,
        meant=probably_meant(number, find_zone),
    )


def records_of(registry: Client, number_id: int) -> list[Record]:
    """The records of a number, in order. Raises Http404 where the account has no such number, and RegistryError,
    also for more than RECORDS_SHOWN records.
    """
    try:
        records = registry.show(number_id)
    except Refused:
        # "BAD" may mean that there is no such number, and the protocol has no word for that: the list knows.
        if any(number.id == number_id for number in registry.list()):
            raise
        raise Http404(_("This account has no such number.")) from None
    if len(records) > RECORDS_SHOWN:
        raise too_many_records(len(records))
    return in_order(records)


def too_many_records(count: int) -> ReplyLost:
    """The failure for a number with more than RECORDS_SHOWN records."""
    return ReplyLost(
        _("This number has %(count)s records: more than a DNS answer can hold. A page shows at most %(limit)s."),
        {"count": count, "limit": RECORDS_SHOWN},
        code="too-many-records",
    )


def _find(numbers: list[Number], number_id: int) -> Number:
    for number in numbers:
        if number.id == number_id:
            return number
    raise Http404(_("This account has no such number."))


def look(credential: Credential, found: NumberRecords, asked_at: datetime) -> None:
    """Note what was seen of a number, and in its history what was changed elsewhere since the last look.

    `asked_at` is when the registry was asked.
    """
    notice(credential, found.number, found.states, found.fingerprint, asked_at)

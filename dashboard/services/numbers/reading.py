"""A credential's numbers and their records, read live."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from django.core.paginator import Page, Paginator
from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.client import Client, Refused, ReplyLost
from dashboard.enum import in_order
from dashboard.models import Change, Credential, KnownNumber, User
from dashboard.protocol import Number, Record
from dashboard.services.credentials.connection import connect
from dashboard.services.history import fingerprint, open_changes
from dashboard.services.numbers.formatting import digits_in

PAGE_SIZE = 50
# Of one number. A message of the DNS holds 65,535 octets (RFC 1035, section 4.2.2) and so no more than some hundreds
# of records, and each becomes a form on the page.
RECORDS_SHOWN = 500
SORTS: dict[str, tuple[Callable[[Number], str | int], bool]] = {
    "number": (attrgetter("digits"), False),
    "-number": (attrgetter("digits"), True),
    "id": (attrgetter("id"), False),
    "-id": (attrgetter("id"), True),
}
DEFAULT_SORT = "number"


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """One row of the list. ``record_count`` is what was seen last, None where the number was never looked at."""

    number: Number
    record_count: int | None


@dataclass(frozen=True, kw_only=True)
class NumberList:
    """One page of a credential's numbers, and how many there are and match."""

    page: Page[int]
    rows: list[NumberRow]
    total: int
    matching: int
    query: str
    sort: str


@dataclass(frozen=True, kw_only=True)
class NumberRecords:
    """One number and its records, in the order in which telephone systems try them."""

    number: Number
    records: list[Record]
    open_changes: list[Change]

    def record(self, record_id: int) -> Record:
        """One of the records. Raises Http404."""
        for record in self.records:
            if record.id == record_id:
                return record
        raise Http404(_("This number has no such record."))

    def has(self, record_id: int) -> bool:
        """Whether one of the records has this id."""
        return any(record.id == record_id for record in self.records)

    def others(self, record: Record) -> list[Record]:
        """The records besides one."""
        return [other for other in self.records if other.id != record.id]

    @property
    def fingerprint(self) -> str:
        """What notices that any of these records changed."""
        return fingerprint(self.records)


def list_numbers(
    person: User, credential: Credential, *, query: str = "", sort: str = DEFAULT_SORT, page: str = "1"
) -> NumberList:
    """One page of the numbers that contain the digits of `query`. Raises client.RegistryError.

    Only the page's numbers are formatted and looked up: an account may have 100,000.
    """
    numbers = connect(person, credential).list()
    total = len(numbers)
    wanted = digits_in(query)
    if wanted:
        matching = [number for number in numbers if wanted in number.digits]
    else:
        matching = [] if query.strip(" +-./()") else numbers
    if sort not in SORTS:
        sort = DEFAULT_SORT
    key, reverse = SORTS[sort]
    matching.sort(key=key, reverse=reverse)
    # The page counts places and does not hold the numbers: it is part of a reference cycle, and 100,000 numbers
    # would wait with it for the garbage collector.
    shown: Page[int] = Paginator(range(len(matching)), PAGE_SIZE).get_page(page)
    chosen = [matching[place] for place in shown]
    known = dict(
        KnownNumber.objects.filter(credential=credential, number_id__in=[number.id for number in chosen]).values_list(
            "number_id", "record_count"
        )
    )
    return NumberList(
        page=shown,
        rows=[NumberRow(number=number, record_count=known.get(number.id)) for number in chosen],
        total=total,
        matching=len(matching),
        query=query,
        sort=sort,
    )


def show_number(person: User, credential: Credential, number_id: int) -> NumberRecords:
    """One number with its records. Raises Http404 where the account has no such number, and client.RegistryError.

    `show` answers with rows that carry the number; only where it has none must `list` say which number it is.
    """
    registry = connect(person, credential)
    records = records_of(registry, number_id)
    if records:
        first = records[0]
        number = Number(id=number_id, country=first.country, area=first.area, local=first.local)
    else:
        number = _find(registry.list(), number_id)
    known = KnownNumber.objects.filter(credential=credential, number_id=number_id, record_count=len(records))
    if not known.exists():
        _remember(credential, number_id, len(records))
    return NumberRecords(number=number, records=records, open_changes=open_changes(credential, number_id))


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
        raise ReplyLost(
            _("This number has %(count)s records: more than a DNS answer can hold. A page shows at most %(limit)s."),
            {"count": len(records), "limit": RECORDS_SHOWN},
            code="too-many-records",
        )
    return in_order(records)


def _find(numbers: list[Number], number_id: int) -> Number:
    for number in numbers:
        if number.id == number_id:
            return number
    raise Http404(_("This account has no such number."))


def _remember(credential: Credential, number_id: int, count: int) -> None:
    # Somebody may have removed the credential while its registry was being asked.
    with contextlib.suppress(IntegrityError):
        KnownNumber.objects.update_or_create(
            credential=credential,
            number_id=number_id,
            defaults={"record_count": count, "seen_at": timezone.now()},
        )

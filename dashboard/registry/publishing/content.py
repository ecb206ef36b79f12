"""What a number is in the DNS: its records as the name servers should have them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import dns.rdata
from django.utils.translation import gettext
from dns.exception import DNSException
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from dashboard.enum import MAX_ANSWER, Name, Naptr, answer_size, check_draft, naptr_for
from dashboard.nameservers import Replacement
from dashboard.registry.layout import Layout
from dashboard.registry.models import BLOCK, MAX_DIGITS, Number, RawRecord, Record, Zone
from dashboard.registry.publishing import raws
from dashboard.registry.publishing.delegating import DELEGATED, GLUE, Rdatas, delegated, delegated_names

logger = logging.getLogger(__name__)

NUMBERS_AT_A_TIME = 1_000
TYPES = ("NAPTR", "TXT", *DELEGATED, *GLUE)  # in the order in which they are sent
# No record with its service and URI takes more octets of an answer than this, so fewer than so many always fit.
_ALWAYS_FIT = MAX_ANSWER // 400


class Row(NamedTuple):
    """A record as the database has it."""

    number_id: int
    pk: int
    order: int
    preference: int
    service: str
    hostdata: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a name of the zone should hold. `name` is as in Publication.name.

    `caller_name` is empty if none is published; `others` are records of a delegation, by type. `note` says which
    records were left out because they have no DNS form. With a `problem` the name is not to be touched: what is
    published stays.
    """

    name: str
    naptrs: tuple[Naptr, ...] = ()
    caller_name: str = ""
    note: str = ""
    problem: str = ""
    others: Rdatas = field(default_factory=dict, hash=False)

    def owner(self, zone: Zone) -> str:
        """The domain name, without a dot at the end."""
        return owner_name(self.name, zone.suffix)

    def rdatas(self) -> dict[str, tuple[Rdata, ...]]:
        """The records by type; a type that there is none of is absent."""
        found: dict[str, tuple[Rdata, ...]] = {}
        if self.naptrs:
            found["NAPTR"] = tuple(naptr.to_rdata() for naptr in self.naptrs)
        if self.caller_name:
            found["TXT"] = (text_rdata(self.caller_name),)
        return {**found, **self.others}

    def wires(self) -> Iterator[tuple[str, bytes]]:
        """The same as octets (RFC 1035 s3.2.1), which are made in a tenth of the time."""
        for naptr in self.naptrs:
            yield "NAPTR", naptr.to_wire()
        if self.caller_name:
            yield "TXT", _text_wire(self.caller_name)
        for rdtype, rdatas in self.others.items():
            for rdata in rdatas:
                yield rdtype, rdata.to_wire() or b""

    @property
    def types(self) -> frozenset[str]:
        """The types, besides NAPTR, that it has records of."""
        return frozenset(self.others) | ({"TXT"} if self.caller_name else frozenset())

    def replacement(self, zone: Zone, owned: Collection[str]) -> Replacement:
        """The update that makes a name server have it, whatever it had before.

        Records of the types in `owned` have been there from us. Only those, and NAPTR records of numbers, are touched
        besides what there is now: a server may allow us nothing else.
        """
        rdatas = self.rdatas()
        ours = {*owned, *rdatas} | (set() if is_host(self.name) else {"NAPTR"})
        return Replacement(
            self.owner(zone), zone.ttl, {rdtype: rdatas.get(rdtype, ()) for rdtype in TYPES if rdtype in ours}
        )


def is_host(name: str) -> bool:
    """Whether a name (as in Publication.name) is that of a name server, and not digits."""
    return "." in name


def owner_name(name: str, suffix: str) -> str:
    """The domain name of what Publication.name names (RFC 6116 s3.2); a block's is a wildcard (RFC 4592)."""
    return name if is_host(name) else f"{'.'.join(reversed(name))}.{suffix}"


def text_rdata(text: str) -> Rdata:
    """A TXT record of one string (RFC 1035 s3.3.14)."""
    wire = _text_wire(text)
    return dns.rdata.from_wire(RdataClass.IN, RdataType.TXT, wire, 0, len(wire))


def _text_wire(text: str) -> bytes:
    octets = text.encode("utf-8")
    return bytes((len(octets),)) + octets


def contents_of(names: Collection[str], zone: Zone) -> dict[str, Content]:
    """What each of the names should hold now; nothing, if there is no such number in this zone. Five queries."""
    layout = Layout.current()
    digits = [name.removesuffix(BLOCK) for name in names if not is_host(name)]
    numbers = Number.objects.filter(layout.numbers_in(zone), digits__in=digits)
    found = {content.name: content for content in _contents(list(numbers), zone)} | _delegations(zone, layout, names)
    return {name: found.get(name, Content(name)) for name in names}


def every_content(zone: Zone) -> Iterator[Content]:
    """What every number and delegation of a zone should hold, ordered by digits, delegations last.

    A bounded number is in memory at a time.
    """
    layout = Layout.current()
    inside, last = layout.numbers_in(zone), ""
    while numbers := list(Number.objects.filter(inside, digits__gt=last).order_by("digits")[:NUMBERS_AT_A_TIME]):
        yield from _contents(numbers, zone)
        last = numbers[-1].digits
    yield from _delegations(zone, layout, set(delegated_names(zone, layout))).values()


def _delegations(zone: Zone, layout: Layout, names: Collection[str]) -> dict[str, Content]:
    """What those of the names should hold that are a delegation's, or its servers'."""
    return {name: Content(name, others=rdatas) for name, rdatas in delegated(zone, layout, names).items()}


def answer_size_of(number: Number) -> int:
    """How many octets the answer for a number takes. 0 where it has too few records for that to matter."""
    return answer_size_with(number, _rows([number]))


def answer_size_with(number: Number, records: Sequence[Row | Record], raw: Sequence[RawRecord] | None = None) -> int:
    """The same for a number that had these records, and these raw ones; None for those that it has."""
    if raw is None:
        raw = raws.raws_of([number]).get(number.pk, ())
    if not raw and len(records) <= _ALWAYS_FIT:
        return 0
    name = number.in_the_dns
    naptrs = [naptr for record in records if (naptr := published(record, name))]
    naptrs += [naptr for record in raw if (naptr := raws.naptr_of(record, name))]
    return _size(number.name, naptrs, Zone.current().suffix)


def published(record: Row | Record, name: Name) -> Naptr | None:
    """What the DNS gets of a record of this name; None for one that is left out."""
    return naptr_for(record, record.order, name)


def left_out(record: Row | Record, name: Name) -> str:
    """Why the DNS gets nothing of a record, as a sentence; empty if it gets something."""
    if published(record, name):
        return ""
    found = check_draft(record, name.digits, is_block=name.is_block)
    problem = next((problem for problem in found if problem.is_error), None)
    if problem is not None:
        return gettext(problem.message) % problem.params
    return gettext("The service “%(service)s” has no known form in the DNS.") % {"service": record.service}


def too_large(size: int) -> str:
    """The sentence for a number whose answer is too large."""
    message = gettext("The records make an answer of %(size)d octets; telephone systems read %(limit)d at most.")
    return message % {"size": size, "limit": MAX_ANSWER}


def _contents(numbers: Sequence[Number], zone: Zone) -> Iterator[Content]:
    by_number = {key: list(rows) for key, rows in groupby(_rows(numbers), lambda row: row.number_id)}
    raw = raws.raws_of(numbers)
    return (
        _content_or_problem(number, by_number.get(number.pk, []), raw.get(number.pk, ()), zone) for number in numbers
    )


def _content_or_problem(number: Number, rows: Sequence[Row], raw: Sequence[RawRecord], zone: Zone) -> Content:
    """The content; a number that was written past every check must not keep the others from being published."""
    try:
        return _content(number, rows, raw, zone)
    except (ValueError, DNSException):
        logger.exception("+%s cannot be written for the DNS", number.name)
        return Content(number.name, problem=gettext("This number cannot be written for the DNS; the log says why."))


def _rows(numbers: Iterable[Number]) -> list[Row]:
    rows = Record.objects.filter(number__in=[number.pk for number in numbers])
    rows = rows.order_by("number", "order", "preference", "pk")
    return [Row(*row) for row in rows.values_list("number_id", "pk", "order", "preference", "service", "hostdata")]


def _content(number: Number, rows: Sequence[Row], raw: Sequence[RawRecord], zone: Zone) -> Content:
    name = number.in_the_dns
    naptrs = []
    notes = []
    for row in rows:
        if naptr := published(row, name):
            naptrs.append(naptr)
        else:
            notes.append(f"{row.service}, {row.preference}: {left_out(row, name)}")
    for record in raw:
        if naptr := raws.naptr_of(record, name):
            naptrs.append(naptr)
        else:
            notes.append(f"{record}: {raws.left_out(record, name)}")
    size = _size(number.name, naptrs, zone.suffix)
    return Content(
        number.name,
        tuple(dict.fromkeys(naptrs)),  # the same record twice is one (RFC 2181 s5)
        _publishable(number.caller_name) if zone.publishes_caller_names else "",
        "\n".join(notes),
        too_large(size) if size > MAX_ANSWER else "",
    )


def _publishable(caller_name: str) -> str:
    """The same name. Raises ValueError for one that no TXT record of one string can hold."""
    _text_wire(caller_name)
    return caller_name


def _size(name: str, naptrs: Sequence[Naptr], suffix: str) -> int:
    # A block answers under the names of the longest numbers in it.
    digits = name.replace(BLOCK, "").ljust(MAX_DIGITS, "0") if name.endswith(BLOCK) else name
    return answer_size(digits, naptrs, suffix)

"""Reconciling: what a name server has, compared with what the database says.

The zone is transferred whole but never kept as objects: of each name only a digest is remembered, and the records of
the first names that differ.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from dns.rdata import Rdata

from dashboard.nameservers import Key, transfer
from dashboard.registry.models import BLOCK, NameServer, Publication, Zone
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.content import Content, contents_of, every_content, is_host, owner_name
from dashboard.registry.publishing.queue import NAMES_AT_A_TIME, chunks

TRANSFER_TIMEOUT = 120.0  # seconds; 100,000 numbers take one or two, and six from PowerDNS
SHOWN = 1_000  # names whose records are remembered to be shown
# What every zone has at its top, and what a server that signs adds everywhere.
_AT_THE_TOP = frozenset({"SOA", "NS"})
_OF_THE_SERVER = frozenset({
    "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "TYPE65534",
})  # fmt: skip
_CIRCLE = 2**64

Found = tuple[str, int, Rdata]  # type, TTL in seconds, content


class Line(NamedTuple):
    """One record of a name, as text."""

    rdtype: str
    ttl: int
    text: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A name (as in Publication.name) that the server has otherwise, with the records that only one side has.

    With `is_queued` it waits to be sent anyway. The records are not told where more than SHOWN names differ.
    """

    name: str
    is_queued: bool
    surplus: tuple[Line, ...] = ()
    missing: tuple[Line, ...] = ()


@dataclass(slots=True)
class Difference:
    """What a server has otherwise than the database, and what it has that is not ours to touch."""

    names: list[Differing] = field(default_factory=list)
    foreign: Counter[tuple[str, str]] = field(default_factory=Counter)  # records by domain name and type
    compared: int = 0  # records of ours at the server


def compare(server: NameServer, key: Key) -> Difference:
    """Compare the zone at `server` with the database. Raises NameServerError.

    What is published while this runs is no difference.
    """
    return _Comparison(server).run(key)


def enqueue(server: NameServer, difference: Difference) -> None:
    """Have the names that differ sent, in the order of all changes."""
    with queue.locked():
        queue.enqueue_at(server.pk, [differing.name for differing in difference.names])
        NameServer.objects.filter(pk=server.pk).update(reconciled_at=timezone.now())


class _Comparison:
    def __init__(self, server: NameServer) -> None:
        self.server = server
        self.zone = Zone.objects.get(pk=server.zone_id)
        self.began = timezone.now()
        self.salt = secrets.token_bytes(16)
        self.wanted: dict[str, int] = {}
        self.owned: dict[str, set[str]] = {}  # types besides NAPTR
        self.held: set[str] = set()
        self.found: dict[str, int] = {}
        self.kept: dict[str, list[Line]] = {}
        self.hosts: set[str] = set()
        self.difference = Difference()

    def run(self, key: Key) -> Difference:
        zone = self.zone
        records = transfer(self.server.place, zone.origin, key=key, timeout=TRANSFER_TIMEOUT)
        rows = Publication.objects.filter(name_server=self.server).exclude(owned="")
        self.owned = {row.name: set(row.owned_types) for row in rows.iterator()}
        for content in every_content(zone):
            records_of_ours = ((rdtype, zone.ttl, octets) for rdtype, octets in content.wires())
            self.wanted[content.name] = self._digest(records_of_ours)
            if content.types:
                self.owned.setdefault(content.name, set()).update(content.types)
            if content.problem:
                self.held.add(content.name)
        for owner, group in groupby(records, lambda record: record[0]):
            self._take(owner, [record[1:] for record in group])
        self._conclude()
        return self.difference

    def _take(self, owner: str, records: list[Found]) -> None:
        """What the server has at one name; or a part of that, where it does not send names whole."""
        name = self._name(owner)
        types = self.owned.get(name, set()) | (set() if is_host(name) else {"NAPTR"}) if name else set()
        ours = []
        for record in records:
            rdtype, _, rdata = record
            if rdtype in types:
                ours.append(record)
            elif rdtype not in _OF_THE_SERVER and not (owner == self.zone.origin and rdtype in _AT_THE_TOP):
                self.difference.foreign[owner, rdtype] += 1
            elif rdtype == "NS":
                self.hosts.add(rdata.to_text().rstrip(".").lower())
        if not ours or name is None:
            return
        self.difference.compared += len(ours)
        self.found[name] = (self.found.get(name, 0) + self._digest(_octets(ours))) % _CIRCLE
        if self.found[name] != self.wanted.get(name) and (name in self.kept or len(self.kept) < SHOWN):
            self.kept.setdefault(name, []).extend(_line(record) for record in ours)

    def _name(self, owner: str) -> str | None:
        """What a domain name is called in Publication.name; None if it is neither a number's nor known to us."""
        labels = owner.removesuffix(f".{self.zone.suffix}")
        name = labels.replace(".", "")[::-1]
        digits = name.removesuffix(BLOCK)
        if digits.isascii() and digits.isdigit() and ".".join(reversed(name)) == labels != owner:
            return name
        return owner if owner in self.owned else None

    def _digest(self, records: Iterable[tuple[str, int, bytes]]) -> int:
        """A number that equal sets of records have in common, whatever their order."""
        return sum(map(self._digest_one, records)) % _CIRCLE

    def _digest_one(self, record: tuple[str, int, bytes]) -> int:
        rdtype, ttl, octets = record
        digest = hashlib.blake2b(f"{rdtype} {ttl} ".encode() + octets, digest_size=8, key=self.salt)
        return int.from_bytes(digest.digest(), "big")

    def _conclude(self) -> None:
        differing = [name for name, digest in self.wanted.items() if self.found.get(name, 0) != digest]
        differing += [name for name in self.found if name not in self.wanted]
        for names in chunks(sorted(set(differing) - self.held), NAMES_AT_A_TIME):
            self._conclude_some(names)
        foreign = self.difference.foreign
        for owner, rdtype in [place for place in foreign if place[0] in self.hosts]:
            if rdtype in {"A", "AAAA"}:
                del foreign[owner, rdtype]

    def _conclude_some(self, names: list[str]) -> None:
        rows = Publication.objects.filter(name_server=self.server, name__in=names)
        known = {row.name: row for row in rows}
        shown = contents_of([name for name in names if len(self.difference.names) < SHOWN], self.zone)
        for name in names:
            row = known.get(name)
            if row is None and name not in self.wanted:
                owner = owner_name(name, self.zone.suffix)
                self.difference.foreign[owner, "NAPTR"] += len(self.kept.get(name, [])) or 1
            elif row is None or row.is_pending or row.done_at is None or row.done_at < self.began:
                self.difference.names.append(self._differing(name, row, shown.get(name)))

    def _differing(self, name: str, row: Publication | None, content: Content | None) -> Differing:
        is_queued = row is not None and row.is_pending
        if content is None:
            return Differing(name, is_queued)
        here = set(self.kept.get(name, []))
        wanted = {_line(record) for record in _records(content.rdatas(), self.zone.ttl)}
        return Differing(name, is_queued, tuple(sorted(here - wanted)), tuple(sorted(wanted - here)))


def _records(rdatas: dict[str, tuple[Rdata, ...]], ttl: int) -> Iterator[Found]:
    return ((rdtype, ttl, rdata) for rdtype, some in rdatas.items() for rdata in some)


def _octets(records: Iterable[Found]) -> Iterator[tuple[str, int, bytes]]:
    return ((rdtype, ttl, rdata.to_wire() or b"") for rdtype, ttl, rdata in records)


def _line(record: Found) -> Line:
    rdtype, ttl, rdata = record
    return Line(rdtype, ttl, rdata.to_text())

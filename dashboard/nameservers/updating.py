"""Dynamic updates (RFC 2136): the records of names replaced, whole, in one message."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import dns.name
import dns.rdatatype
from dns.rdata import Rdata

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers import wire
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.exchanging import exchange
from dashboard.nameservers.keys import Key
from dashboard.nameservers.problems import Rejected

MAX_RRS: Final = 500  # records and deletions in a message; servers take much longer for more at once
MAX_OCTETS: Final = 60_000  # of a message, with room for the signature below the 65,535 that TCP carries

_RECORD_SIZE = 10  # octets of a record beside its owner and content
_SIGNATURE_SIZE = 512  # octets that no signature exceeds: two names of 255 at most, and 64 for SHA-512


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a name shall have: every record type named in `rdatas` gets exactly those records, perhaps none.

    `name` has no dot at the end; `ttl` is in seconds. Types that are not named stay as they are.
    """

    name: str
    ttl: int
    rdatas: Mapping[str, tuple[Rdata, ...]]

    @property
    def rrs(self) -> int:
        """How many entries of a message it takes: one to delete each type, one for each record."""
        return len(self.rdatas) + sum(map(len, self.rdatas.values()))

    @property
    def octets(self) -> int:
        """How many octets of a message it takes at most."""
        owners = (len(self.name) + 2) * self.rrs
        records = sum(len(rdata.to_wire() or b"") for rdatas in self.rdatas.values() for rdata in rdatas)
        return owners + records + _RECORD_SIZE * self.rrs


def batches(replacements: Iterable[Replacement]) -> Iterator[list[Replacement]]:
    """Split into messages of at most MAX_RRS entries and MAX_OCTETS octets, keeping the order.

    A name is never divided; one that is larger goes alone.
    """
    batch: list[Replacement] = []
    rrs = octets = 0
    for replacement in replacements:
        more_rrs, more_octets = replacement.rrs, replacement.octets
        if batch and (rrs + more_rrs > MAX_RRS or octets + more_octets > MAX_OCTETS):
            yield batch
            batch, rrs, octets = [], 0, 0
        batch.append(replacement)
        rrs += more_rrs
        octets += more_octets
    if batch:
        yield batch


def update(
    server: Address, zone: str, replacements: Sequence[Replacement], *, key: Key | None, timeout: float = 10
) -> None:
    """Replace the records of these names, all or nothing, in one message over TCP; over after `timeout` seconds.

    Returns when the server has confirmed it, with a signature if there is a key. Raises NameServerError: Rejected if
    a part of the message is wrong or it is too large, the others as they say. Where the answer is lost, the update
    may have been made; sending it again is harmless.
    """
    message = _render(zone, replacements)
    if len(message) > wire.MAX_MESSAGE - _SIGNATURE_SIZE:
        too_large = gettext_noop("The update makes %(count)d octets; %(limit)d fit into a message.")
        sizes = {"count": len(message), "limit": wire.MAX_MESSAGE - _SIGNATURE_SIZE}
        raise Rejected(server, "too-large", too_large, sizes)
    with exchange(server, message, key, timeout) as reply:
        _, _, signed = reply.next()
        reply.require(signed)


def _render(zone: str, replacements: Sequence[Replacement]) -> bytes:
    origin = dns.name.from_text(zone)
    message = wire.write_question(secrets.randbits(16), wire.UPDATE, origin, wire.SOA)
    records = 0
    for replacement in replacements:
        owner = _owner(replacement.name, origin)
        place = len(message)
        for rdtype, rdatas in replacement.rdatas.items():
            number = dns.rdatatype.from_text(rdtype)
            # RFC 2136 s2.5.2: class ANY and no content delete the whole RRset.
            wire.write_record(message, owner, number, wire.ANY, 0, b"")
            owner = wire.pointer(place) or owner
            for rdata in rdatas:
                wire.write_record(message, owner, number, wire.IN, replacement.ttl, rdata.to_wire() or b"")
        records += replacement.rrs
    wire.count(message, wire.AUTHORITIES, records)
    return bytes(message)


def _owner(name: str, origin: dns.name.Name) -> bytes:
    full = dns.name.from_text(name)
    if not full.is_subdomain(origin):
        return full.to_digestable()
    labels = full.labels[: len(full.labels) - len(origin.labels)]
    return b"".join(bytes((len(label),)) + label for label in labels) + wire.QUESTION_NAME

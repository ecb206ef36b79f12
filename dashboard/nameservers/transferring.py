"""Zone transfers (RFC 5936): all records of a zone, as one server has them."""

from collections.abc import Iterator
from typing import Final

import dns.exception
import dns.message
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdata import GenericRdata, Rdata

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers import wire
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.exchanging import Reply, exchange
from dashboard.nameservers.keys import Key
from dashboard.nameservers.network import named
from dashboard.nameservers.problems import Unreachable

MAX_OCTETS: Final = 512 * 1024 * 1024  # of a zone: some six million records. More is a server that has gone mad.

Transferred = tuple[str, str, int, Rdata]


def transfer(
    server: Address, zone: str, *, key: Key | None, timeout: float = 60, most: int | None = None
) -> Iterator[Transferred]:
    """Fetch a zone: its records as (name, type, TTL in seconds, content), the SOA once, in the server's order.

    The whole zone is here, and every signature checked, before the first record is handed out: nothing that follows
    comes from a transfer that broke off. The octets are kept until then; records are made one by one.
    Names are in lower case without a dot at the end. Content that dnspython cannot read becomes a GenericRdata.
    Raises NameServerError, also for a zone of more than `most` octets, which are MAX_OCTETS otherwise; all is over
    after `timeout` seconds.
    """
    with exchange(server, dns.message.make_query(zone, "AXFR", flags=0), key, timeout) as reply:
        messages = _drain(reply, MAX_OCTETS if most is None else most)
    return _records(server, messages)


def _drain(reply: Reply, most: int) -> list[bytes]:
    """The messages of the transfer, checked but not parsed: Knot drops who does not read for half a second."""
    messages: list[bytes] = []
    octets = soas = 0
    while soas < 2:
        message, records, signed = reply.next()
        octets += len(message)
        if octets > most:
            too_large = gettext_noop("%(server)s sent more than %(limit)d octets and no end of the zone.")
            raise Unreachable(reply.server, "too-large", too_large, {"limit": most})
        types = [entry.rdtype for entry in records if entry.section == wire.ANSWERS]
        # A zone begins and ends with its SOA (RFC 5936 s2.2); more after the end belongs to nothing.
        if not types or (not messages and types[0] != wire.SOA):
            raise dns.exception.FormError
        soas += types.count(wire.SOA)
        if soas > 2 or (soas == 2 and types[-1] != wire.SOA):
            raise dns.exception.FormError
        if not messages or soas == 2:
            reply.require(signed)
        messages.append(message)
    return messages


def _records(server: Address, messages: list[bytes]) -> Iterator[Transferred]:
    messages.reverse()
    with named(server):
        yield from _of_message(messages.pop(), is_first=True)
        while messages:
            yield from _of_message(messages.pop(), is_first=False)


def _of_message(message: bytes, *, is_first: bool) -> Iterator[Transferred]:
    for number, entry in enumerate(wire.entries(message)):
        if entry.section == wire.ANSWERS and (entry.rdtype != wire.SOA or (is_first and number == 0)):
            rdtype = dns.rdatatype.RdataType(entry.rdtype)
            yield wire.name(message, entry.start), dns.rdatatype.to_text(rdtype), entry.ttl, _content(message, entry)


def _content(message: bytes, entry: wire.Entry) -> Rdata:
    rdclass, rdtype = dns.rdataclass.RdataClass(entry.rdclass), dns.rdatatype.RdataType(entry.rdtype)
    try:
        return dns.rdata.from_wire(rdclass, rdtype, message, entry.data, entry.end - entry.data)
    except dns.exception.DNSException:
        return GenericRdata(rdclass, rdtype, message[entry.data : entry.end])

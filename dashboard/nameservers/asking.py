"""Questions: what one server says about one name."""

import socket
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from dns.rdata import Rdata

from dashboard.nameservers import wire
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.exchanging import exchange
from dashboard.nameservers.keys import Key
from dashboard.nameservers.network import GARBLED, Deadline, Endpoint, Stream, endpoints, named
from dashboard.nameservers.problems import no_zone

PAYLOAD: Final = 1232  # octets of an answer over UDP that cross every network whole (DNS flag day 2020)
UDP_SHARE: Final = 0.4  # of the time; what is left must do for TCP
MAX_RECORDS: Final = 1000  # of an answer, with signatures and all; thousands with long names take seconds to read


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says. `rcode` is a text such as "NOERROR"; `rdatas` are empty if it has no such records.

    `ttl` is in seconds: how long the answer may be remembered, also one that says "nothing" (RFC 2308 s5); None if
    it does not tell. `signed` is whether an RRSIG came with it, which only `dnssec=True` asks for; `authenticated`
    whether the server says that it has checked it (AD).
    """

    rcode: str
    rdatas: tuple[Rdata, ...]
    ttl: int | None
    authoritative: bool
    authenticated: bool
    signed: bool
    server: Address
    took_ms: float


def ask(
    server: Address,
    name: str,
    rdtype: str,
    *,
    timeout: float = 3,
    recurse: bool = False,
    dnssec: bool = False,
    unchecked: bool = False,
    key: Key | None = None,
) -> Answer:
    """Ask for the records of a name: over UDP, and over TCP if the answer is cut or does not come.

    All is over after `timeout` seconds. `recurse` asks a resolver to find out, `dnssec` for signatures,
    `unchecked` a validating resolver for what it has, even if it is bogus. A refusal is an answer with its `rcode`.
    With a key question and answer are signed, and go over TCP as updates do: a server may show each key another view.
    Raises Unreachable, with a key any NameServerError; ValueError if `name` is no domain name or `rdtype` no type.
    """
    try:
        query = _query(name, rdtype, recurse=recurse, dnssec=dnssec, unchecked=unchecked)
    except dns.exception.DNSException as error:
        raise ValueError(str(error)) from None
    deadline = Deadline(timeout)
    if key is not None:
        with exchange(server, query, key, timeout) as signed:
            # The signature has been checked.
            octets = signed.answer()
            return _answer(_read(octets, query), server, deadline.took_ms())
    with named(server):
        reply = _ask_first(endpoints(server, deadline), query, deadline)
        return _answer(reply, server, deadline.took_ms())


def _query(name: str, rdtype: str, *, recurse: bool, dnssec: bool, unchecked: bool) -> dns.message.Message:
    flags = (dns.flags.RD if recurse else 0) | (dns.flags.CD if unchecked else 0)
    # AD in a question: the answer may have it too (RFC 6840 s5.7).
    flags |= dns.flags.AD if dnssec else 0
    return dns.message.make_query(
        dns.name.from_text(name), rdtype, use_edns=0, want_dnssec=dnssec, payload=PAYLOAD, flags=flags
    )


def _ask_first(found: list[Endpoint], query: dns.message.Message, deadline: Deadline) -> dns.message.Message:
    """The answer of the first address that gives one. Raises what `named` turns into an error."""
    failure: Exception = TimeoutError()
    for number, endpoint in enumerate(found):
        share = deadline.part(1 / (len(found) - number))
        try:
            return _ask_at(endpoint, query, share)
        except (OSError, EOFError, *GARBLED) as error:
            failure = error
    raise failure


def _ask_at(endpoint: Endpoint, query: dns.message.Message, deadline: Deadline) -> dns.message.Message:
    octets = query.to_wire()
    try:
        reply = _over_udp(endpoint, query, octets, deadline.part(UDP_SHARE))
        if not reply.flags & dns.flags.TC:
            return reply
    except OSError:
        pass  # silence, or a firewall that lets only TCP through
    with Stream(endpoint, deadline) as stream:
        stream.send(octets)
        reply = _read(stream.receive(), query)
    if reply.flags & dns.flags.TC:
        raise dns.exception.FormError
    return reply


def _over_udp(
    endpoint: Endpoint, query: dns.message.Message, octets: bytes, deadline: Deadline
) -> dns.message.Message:
    """The first datagram that is an answer to this question. Raises OSError.

    Others are passed over: whoever wants to forge an answer must not be able to end the wait. The system chooses the
    port by chance, dnspython the id, and a connected socket takes datagrams from that one address only.
    """
    family, address = endpoint
    with socket.socket(family, socket.SOCK_DGRAM) as connection:
        connection.connect(address)
        connection.send(octets)
        while True:
            connection.settimeout(deadline.left())
            try:
                return _read(connection.recv(wire.MAX_MESSAGE), query)
            except GARBLED:
                continue


def _read(octets: bytes, query: dns.message.Message) -> dns.message.Message:
    """The answer to this question in these octets. Raises one of GARBLED for anything else."""
    head = wire.header(octets)
    # Before anything is read: whoever floods us with datagrams must not keep the processor busy.
    if head.id != query.id or head.answers + head.authorities + head.additionals > MAX_RECORDS:
        raise dns.exception.FormError
    # Where it is signed, its signature has been checked already.
    keyring = False if query.had_tsig else None
    reply = dns.message.from_wire(octets, keyring=keyring, ignore_trailing=True)
    if not query.is_response(reply):
        raise dns.exception.FormError
    return reply


def _answer(reply: dns.message.Message, server: Address, took_ms: float) -> Answer:
    rdatas: tuple[Rdata, ...] = ()
    ttl: int | None = None
    if isinstance(reply, dns.message.QueryMessage) and reply.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        rdatas, ttl = _content(reply)
    return Answer(
        rcode=dns.rcode.to_text(reply.rcode()),
        rdatas=rdatas,
        ttl=ttl,
        authoritative=bool(reply.flags & dns.flags.AA),
        authenticated=bool(reply.flags & dns.flags.AD),
        signed=any(rrset.rdtype == dns.rdatatype.RRSIG for rrset in reply.answer + reply.authority),
        server=server,
        took_ms=took_ms,
    )


def _content(reply: dns.message.QueryMessage) -> tuple[tuple[Rdata, ...], int | None]:
    """The records at the end of the CNAMEs, and the shortest TTL on the way there."""
    chain = reply.resolve_chaining()
    if chain.answer is not None:
        return tuple(chain.answer), chain.minimum_ttl
    question = reply.question[0]
    if question.rdtype == dns.rdatatype.NS:
        # Whoever has delegated this very name answers with a referral.
        referral = reply.get_rrset(reply.authority, question.name, question.rdclass, question.rdtype)
        if referral is not None:
            return tuple(referral), referral.ttl
    tells = any(rrset.rdtype == dns.rdatatype.SOA for rrset in reply.authority)
    return (), chain.minimum_ttl if tells else None


def serial_of(server: Address, zone: str, *, key: Key | None = None, timeout: float = 3) -> int:
    """The serial of a zone at this server, asked over TCP. With a key the question and the answer are signed.

    Raises NameServerError; Denied ("no-zone") if the server answers, but has no zone of this name.
    """
    with exchange(server, dns.message.make_query(zone, "SOA", flags=0), key, timeout) as reply:
        message, records, signed = reply.next(allowed=(dns.rcode.NXDOMAIN,))
        reply.require(signed)
    soas = [entry for entry in records if entry.rdtype == wire.SOA]
    for entry in soas:
        if entry.section == wire.ANSWERS:
            return wire.serial(message, entry)
    # Who has the zone above says so; who has delegated it names others.
    raise no_zone(server, zone, wire.name(message, soas[0].start) if soas else None)

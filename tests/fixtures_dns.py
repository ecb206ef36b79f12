"""A zone at a real BIND whose content tests decide, and resolvers that say what tests want."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from dashboard.enum import Naptr, domain_name
from dashboard.models import Credential
from dashboard.nameservers import Address, Replacement, update
from tests.interop import bind
from tests.nameservers.faulty_server import FaultyServer, says

SUFFIX = "e164.test"


class LiveZone:
    """The zone e164.test at a BIND. What a test publishes is gone after it."""

    def __init__(self, server: bind.Bind) -> None:
        self.server = server
        self.address = server.address
        self.published: set[str] = set()

    def publish(self, digits: str, *records: Naptr, ttl: int = 300, caller_name: str = "") -> None:
        """Make these the records of a number."""
        texts = [dns.rdata.from_text("IN", "TXT", f'"{caller_name}"')] if caller_name else []
        name = domain_name(digits, SUFFIX)
        self.published.add(name)
        self._replace(name, ttl, [record.to_rdata() for record in records], texts)

    def publish_block(self, digits: str, *records: Naptr) -> None:
        """Make these the records of all longer numbers."""
        name = f"*.{domain_name(digits, SUFFIX)}"
        self.published.add(name)
        self._replace(name, 300, [record.to_rdata() for record in records], [])

    def clear(self) -> None:
        """Take all away again."""
        for name in self.published:
            self._replace(name, 300, [], [])
        self.published.clear()

    def _replace(self, name: str, ttl: int, naptrs: list[Any], texts: list[Any]) -> None:
        content = {"NAPTR": tuple(naptrs), "TXT": tuple(texts)}
        update(self.address, SUFFIX, [Replacement(name=name, ttl=ttl, rdatas=content)], key=self.server.key)


@pytest.fixture(scope="session")
def running_bind() -> Iterator[bind.Bind]:
    """One BIND for all tests that look at the DNS."""
    with bind.running(zone=SUFFIX) as server:
        yield server


@pytest.fixture
def live_zone(running_bind: bind.Bind) -> Iterator[LiveZone]:
    """Its zone, empty."""
    zone = LiveZone(running_bind)
    yield zone
    zone.clear()


SetDns = Callable[..., None]


@pytest.fixture
def set_dns(settings: Any) -> SetDns:
    """Change which resolvers are asked, and how long an answer may take in seconds."""

    def change(*resolvers: Address, timeout: float = 3) -> None:
        settings.E164WEB = dataclasses.replace(
            settings.E164WEB, resolvers=[str(address) for address in resolvers], dns_timeout=timeout
        )

    return change


@pytest.fixture
def in_zone(remote: Credential, live_zone: LiveZone, set_dns: SetDns) -> Credential:
    """Alice's credential at the registry on a real socket, which publishes at the BIND; that is the resolver too."""
    remote.registry.suffix = SUFFIX
    remote.registry.name_servers = str(live_zone.address)
    remote.registry.save()
    set_dns(live_zone.address)
    return remote


Reply = Callable[[dns.message.Message], dns.message.Message]


def answering(reply: Reply) -> FaultyServer:
    """A server that answers every question, over UDP and TCP, with what `reply` makes of an empty answer."""

    def octets(query: bytes) -> bytes:
        question = dns.message.from_wire(query)
        message = dns.message.make_response(question, recursion_available=True)
        message.flags |= question.flags & dns.flags.CD
        return reply(message).to_wire(max_size=65_535)

    return FaultyServer(
        on_udp=lambda query, _asker: [octets(query)],
        on_tcp=lambda query, connection: says(octets(query))(query, connection),
    )


def with_records(*records: Naptr, ttl: int = 60, flags: int = 0) -> Reply:
    """An answer with these records; `flags` are those of the DNS header besides the usual ones."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        if records and message.question[0].rdtype == dns.rdatatype.NAPTR:
            name = message.question[0].name
            message.answer.append(dns.rrset.from_rdata_list(name, ttl, [record.to_rdata() for record in records]))
        message.flags |= flags
        return message

    return reply


def saying_no(seconds: int) -> Reply:
    """NXDOMAIN, which may be remembered for so long (RFC 2308 s5)."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        message.set_rcode(dns.rcode.NXDOMAIN)
        soa = f"ns.{SUFFIX}. hostmaster.{SUFFIX}. 1 3600 600 86400 {seconds}"
        message.authority.append(dns.rrset.from_text(f"{SUFFIX}.", seconds, "IN", "SOA", soa))
        return message

    return reply


def with_code(rcode: dns.rcode.Rcode, *, unless_unchecked: Iterable[Naptr] | None = None) -> Reply:
    """An answer with this code; `unless_unchecked` is what one gets who asks for data without validation (CD)."""

    def reply(message: dns.message.Message) -> dns.message.Message:
        if unless_unchecked is not None and message.flags & dns.flags.CD:
            return with_records(*unless_unchecked)(message)
        message.set_rcode(rcode)
        return message

    return reply

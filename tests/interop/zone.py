"""What the tests of publishing do with a zone at a real server: look, and write as somebody else would."""

from __future__ import annotations

import dns.rdata
from dns.rdata import Rdata

from dashboard.nameservers import Replacement, transfer, update
from dashboard.registry.models import Account, NameServer, Number
from dashboard.registry.publishing.content import contents_of, owner_name
from tests.interop.process import NameServer as RealServer
from tests.registry.publishing import make_server, make_zone

APEX = {"SOA", "NS"}


def joined(server: RealServer) -> NameServer:
    """The row for this server, which is sent everything from now on."""
    make_zone(suffix=server.zone)
    return make_server(server.address, server.key)


def an_account() -> Account:
    """One that nobody logs in to, so that its password costs no time."""
    return Account.objects.create(username="alice", secret_hash="!")


def records_at(server: RealServer) -> set[tuple[str, str, int, str]]:
    """All records of the zone but those that the server began with."""
    found = transfer(server.address, server.zone, key=server.key)
    return {(name, rdtype, ttl, rdata.to_text()) for name, rdtype, ttl, rdata in found if rdtype not in APEX}


def records_here() -> set[tuple[str, str, int, str]]:
    """All records that the database says the zone should have."""
    zone = make_zone()
    contents = contents_of([number.name for number in Number.objects.all()], zone)
    return {
        (content.owner(zone), rdtype, zone.ttl, rdata.to_text())
        for content in contents.values()
        for rdtype, rdatas in content.rdatas().items()
        for rdata in rdatas
    }


def write(server: RealServer, name: str, rdtype: str, *texts: str, ttl: int = 300) -> None:
    """Put records there past the registry."""
    rdatas: tuple[Rdata, ...] = tuple(dns.rdata.from_text("IN", rdtype, text) for text in texts)
    update(server.address, server.zone, [Replacement(name, ttl, {rdtype: rdatas})], key=server.key)


def owner(number: Number, server: RealServer) -> str:
    """A number's domain name."""
    return owner_name(number.name, server.zone)

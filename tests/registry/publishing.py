"""What tests of publishing share: a key, rows for name servers, and records in bulk."""

import threading

from dashboard.nameservers import Address, Key
from dashboard.registry import store, zones
from dashboard.registry.models import Account, NameServer, Number, Publication, Record, Zone
from dashboard.registry.publishing.session import Did, Session
from tests.registry.conftest import make_number

SUFFIX = "e164.test"
KEY = Key("e164web", "c2VjcmV0IG9mIGEgdGVzdCwgbWFrZSBhbm90aGVyIG9uZQ==")
NOWHERE = Address("127.0.0.1", 1)  # nobody listens at this port


def make_zone(**values: object) -> Zone:
    """The zone, with these values."""
    zone = Zone.current()
    for name, value in ({"suffix": SUFFIX} | values).items():
        setattr(zone, name, value)
    zones.save_zone(zone)
    return zone


def make_server(address: Address = NOWHERE, key: Key = KEY) -> NameServer:
    """A row for a name server of the zone."""
    server = NameServer(zone=make_zone(), address=str(address))
    zones.save_name_server(server, key)
    return server


def give_records(account: Account, count: int, *hosts: str) -> list[Number]:
    """Numbers +1604 0000000 and on, each with a SIP record at every host."""
    numbers = [make_number(account, "1", "604", f"{local:07d}") for local in range(count)]
    for number in numbers:
        for preference, host in enumerate(hosts or ("example.org",)):
            store.create_record(number, preference=preference, service="SIP", hostdata=f"{number.local}@{host}")
    return numbers


def bulk(account: Account, count: int) -> None:
    """The same in two statements, with two records each and past the queue."""
    Number.objects.bulk_create(
        Number(account=account, country="1", area="604", local=f"{local:07d}", digits=f"1604{local:07d}")
        for local in range(count)
    )
    Record.objects.bulk_create(
        Record(number=number, preference=preference, service="SIP", hostdata=f"{number.local}@example.org")
        for number in Number.objects.all()
        for preference in (10, 20)
    )


def session_of(server: NameServer) -> Session:
    """A session that nobody stops."""
    return Session(server.pk, threading.Event())


def send_all(server: NameServer) -> Session:
    """Send what is due, and return the session that did."""
    session = session_of(server)
    while session.turn() is Did.SEND:
        pass
    return session


def waiting() -> set[str]:
    """The names that some server lacks."""
    return {row.name for row in Publication.objects.all() if row.is_pending}

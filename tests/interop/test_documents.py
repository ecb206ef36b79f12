"""What docs/ says beside the primary itself: secondaries and DNSSEC, with each of the servers."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dashboard.nameservers import Address, Answer, Busy, Denied, Key, ask, serial_of, transfer, update
from tests.interop import bind, documents, knot, powerdns
from tests.interop.process import LIMIT, PAUSE, NameServer
from tests.nameservers.records import NAME, ZONE, naptr, replacement
from tests.ports import HOST, free_port

Running = Callable[..., AbstractContextManager[NameServer]]
SERVERS = {"bind": bind.running, "knot": knot.running, "powerdns": powerdns.running}


@pytest.fixture(params=SERVERS)
def running(request: pytest.FixtureRequest) -> Running:
    """How each of the servers is started."""
    return SERVERS[request.param]


@pytest.fixture
def secondary(tmp_path: Path) -> Iterator[bind.Secondary]:
    """A BIND that has a port, and is not started."""
    server = bind.Secondary(tmp_path, ZONE, documents.SECONDARIES_KEY)
    yield server
    server.stop()


def asked_until(address: Address, done: Callable[[Answer], bool], *, dnssec: bool = False) -> Answer:
    """The first answer about the number that will do."""
    deadline = time.monotonic() + LIMIT
    while not done(answer := ask(address, NAME, "NAPTR", dnssec=dnssec)):
        assert time.monotonic() < deadline, answer
        time.sleep(PAUSE)
    return answer


def publish(server: NameServer, uri: str) -> None:
    """Make this the number's URI. SQLite may be locked while PowerDNS notes whom it has notified: then again."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            return update(server.address, ZONE, [replacement(naptr(uri))], key=server.key)
        except Busy:
            time.sleep(PAUSE)
    raise TimeoutError


def test_a_secondary_gets_what_was_there_and_what_changes(running: Running, secondary: bind.Secondary) -> None:
    with running(zone=ZONE, secondary=secondary.address) as primary:
        publish(primary, "sip:old@x")
        secondary.follow(primary.address)
        secondary.start()
        assert ask(secondary.address, NAME, "NAPTR").rdatas == (naptr("sip:old@x"),)

        publish(primary, "sip:new@x")
        asked_until(secondary.address, lambda answer: answer.rdatas == (naptr("sip:new@x"),))
        assert serial_of(secondary.address, ZONE) == serial_of(primary.address, ZONE)


def test_the_key_of_the_secondaries_fetches_and_writes_nothing(running: Running) -> None:
    with running(zone=ZONE, secondary=Address(HOST, free_port())) as primary:
        assert list(transfer(primary.address, ZONE, key=documents.SECONDARIES_KEY))
        with pytest.raises(Denied):
            update(primary.address, ZONE, [replacement(naptr())], key=documents.SECONDARIES_KEY)
        assert ask(primary.address, NAME, "NAPTR").rcode == "NXDOMAIN"


def test_a_server_that_signs_the_zone_takes_the_same_updates(running: Running) -> None:
    with running(zone=ZONE, dnssec=True) as server:
        update(server.address, ZONE, [replacement(naptr())], key=server.key)

        answer = asked_until(server.address, lambda answer: answer.signed, dnssec=True)
        records = list(transfer(server.address, ZONE, key=server.key))

        assert answer.rdatas == (naptr(),)
        assert not ask(server.address, NAME, "NAPTR").signed
        assert ask(server.address, f"1.{NAME}", "NAPTR", dnssec=True).signed
        assert (NAME, "NAPTR", 300, naptr()) in records
        assert "RRSIG" in {rdtype for _, rdtype, _, _ in records}


def test_the_example_keys_of_the_documents_are_keys() -> None:
    statement = documents.block("bind.md", "/etc/bind/e164web.key").partition("\n")[2]

    assert Key.parse(statement) == Key("e164web", documents.SECRET)
    assert documents.SECONDARIES_KEY.secret in documents.block("knot.md", "before the zones, for secondaries")


@pytest.mark.parametrize("name", ["name-servers.md", "bind.md", "knot.md", "powerdns.md", "dn42.md"])
def test_the_documents_point_to_files_that_exist(name: str) -> None:
    links = documents.links(name)

    assert links
    assert [link for link in links if not (documents.DOCS / link).is_file()] == []

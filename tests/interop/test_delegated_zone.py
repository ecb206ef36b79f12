"""A zone that begins below the suffix, and delegations out of one, at BIND, Knot and PowerDNS."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.rdatatype
import pytest
from django.core.management import call_command

from dashboard.enum import domain_name
from dashboard.nameservers import Address, transfer
from dashboard.registry import store, zones
from dashboard.registry.models import Account, Delegation, NameServer, Number, Publication, Zone
from dashboard.registry.publishing import reconcile, zone_file
from tests.interop import bind, knot, powerdns
from tests.interop.bind import Bind
from tests.interop.process import NameServer as RealServer
from tests.interop.zone import an_account, records_at, write
from tests.registry.conftest import make_number
from tests.registry.publishing import make_server, make_zone, send_all, waiting
from tests.registry.test_zone_file import checked

pytestmark = pytest.mark.django_db

Running = Callable[..., AbstractContextManager[RealServer]]
SERVERS = {"bind": bind.running, "knot": knot.running, "powerdns": powerdns.running}

SUFFIX = "tel.dn42"
PREFIX = "04240000"
APEX = f"0.0.0.0.4.2.4.0.{SUFFIX}"
OUR_HOST, THEIR_HOST = "ns.operator.dn42", f"ns.1.{APEX}"
DIGEST = "2bb183af5f22588179a53b0a98631fad1a292118a2bb183af5f22588179a53b0"


@pytest.fixture(params=SERVERS)
def running(request: pytest.FixtureRequest) -> Running:
    """How each of the servers is started."""
    return SERVERS[request.param]


class BothBind(Bind):
    """BIND with the zone, and the one below it."""

    def configure(self) -> None:
        """Both, alike."""
        super().configure()
        (self.folder / "lower").write_text((self.folder / "zone").read_text())
        text = (self.folder / "named.conf").read_text()
        zone = text[text.index('zone "') : text.index("controls {")]
        lower = zone.replace(f'"{self.zone}"', f'"{APEX}"').replace("/zone", "/lower")
        (self.folder / "named.conf").write_text(text + lower.replace(f"subdomain {self.zone}", f"subdomain {APEX}"))


class BothKnot(knot.Knot):
    """Knot with the zone, and the one below it."""

    def configure(self) -> None:
        """Both, alike."""
        super().configure()
        text = (self.folder / "knot.conf").read_text()
        zone = text[text.index("  - domain:") :]
        lower = zone.replace(self.zone, APEX).replace('file: "zone"', 'file: "lower"')
        (self.folder / "knot.conf").write_text(text + lower)
        (self.folder / "lower").write_text((self.folder / "zone").read_text().replace(self.zone, APEX))


class BothPowerDns(powerdns.PowerDns):
    """PowerDNS with the zone, and the one below it."""

    def _commands(self) -> str:
        text = super()._commands()
        lines = [line for line in text.splitlines() if "import-tsig-key" not in line]
        return text + "\n".join(lines).replace(self.zone, APEX) + "\n"


BOTH: dict[str, type[RealServer]] = {"bind": BothBind, "knot": BothKnot, "powerdns": BothPowerDns}


@pytest.fixture
def above() -> Iterator[Bind]:
    """The tree's own BIND, which serves tel.dn42 and has delegated our part of it."""
    with bind.running(zone=SUFFIX, delegations=True) as server:
        write(server, APEX, "NS", f"{OUR_HOST}.")
        yield server


@pytest.fixture
def account() -> Account:
    return an_account()


def joined(server: RealServer) -> NameServer:
    """The row for a server of our zone, which begins below the suffix."""
    make_zone(suffix=SUFFIX, apex=APEX, leading_zero=True)
    return make_server_of(server)


def number(account: Account, digits: str, hostdata: str, *, is_block: bool = False) -> Number:
    """A number with a record."""
    made = Number(account=account, country=digits[:4], local=digits[4:], is_block=is_block)
    store.save_number(made)
    store.create_record(made, preference=10, service="SIP", hostdata=hostdata)
    return made


def walked(name: str, start: Address, places: Mapping[str, Address]) -> tuple[Address, list[str]]:
    """What a resolver finds that begins at `start` and follows delegations, and who has said it."""
    at = start
    for _ in range(4):
        query = dns.message.make_query(name, "NAPTR")
        reply = dns.query.tcp(query, at.host, timeout=30, port=at.port)
        if reply.flags & dns.flags.AA:
            return at, [rdata.to_text() for rrset in reply.answer for rdata in rrset]
        (referral,) = [rrset for rrset in reply.authority if rrset.rdtype == dns.rdatatype.NS]
        at = places[referral[0].target.to_text(omit_final_dot=True)]
    raise AssertionError("a circle of referrals")


def test_a_zone_below_the_suffix_is_published_found_compared_and_mended(
    running: Running, above: Bind, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(zone=APEX) as server:
        row = joined(server)
        one = number(account, f"{PREFIX}123", "one@example.org")
        number(account, f"{PREFIX}9", "block@example.org", is_block=True)
        number(account, PREFIX, "top@example.org")
        outside = make_number(account, "1", "604", "5550123")
        store.create_record(outside, preference=10, service="SIP", hostdata="outside@example.org")
        send_all(row)
        assert waiting() == set()
        assert NameServer.objects.get().problem == ""
        assert not Publication.objects.filter(name=outside.name).exists()

        places = {OUR_HOST: server.address}
        for digits, uri in ((one.digits, "one@"), (f"{PREFIX}9876", "block@"), (PREFIX, "top@")):
            who, (record,) = walked(domain_name(digits, SUFFIX), above.address, places)
            assert who == server.address
            assert uri in record
        assert walked(domain_name(outside.digits, SUFFIX), above.address, places) == (above.address, [])

        assert reconcile.compare(row, row.key).names == []
        write(server, domain_name(one.digits, SUFFIX), "NAPTR")
        difference = reconcile.compare(row, row.key)
        assert [item.name for item in difference.names] == [one.name]
        assert difference.foreign == {}
        reconcile.enqueue(row, difference)
        send_all(row)
        call_command("reconcile", "--dry-run")
        assert "one@" in server.dig(domain_name(one.digits, SUFFIX))
        said = capsys.readouterr()
        assert "+1 604 5550123: Not published: no zone of this registry holds this number" in said.err

    path = tmp_path / "zone"
    call_command("export_zone", str(path))
    assert "+1 604 5550123: Not published" in capsys.readouterr().err
    assert "outside@" not in path.read_text()
    checked("named-checkzone", APEX, str(path))
    checked("kzonecheck", "-o", APEX, str(path))


def test_a_zone_whose_apex_is_above_the_suffix_keeps_what_else_is_in_it(running: Running, account: Account) -> None:
    with running(zone="example.test", delegations=True) as server:
        make_zone(suffix="enum.example.test", apex="example.test")
        row = make_server_of(server)
        write(server, "www.example.test", "A", "192.0.2.80")
        one = number(account, "16045550123", "one@example.org")
        send_all(row)
        assert waiting() == set()
        assert "one@" in server.dig(domain_name(one.digits, "enum.example.test"))
        difference = reconcile.compare(row, row.key)
        assert (difference.names, difference.foreign) == ([], {("www.example.test", "A"): 1})


def make_server_of(server: RealServer) -> NameServer:
    """A row, with the zone as it is."""
    row = NameServer(zone=Zone.current(), address=str(server.address))
    zones.save_name_server(row, server.key)
    return row


def test_numbers_that_others_serve_are_delegated_and_come_back(
    running: Running, account: Account, tmp_path: Path
) -> None:
    theirs = f"1.{APEX}"
    with running(zone=APEX, delegations=True) as server, bind.running(zone=theirs) as below:
        row = joined(server)
        ours = number(account, f"{PREFIX}2", "ours@example.org")
        lost = number(account, f"{PREFIX}1", "lost@example.org")
        number(account, f"{PREFIX}", "block@example.org", is_block=True)
        send_all(row)
        write(below, f"5.{theirs}", "NAPTR", '100 10 "u" "E2U+sip" "!^.*$!sip:theirs@example.org!" .')

        delegation = Delegation(digits=f"{PREFIX}1", hosts=f"{THEIR_HOST} 192.0.2.7", ds=f"12345 13 2 {DIGEST}")
        delegation.full_clean()
        zones.refuse_lost_delegation(delegation)
        zones.save_delegation(delegation)
        send_all(row)
        assert waiting() == set()
        assert NameServer.objects.get().problem == ""

        places = {THEIR_HOST: below.address}
        who, (record,) = walked(f"5.{theirs}", server.address, places)
        assert (who, "theirs@" in record) == (below.address, True)
        # Neither what the registry has of a number there, nor a block above.
        assert walked(theirs, server.address, places) == (below.address, [])
        assert walked(f"6.{theirs}", server.address, places) == (below.address, [])
        assert "ours@" in server.dig(domain_name(ours.digits, SUFFIX))
        assert "block@" in server.dig(domain_name(f"{PREFIX}7", SUFFIX))
        found = {(name, rdtype): text for name, rdtype, _, text in records_at_all(server)}
        assert found[theirs, "NS"] == f"{THEIR_HOST}."
        assert found[theirs, "DS"] == f"12345 13 2 {DIGEST}"
        assert found[THEIR_HOST, "A"] == "192.0.2.7"
        assert (theirs, "NAPTR") not in found
        difference = reconcile.compare(row, row.key)
        assert (difference.names, difference.foreign) == ([], {})

        path = tmp_path / "zone"
        zone_file.export(row.zone, path)
        checked("named-checkzone", "-i", "local", APEX, str(path))
        checked("kzonecheck", "-o", APEX, str(path))
        assert "ns.1 IN A 192.0.2.7\n" in path.read_text()

        # Whoever takes the delegation away at the server is found out.
        write(server, theirs, "NS")
        assert [item.name for item in reconcile.compare(row, row.key).names] == [f"{PREFIX}1"]
        reconcile.enqueue(row, reconcile.compare(row, row.key))
        send_all(row)
        assert walked(f"5.{theirs}", server.address, places)[0] == below.address

        zones.delete_delegation(delegation)
        send_all(row)
        assert waiting() == set()
        assert {rdtype for _, rdtype, *_ in records_at(server)} == {"NAPTR"}
        assert "lost@" in server.dig(domain_name(lost.digits, SUFFIX))


def records_at_all(server: RealServer) -> set[tuple[str, str, int, str]]:
    """All records, with NS records below the apex."""
    found = transfer(server.address, server.zone, key=server.key)
    return {(name, rdtype, ttl, rdata.to_text()) for name, rdtype, ttl, rdata in found if name != server.zone}


def test_a_key_that_may_not_delegate_is_told_which_types_it_needs(bind_server: Bind, account: Account) -> None:
    make_zone(suffix=bind_server.zone)
    row = make_server(bind_server.address, bind_server.key)
    zones.save_delegation(Delegation(digits="49", hosts="ns.example.net"))
    send_all(row)
    assert NameServer.objects.get().is_refusing
    assert "NS" in NameServer.objects.get().problem


@pytest.mark.parametrize("kind", ["knot", "powerdns", "bind"])
def test_one_server_may_have_a_zone_and_the_one_above_it(kind: str, account: Account, tmp_path: Path) -> None:
    with BOTH[kind].running(zone=SUFFIX, delegations=True, folder=tmp_path / "server") as server:
        make_zone(suffix=SUFFIX, leading_zero=True)
        above = make_server_of(server)
        moved = number(account, f"{PREFIX}1", "moved@example.org")
        number(account, "0424", "block@example.org", is_block=True)
        send_all(above)  # where nobody sees it, for the server has the zone below already
        assert waiting() == {moved.name}

        lower = Zone(suffix=SUFFIX, apex=APEX, leading_zero=True)
        zones.save_zone(lower)
        zones.save_delegation(Delegation(digits=PREFIX, hosts="ns.elsewhere.dn42"))
        below = NameServer(zone=lower, address=str(server.address))
        zones.save_name_server(below, server.key)
        for row in (below, above):
            send_all(row)
        assert waiting() == set()
        assert {row.problem for row in NameServer.objects.all()} == {""}
        assert "moved@" in server.dig(domain_name(moved.digits, SUFFIX))
        assert reconcile.compare(above, above.key).names == []
        assert reconcile.compare(below, below.key).names == []
        found = {(name, rdtype) for name, rdtype, *_ in records_at_all(server)}
        assert (APEX, "NS") in found
        assert (domain_name(moved.digits, SUFFIX), "NAPTR") not in found

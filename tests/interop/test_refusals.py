"""What BIND, Knot and PowerDNS answer when something is wrong, and what the product makes of it.

`TABLE` is what was seen: the code for the question for the zone (SOA), for an update and for a transfer, all three
signed. `said` are words of the alarm in their order: the likeliest cause comes first.
"""

import re
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import timezone

from dashboard.nameservers import Key, NameServerError, serial_of, transfer, update
from dashboard.registry import zones
from dashboard.registry.models import Account, Delegation, NameServer, Zone
from dashboard.registry.publishing.session import Did
from tests.interop import bind, documents, knot, powerdns, publisher
from tests.interop.documents import DOCS
from tests.interop.process import LIMIT, find_program, new_key
from tests.interop.process import NameServer as RealServer
from tests.interop.zone import an_account
from tests.nameservers.records import naptr, replacement
from tests.ports import HOST, free_port
from tests.registry.publishing import give_records, make_zone, send_all, session_of, waiting

pytestmark = pytest.mark.django_db

ZONE = "e164.test"
RIGHT = Key("e164web", "c2VjcmV0IG9mIGEgdGVzdCwgbWFrZSBhbm90aGVyIG9uZQ==")
Spoil = Callable[[RealServer], None]


class RuledBind(bind.Bind):
    """BIND that can be told to freeze a zone, and whose configuration may be changed once it is written."""

    def configure(self) -> None:
        """With a control channel."""
        super().configure()
        self.channel = free_port()
        control = f'inet {HOST} port {self.channel} allow {{ {HOST}; }} keys {{ "{self.key.name}"; }};'
        change(self, "named.conf", "controls {};", f"controls {{ {control} }};")
        (self.folder / "rndc.conf").write_text(
            f'include "{self.folder}/e164web.key";\noptions {{ default-server {HOST}; '
            f'default-key "{self.key.name}"; default-port {self.channel}; }};\n'
        )

    def rndc(self, *words: str) -> None:
        """Tell it something."""
        command = [find_program("rndc"), "-c", str(self.folder / "rndc.conf"), *words]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)


STARTED: dict[str, type[RealServer]] = {"bind": RuledBind, "knot": knot.Knot, "powerdns": powerdns.PowerDns}


def change(server: RealServer, file: str, before: str, after: str) -> None:
    """Change a file of the server's."""
    path = server.folder / file
    path.write_text(documents.changed(path.read_text(), {before: after}))


def again(server: RealServer) -> None:
    """Start anew, with the configuration that is there."""
    server.stop()
    server.start()


def config(file: str, before: str, after: str) -> Spoil:
    """Another configuration."""

    def spoil(server: RealServer) -> None:
        change(server, file, before, after)
        again(server)

    return spoil


def pdnsutil(*words: str) -> Spoil:
    """Tell PowerDNS."""

    def spoil(server: RealServer) -> None:
        command = [find_program("pdnsutil"), f"--config-dir={server.folder}", *words]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
        again(server)  # it remembers

    return spoil


def freeze(server: RealServer) -> None:
    """Somebody edits the zone by hand."""
    assert isinstance(server, RuledBind)
    server.rndc("freeze", ZONE)


def no_journal(server: RealServer) -> None:
    """BIND cannot write where the journal would be."""
    (server.folder / "zone.jnl").mkdir()


def full_disk(server: RealServer) -> None:
    """No file may grow beyond 4 KiB."""
    assert server.process is not None
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, 4096))


def full_database(server: RealServer) -> None:
    """SQLite's own words when there is no room."""
    with closing(sqlite3.connect(server.folder / "pdns.sqlite3")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        database.commit()


def bind_secondary(server: RealServer) -> None:
    """The zone is fetched from a primary that is not there now."""
    change(server, "named.conf", "type primary;", f"type secondary; primaries {{ {HOST} port {free_port()}; }};")
    text = (server.folder / "named.conf").read_text()
    policy = re.search(r"    update-policy \{.*?\n    \};\n", text, re.DOTALL)
    assert policy
    change(server, "named.conf", policy[0], "    masterfile-format text;\n")
    again(server)


def knot_secondary(server: RealServer) -> None:
    """The zone is fetched from a primary that is not there now."""
    change(server, "knot.conf", "\nacl:\n", f"\nremote:\n  - id: p\n    address: {HOST}@{free_port()}\n\nacl:\n")
    change(server, "knot.conf", "    zonefile-sync: -1\n", "    zonefile-sync: -1\n    master: p\n")
    again(server)


def nothing(_server: RealServer) -> None:
    """The server is as it should be."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing that is wrong: at the server (`spoil`), or with us."""

    server: str
    what: str
    codes: tuple[str, str, str]
    said: tuple[str, ...]
    spoil: Spoil = nothing
    key: Key = RIGHT
    zone: str = ZONE
    hours: float = 0
    delegates: bool = False
    is_alarm: bool = True

    def __str__(self) -> str:
        return f"{self.server}: {self.what}"


SECRET, NAME, ALGORITHM = (
    new_key(RIGHT.name),
    Key("stranger", RIGHT.secret),
    Key(RIGHT.name, RIGHT.secret, "hmac-sha512"),
)
CLOCK_SAID = ("clock of", "seconds", "(BADTIME)", "NTP")
KEY_SAID = ("(BADKEY)", "name", "algorithm")
PDNS_KEY_SAID = ("(NOTAUTH)", "name, secret or algorithm", "clocks", "no such zone")
NO_ZONE_SAID = ("(REFUSED)", "Most likely it has no zone of this name", "letter by letter", "allow-query")
ABOVE_SAID = ("has no zone 1.e164.test, but e164.test above it",)
NO_RIGHT_SAID = (
    "(REFUSED)",
    "Most likely the key has no right to write NAPTR",
    "update-policy (BIND)",
    "TSIG-ALLOW-DNSUPDATE, ALLOW-DNSUPDATE-FROM",
    "frozen: rndc thaw",
    "secondary",
    "key or the clock",
)
KNOT_ACL_SAID = ("(BADKEY)", "Most likely no ACL of the zone", "NAPTR", "address", "name or its algorithm")
DISK_SAID = (
    "(SERVFAIL)",
    "cannot write: its disk is full",
    "folder or journal",
    "database is locked",
    "secondary",
    "log",
)

BADSIG, BADKEY, BADTIME, REFUSED, NOTAUTH = (
    3 * (code,) for code in ("badsig", "badkey", "badtime", "refused", "notauth")
)
PDNS_DENIES = ("notauth", "refused", "notauth")

TABLE = [
    *(
        case
        for name in ("bind", "knot")
        for case in (
            Case(server=name, what="wrong secret", key=SECRET, codes=BADSIG, said=("(BADSIG)",)),
            Case(server=name, what="unknown key", key=NAME, codes=BADKEY, said=KEY_SAID),
            Case(server=name, what="wrong algorithm", key=ALGORITHM, codes=BADKEY, said=KEY_SAID),
            Case(server=name, what="our clock is slow", hours=-1, codes=BADTIME, said=CLOCK_SAID),
            Case(server=name, what="our clock is fast", hours=1, codes=BADTIME, said=CLOCK_SAID),
            Case(
                server=name,
                what="no zone",
                zone="elsewhere.test",
                codes=("refused", "notauth", "notauth"),
                said=NO_ZONE_SAID,
            ),
            Case(
                server=name,
                what="only the zone above",
                zone="1.e164.test",
                codes=("no-zone", "notauth", "notauth"),
                said=ABOVE_SAID,
            ),
        )
    ),
    Case(
        server="bind",
        what="no update-policy for us",
        spoil=config("named.conf", f"subdomain {ZONE} NAPTR TXT", "subdomain other.test NAPTR TXT"),
        codes=("", "refused", ""),
        said=NO_RIGHT_SAID,
    ),
    Case(
        server="bind",
        what="no right to delegate",
        delegates=True,
        codes=("", "", ""),
        said=("(REFUSED)", "NS DS", "update-policy"),
    ),
    Case(server="bind", what="frozen", spoil=freeze, codes=("", "refused", ""), said=NO_RIGHT_SAID),
    Case(server="bind", what="secondary", spoil=bind_secondary, codes=("", "refused", ""), said=NO_RIGHT_SAID),
    Case(
        server="bind",
        what="no journal",
        spoil=no_journal,
        codes=("", "servfail", ""),
        said=DISK_SAID,
        is_alarm=False,
    ),
    Case(
        server="knot",
        what="no ACL for updates",
        spoil=config("knot.conf", "acl: [ e164web-updates, e164web-transfers ]", "acl: [ e164web-transfers ]"),
        codes=("", "badkey", ""),
        said=KNOT_ACL_SAID,
    ),
    Case(
        server="knot",
        what="another address in the ACL",
        spoil=config("knot.conf", "  - id: e164web-updates\n", "  - id: e164web-updates\n    address: 192.0.2.5\n"),
        codes=("", "badkey", ""),
        said=KNOT_ACL_SAID,
    ),
    Case(
        server="knot",
        what="no right to delegate",
        delegates=True,
        codes=("", "", ""),
        said=("(BADKEY)", "NS DS"),
    ),
    Case(
        server="knot",
        what="secondary",
        spoil=knot_secondary,
        codes=("", "servfail", ""),
        said=DISK_SAID,
        is_alarm=False,
    ),
    Case(
        server="knot", what="full disk", spoil=full_disk, codes=("", "servfail", ""), said=DISK_SAID, is_alarm=False
    ),
    Case(server="powerdns", what="wrong secret", key=SECRET, codes=PDNS_DENIES, said=PDNS_KEY_SAID),
    Case(server="powerdns", what="unknown key", key=NAME, codes=PDNS_DENIES, said=PDNS_KEY_SAID),
    Case(server="powerdns", what="wrong algorithm", key=ALGORITHM, codes=PDNS_DENIES, said=PDNS_KEY_SAID),
    Case(server="powerdns", what="our clock is slow", hours=-1, codes=PDNS_DENIES, said=PDNS_KEY_SAID),
    Case(server="powerdns", what="our clock is fast", hours=1, codes=PDNS_DENIES, said=PDNS_KEY_SAID),
    Case(
        server="powerdns",
        what="no zone",
        zone="elsewhere.test",
        codes=("refused", "refused", "notauth"),
        said=NO_ZONE_SAID,
    ),
    Case(
        server="powerdns",
        what="only the zone above",
        zone="1.e164.test",
        codes=("no-zone", "refused", "notauth"),
        said=ABOVE_SAID,
    ),
    Case(
        server="powerdns",
        what="another key may update",
        spoil=pdnsutil("set-meta", ZONE, "TSIG-ALLOW-DNSUPDATE", "other"),
        codes=("", "refused", ""),
        said=NO_RIGHT_SAID,
    ),
    Case(
        server="powerdns",
        what="another address may update",
        spoil=pdnsutil("set-meta", ZONE, "ALLOW-DNSUPDATE-FROM", "192.0.2.5/32"),
        codes=("", "refused", ""),
        said=NO_RIGHT_SAID,
    ),
    Case(
        server="powerdns",
        what="updates are off",
        spoil=config("pdns.conf", "dnsupdate=yes", "dnsupdate=no"),
        codes=("", "refused", ""),
        said=(*NO_RIGHT_SAID[:3], "dnsupdate=yes"),
    ),
    Case(
        server="powerdns",
        what="secondary",
        spoil=pdnsutil("set-kind", ZONE, "secondary"),
        codes=("", "servfail", ""),
        said=DISK_SAID,
        is_alarm=False,
    ),
    Case(
        server="powerdns",
        what="full disk",
        spoil=full_database,
        codes=("", "servfail", ""),
        said=DISK_SAID,
        is_alarm=False,
    ),
]


@contextmanager
def at(hours: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With our clock wrong."""
    now = time.time
    with monkeypatch.context() as patched:
        if hours:
            patched.setattr(time, "time", lambda: now() + hours * 3600)
        yield


def code_of(ask: Callable[[], object]) -> str:
    """The code of what went wrong, "" for nothing."""
    try:
        ask()
    except NameServerError as error:
        return error.code
    return ""


def assert_said(words: tuple[str, ...], sentence: str) -> None:
    """All of it, in this order."""
    places = [sentence.find(word) for word in words]
    assert -1 not in places, (words, sentence)
    assert all(before < after for before, after in pairwise(places)), (words, sentence)


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_each_fault_has_its_answer_and_its_causes_in_the_alarm(
    case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    account = an_account()
    with STARTED[case.server].running(zone=ZONE, key=RIGHT, folder=tmp_path / "server") as server:
        case.spoil(server)
        with at(case.hours, monkeypatch):
            seen = (
                code_of(lambda: serial_of(server.address, case.zone, key=case.key)),
                code_of(
                    lambda: update(
                        server.address, case.zone, [replacement(naptr(), name=f"9.{case.zone}")], key=case.key
                    )
                ),
                code_of(lambda: list(transfer(server.address, case.zone, key=case.key))),
            )
            assert seen == case.codes
            stored = published(server, case, account)
    assert_said(case.said, stored.problem)
    assert stored.is_refusing is case.is_alarm
    assert waiting()
    codes = {word.upper() for word in case.codes if word}
    assert codes <= set(re.findall(r"[A-Z]{5,}", (DOCS / f"{case.server}.md").read_text())) | {"NO-ZONE"}


def published(server: RealServer, case: Case, account: Account) -> NameServer:
    """What is known about the server after a number, or a delegation, was to be sent to it."""
    zone = make_zone(suffix=case.zone)
    row = NameServer(zone=Zone.objects.get(pk=zone.pk), address=str(server.address))
    zones.save_name_server(row, case.key)
    if case.delegates:
        zones.save_delegation(Delegation(digits="49", hosts="ns.example.net", ds="12345 13 2 " + "AB" * 32))
    else:
        give_records(account, 1)
    assert session_of(row).turn() is (Did.END if case.is_alarm else Did.WAIT)
    return NameServer.objects.get()


def test_what_was_mended_at_the_server_is_published_without_anybody_pressing_a_button(tmp_path: Path) -> None:
    account = an_account()
    with RuledBind.running(zone=ZONE, key=RIGHT, folder=tmp_path / "server") as server:
        server.rndc("freeze", ZONE)
        row = NameServer(zone=make_zone(suffix=ZONE), address=str(server.address))
        zones.save_name_server(row, RIGHT)
        give_records(account, 1)
        assert session_of(row).turn() is Did.END
        assert NameServer.objects.get().is_refusing
        server.rndc("thaw", ZONE)
        NameServer.objects.update(retry_at=timezone.now())  # the pause is over
        send_all(row)
        assert waiting() == set()
        assert NameServer.objects.get().problem == ""


def test_so_is_what_waited_for_a_clock_to_be_put_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = an_account()
    with RuledBind.running(zone=ZONE, key=RIGHT, folder=tmp_path / "server") as server:
        row = NameServer(zone=make_zone(suffix=ZONE), address=str(server.address))
        zones.save_name_server(row, RIGHT)
        give_records(account, 1)
        with at(1, monkeypatch):
            assert session_of(row).turn() is Did.END
        assert "ahead" in NameServer.objects.get().problem or "behind" in NameServer.objects.get().problem
        NameServer.objects.update(retry_at=timezone.now())  # the pause is over
        send_all(row)
        assert waiting() == set()


@pytest.mark.django_db(transaction=True)
def test_a_publisher_that_runs_tries_again_by_itself_when_it_is_time(tmp_path: Path) -> None:
    account = an_account()
    with RuledBind.running(zone=ZONE, key=RIGHT, folder=tmp_path / "server") as server, publisher.publishing():
        server.rndc("freeze", ZONE)
        row = NameServer(zone=make_zone(suffix=ZONE), address=str(server.address))
        zones.save_name_server(row, RIGHT)
        give_records(account, 1)
        publisher.until(NameServer.objects.filter(refusals=1).exists)
        server.rndc("thaw", ZONE)
        NameServer.objects.update(retry_at=timezone.now())  # two minutes have gone by
        publisher.until(publisher.nothing_waits)
    assert not NameServer.objects.get().is_refusing


def test_the_table_has_every_fault_for_every_server() -> None:
    wanted = {"wrong secret", "unknown key", "wrong algorithm", "our clock is slow", "no zone", "secondary"}
    for server in STARTED:
        assert wanted <= {case.what for case in TABLE if case.server == server}

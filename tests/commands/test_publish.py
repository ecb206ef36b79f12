"""`manage.py publish`, `reconcile` and `export_zone`, as an administrator runs them, with a real BIND."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dashboard.registry import zones
from dashboard.registry.models import Account, NameServer, Publication, Zone
from dashboard.registry.publishing import queue
from tests.interop import bind, publisher
from tests.interop.bind import Bind
from tests.interop.process import new_key
from tests.interop.zone import an_account, joined, owner, records_at, records_here, write
from tests.registry.publishing import give_records, make_server, make_zone

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of this test's own, with the keys of all."""
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path)
    return tmp_path


@pytest.fixture
def account() -> Account:
    return an_account()


@pytest.fixture
def server() -> "Any":
    with bind.running(zone="e164.test") as running:
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; what it said, also when it fails, which `fails` must announce."""

    def command(*arguments: str, fails: bool = False) -> str:
        try:
            call_command(*arguments)
            failed = False
        except CommandError as failure:
            failed = True
            print(failure)
        said = capsys.readouterr()
        assert failed is fails, said
        return said.out + said.err

    return command


# --- publish ----------------------------------------------------------------------------------------------------
def test_publish_once_sends_what_waits_and_ends(server: Bind, account: Account, run: Run) -> None:
    give_records(account, 3)
    joined(server)
    assert run("publish", "--once") == f"{server.address}: 3 numbers sent\n"
    assert records_at(server) == records_here()
    assert run("publish", "--once") == f"{server.address}: 0 numbers sent\n"


def test_publish_once_tries_again_what_waits_for_its_next_attempt(server: Bind, account: Account, run: Run) -> None:
    give_records(account, 1)
    joined(server)
    Publication.objects.update(retry_at="2100-01-01T00:00Z")
    assert "1 number sent" in run("publish", "--once")


def test_publish_once_says_what_is_left_and_why(server: Bind, account: Account, run: Run) -> None:
    give_records(account, 2)
    joined(server)
    server.stop()
    said = run("publish", "--once", fails=True)
    assert f"{server.address}: 0 numbers sent, 2 left. Nothing listens at" in said
    assert "Not everything is published." in said


def test_publish_resume_takes_the_alarm_away(server: Bind, account: Account, run: Run) -> None:
    give_records(account, 1)
    row = joined(server)
    zones.save_name_server(row, new_key(server.key.name))
    assert "Not everything" in run("publish", "--once", fails=True)
    assert NameServer.objects.get().is_refusing
    row.sealed = NameServer.objects.get().sealed
    zones.save_name_server(NameServer.objects.get(), server.key)
    NameServer.objects.update(refusals=1, retry_at="2100-01-01T00:00Z", problem="An old alarm.")
    assert "Name servers resumed: 1." in run("publish", "--once", "--resume")
    assert records_at(server) == records_here()


def test_publish_once_does_not_wait_until_a_server_that_refused_is_tried_again(
    server: Bind, account: Account, run: Run
) -> None:
    give_records(account, 1)
    joined(server)
    NameServer.objects.update(refusals=5, retry_at="2100-01-01T00:00Z", problem="An old alarm.")
    assert run("publish", "--once") == f"{server.address}: 1 number sent\n"
    assert not NameServer.objects.get().is_refusing


def test_publish_without_a_name_server_keeps_the_zone_file(account: Account, run: Run, folder: Path) -> None:
    make_zone()
    give_records(account, 1)
    assert run("publish", "--once") == "The zone file is written.\n"
    assert "sip:0000000@example.org" in (folder / "zones" / "e164.test.zone").read_text()
    assert run("publish", "--once") == ""


def test_a_publisher_beside_the_command_is_waited_for(server: Bind, account: Account, run: Run) -> None:
    row = joined(server)
    with publisher.publishing():
        publisher.until(NameServer.objects.filter(seen_at__isnull=False).exists)
        give_records(account, 30)
        run("publish", "--once")
        assert not queue.pending(row.pk).exists()
    assert records_at(server) == records_here()


# --- reconcile --------------------------------------------------------------------------------------------------
def test_a_dry_run_shows_the_difference_and_sends_nothing(server: Bind, account: Account, run: Run) -> None:
    row = joined(server)
    changed, gone = give_records(account, 2)
    run("publish", "--once")
    assert run("reconcile", "--dry-run") == f"{server.address}: 2 records compared, no difference.\n"

    write(server, owner(changed, server), "NAPTR", '100 0 "u" "E2U+sip" "!^.*$!sip:other@example.org!" .')
    write(server, owner(gone, server), "NAPTR")
    write(server, f"www.{server.zone}", "TXT", '"of somebody else"')
    before = records_at(server)
    said = run("reconcile", "--dry-run", fails=True)
    assert said.splitlines() == [
        f"{server.address}: 1 records compared, 2 differing.",
        f"  +{changed.name}",
        '    - 300 NAPTR 100 0 "u" "E2U+sip" "!^.*$!sip:other@example.org!" .',
        '    + 300 NAPTR 100 0 "u" "E2U+sip" "!^.*$!sip:0000000@example.org!" .',
        f"  +{gone.name}",
        '    + 300 NAPTR 100 0 "u" "E2U+sip" "!^.*$!sip:0000001@example.org!" .',
        f"  left alone: www.{server.zone} TXT (1)",
        "The name servers and the registry differ.",
    ]
    assert records_at(server) == before
    assert not queue.pending(row.pk).exists()


def test_reconcile_sends_only_what_differs(server: Bind, account: Account, run: Run) -> None:
    joined(server)
    numbers = give_records(account, 5)
    run("publish", "--once")
    write(server, owner(numbers[2], server), "NAPTR")
    assert f"{server.address}: 1 number sent" in run("reconcile")
    assert records_at(server) == records_here()


def test_what_waits_to_be_sent_is_marked_as_such(server: Bind, account: Account, run: Run) -> None:
    joined(server)
    (number,) = give_records(account, 1)
    assert f"  +{number.name} (waits to be sent)" in run("reconcile", "--dry-run", fails=True)


def test_one_server_is_reconciled_if_it_is_named(server: Bind, account: Account, run: Run) -> None:
    joined(server)
    make_server()
    assert "Nothing listens at 127.0.0.1:1" in run("reconcile", "--dry-run", fails=True)
    assert "127.0.0.1:1:" not in run("reconcile", "--server", str(server.address))
    assert "no such name server" in run("reconcile", "--server", "192.0.2.7", fails=True)
    assert "no name server's address" in run("reconcile", "--server", "a b", fails=True)


def test_without_a_name_server_there_is_nothing_to_reconcile(db: None, run: Run) -> None:
    assert run("reconcile", fails=True) == "No name server is set up.\n"


def test_a_server_that_refuses_is_said_and_the_others_are_reconciled(
    server: Bind, account: Account, run: Run
) -> None:
    row = joined(server)
    give_records(account, 1)
    zones.save_name_server(row, new_key(server.key.name))
    assert "BADSIG" in run("reconcile", "--dry-run", fails=True)


# --- export_zone ------------------------------------------------------------------------------------------------
def test_the_zone_is_written_where_it_is_wanted(account: Account, run: Run, tmp_path: Path) -> None:
    make_zone()
    give_records(account, 1)
    assert run("export_zone", str(tmp_path / "x")) == f"The zone e164.test is in {tmp_path / 'x'}.\n"
    shown = run("export_zone", "-")
    without_serial = re.compile(r"(SOA \S+ \S+) \d+")
    assert without_serial.sub(r"\1", shown) == without_serial.sub(r"\1", (tmp_path / "x").read_text())
    assert "e164.test.zone" in run("export_zone")
    assert (tmp_path / "zones" / "e164.test.zone").exists()


def test_serials_of_exports_rise(db: None, run: Run) -> None:
    make_zone()
    serials = [int(re.search(r"SOA \S+ \S+ (\d+)", run("export_zone", "-"))[1]) for _ in range(3)]  # type: ignore[index]
    assert serials == sorted(set(serials))
    assert Zone.current().serial == serials[-1]


def test_a_path_that_cannot_be_written_is_said(db: None, run: Run, tmp_path: Path) -> None:
    assert "cannot be written" in run("export_zone", str(tmp_path / "no" / "such" / "folder"), fails=True)


# --- several zones ----------------------------------------------------------------------------------------------
def test_of_several_zones_one_is_named_for_export(account: Account, run: Run, tmp_path: Path) -> None:
    make_zone()
    give_records(account, 1)
    zones.save_zone(Zone(suffix="e164.test", apex="4.0.6.1.e164.test"))
    assert "--zone: e164.test, 4.0.6.1.e164.test." in run("export_zone", "-", fails=True)
    assert "--zone" in run("export_zone", "-", "--zone", "other.test", fails=True)
    assert "0000000@" not in run("export_zone", "-", "--zone", "E164.test.")
    said = run("export_zone", "-", "--zone", "4.0.6.1.e164.test")
    assert "$ORIGIN 4.0.6.1.e164.test." in said
    assert "0.0.0.0.0.0.0 IN NAPTR" in said
    assert run("publish", "--once") == "The zone file is written.\n"
    assert {path.name for path in (tmp_path / "zones").iterdir()} == {"e164.test.zone", "4.0.6.1.e164.test.zone"}


def test_what_is_in_no_zone_is_named_by_every_command_and_not_all_of_it(
    server: Bind, account: Account, run: Run
) -> None:
    give_records(account, 25)
    joined(server)
    zones.save_zone(make_zone(apex="9.4.e164.test"))
    for command in (["publish", "--once"], ["reconcile", "--dry-run"], ["export_zone", "-"]):
        said = run(*command, fails=command[0] != "export_zone")
        assert said.count("no zone of this registry holds this number; they begin at 9.4.e164.test.") == 20
        assert "5 more numbers are in no zone or delegated." in said


def test_servers_of_several_zones_are_told_apart(server: Bind, account: Account, run: Run) -> None:
    give_records(account, 1)
    row = joined(server)
    lower = Zone(suffix="e164.test", apex="9.4.e164.test")
    zones.save_zone(lower)
    zones.save_name_server(NameServer(zone=lower, address=row.address), server.key)
    said = run("publish", "--once", fails=True)
    assert f"{server.address} (e164.test): 1 number sent" in said
    assert f"{server.address} (9.4.e164.test): 0 numbers sent. " in said
    assert "has no zone 9.4.e164.test, but e164.test above it" in said

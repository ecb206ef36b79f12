"""The zone as a file: complete, accepted by the checkers of BIND and Knot, replaced whole, with rising serials."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dns.zone
import pytest
from django.utils import timezone

from dashboard.registry import store
from dashboard.registry.models import Account, NameServer, Number, Record, Zone
from dashboard.registry.publishing import zone_file
from tests.interop.process import find_program
from tests.registry.conftest import make_number
from tests.registry.publishing import SUFFIX, make_server, make_zone

AWKWARD = (
    "a b",
    "back\\slash",
    'quo"te',
    "per%cent",
    "excl!aim",
    "semi;colon",
    "(paren",
    "ünicode",
    "$ORIGIN",
    "@",
    "x" * 300,
)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path)
    return tmp_path


@pytest.fixture
def zone(number: Number) -> Zone:
    """A zone with everything that is awkward in a file, also what was put past the store."""
    zone = make_zone(
        hosts="ns1.example.org\nns2.e164.test 192.0.2.1 2001:db8::1\n",
        hostmaster="first.last@example.org",
        publishes_caller_names=True,
        ttl=600,
        negative_ttl=120,
    )
    number.caller_name = 'A "quoted" \\ näme; (x)'
    store.save_number(number)
    for preference, user in enumerate(AWKWARD):
        Record.objects.create(number=number, preference=preference, service="SIP", hostdata=f"{user}@example.org")
    store.create_record(number, preference=99, service="WEB", hostdata="https://example.org/?a=b&c=d")
    block = make_number(number.account, "49", "30", "12")
    block.is_block = True
    store.save_number(block)
    store.create_record(block, preference=1, service="SIP", hostdata="block@example.org")
    return zone


def text(zone: Zone) -> str:
    return "".join(zone_file.lines(zone, 1))


def checked(program: str, *arguments: str) -> None:
    """The checker accepts it, and says nothing that sounds like a warning."""
    done = subprocess.run(
        [find_program(program), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not any(word in said.lower() for word in ("warn", "error", "ignor", "fail")), said


def test_the_checkers_accept_it_without_a_warning(zone: Zone, folder: Path) -> None:
    path = folder / "e164.test.zone"
    zone_file.export(Zone.current(), path)
    # Whether the other name servers have addresses is not in the file.
    checked("named-checkzone", "-i", "local", SUFFIX, str(path))
    checked("kzonecheck", "-o", SUFFIX, str(path))


def test_so_do_they_with_the_zone_of_the_first_day(db: None, folder: Path) -> None:
    path = folder / "e164.arpa.zone"
    zone_file.export(Zone.current(), path)
    checked("named-checkzone", "e164.arpa", str(path))
    checked("kzonecheck", "-o", "e164.arpa", str(path))


def test_a_parser_finds_in_it_what_the_name_servers_would_get(zone: Zone) -> None:
    found = dns.zone.from_text(text(zone), origin=SUFFIX, relativize=False)
    soa = found.get_soa()
    assert (soa.mname.to_text(), soa.rname.to_text()) == ("ns1.example.org.", "first\\.last.example.org.")
    assert (soa.minimum, soa.serial) == (120, 1)
    assert {rdata.to_text() for rdata in found.find_rdataset(f"{SUFFIX}.", "NS")} == {
        "ns1.example.org.",
        "ns2.e164.test.",
    }
    assert found.find_rdataset(f"ns2.{SUFFIX}.", "AAAA")
    block = found.find_rdataset(f"*.2.1.0.3.9.4.{SUFFIX}.", "NAPTR")
    assert block.ttl == 600
    assert b"sip:block@example.org" in next(iter(block)).regexp
    texts = found.find_rdataset(f"3.2.1.0.5.5.5.4.0.6.1.{SUFFIX}.", "TXT")
    assert next(iter(texts)).strings == ('A "quoted" \\ näme; (x)'.encode(),)


def test_a_number_that_cannot_be_published_is_left_out_and_said(
    zone: Zone, alice: Account, caplog: pytest.LogCaptureFixture
) -> None:
    large = make_number(alice, "43", "", "1")
    for preference in range(60):
        hostdata = f"{'x' * 100}{preference}@example.org"
        store.create_record(large, preference=preference, service="SIP", hostdata=hostdata, is_checked=True)
    assert "1.3.4 IN" not in text(zone)
    assert "+431 is not in the zone file" in caplog.text


def test_serials_rise_also_within_a_second_and_over_the_end_of_the_circle(zone: Zone) -> None:
    now = int(timezone.now().timestamp())
    first, second = zone_file.next_serial(zone), zone_file.next_serial(zone)
    assert now <= first < second
    Zone.objects.update(serial=2**32 - 1)
    # The time now comes after it: RFC 1982 s3.2.
    assert now <= zone_file.next_serial(zone) < 2**31
    Zone.objects.update(serial=now + 1_000)
    assert zone_file.next_serial(zone) == now + 1_001


def test_a_file_that_cannot_be_written_leaves_the_old_one(zone: Zone, folder: Path) -> None:
    path = folder / "x.zone"
    path.write_text("old")

    def lines() -> Iterator[str]:
        yield "new"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        zone_file.replace(path, lines())
    assert path.read_text() == "old"
    assert list(folder.iterdir()) == [path]


def test_the_file_is_for_its_owner_and_group_only(zone: Zone, folder: Path) -> None:
    path = folder / "x.zone"
    zone_file.export(Zone.current(), path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_kept_file_follows_every_change(zone: Zone, number: Number) -> None:
    writer = zone_file.ZoneFileWriter()
    assert writer.turn()
    path = zone_file.path_of(zone)
    assert path.parent.name == "zones"
    assert "0.5.5.5.4.0.6.1 IN" in path.read_text()
    writer.next_at = 0
    assert not writer.turn()  # nothing has changed
    store.delete_number(number)
    assert writer.turn()
    assert "0.5.5.5.4.0.6.1 IN" not in path.read_text()


def test_the_kept_file_rests_between_two_writings(zone: Zone, number: Number) -> None:
    writer = zone_file.ZoneFileWriter()
    assert writer.turn()
    store.delete_number(number)
    assert not writer.turn()


def test_a_kept_file_that_was_removed_is_written_anew(zone: Zone) -> None:
    writer = zone_file.ZoneFileWriter()
    writer.turn()
    zone_file.path_of(zone).unlink()
    writer.next_at = 0
    assert writer.turn()


@pytest.mark.parametrize("reason", ["a name server", "nobody wants it"])
def test_no_file_is_kept_where_there_is_a_name_server_or_nobody_wants_it(zone: Zone, reason: str) -> None:
    if reason == "a name server":
        make_server()
        assert NameServer.objects.exists()
    else:
        make_zone(writes_file=False)
    assert not zone_file.ZoneFileWriter().turn()
    assert not zone_file.path_of(zone).exists()


def test_a_folder_that_cannot_be_made_is_said_once(
    zone: Zone, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "zones").write_text("in the way")
    writer = zone_file.ZoneFileWriter()
    for _ in range(2):
        writer.next_at = 0
        assert not writer.turn()
    assert caplog.text.count("cannot be written") == 1

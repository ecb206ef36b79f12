"""What BIND, Knot and PowerDNS do with our questions, updates and transfers."""

import base64
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import dns.rdata
import pytest
from dns.rdata import Rdata

from dashboard.nameservers import (
    Answer,
    Denied,
    Key,
    NameServerError,
    Rejected,
    Replacement,
    Unreachable,
    ask,
    batches,
    serial_is_newer,
    serial_of,
    transfer,
    update,
)
from tests.interop import bind, knot, powerdns
from tests.interop.bind import Bind
from tests.interop.process import NameServer, new_key
from tests.nameservers.records import NAME, ZONE, naptr, replacement, txt

Running = Callable[..., AbstractContextManager[NameServer]]

SOA_AND_NS = {("e164.test", "SOA"), ("e164.test", "NS")}


def look_up(server: NameServer, name: str = NAME, rdtype: str = "NAPTR") -> Answer:
    """What the server says now."""
    return ask(server.address, name, rdtype)


def published(server: NameServer) -> set[tuple[str, str, int, Rdata]]:
    """The zone, without what belongs to the server."""
    records = transfer(server.address, ZONE, key=server.key)
    return {record for record in records if record[:2] not in SOA_AND_NS}


def replace(server: NameServer, *replacements: Replacement) -> None:
    """One update."""
    update(server.address, ZONE, replacements, key=server.key)


def refusal(server: NameServer, key: Key | None, *replacements: Replacement, zone: str = ZONE) -> NameServerError:
    """The error of an update that must fail."""
    with pytest.raises(NameServerError) as caught:
        update(server.address, zone, replacements or [replacement(naptr())], key=key)
    return caught.value


def test_an_update_is_answered_at_once(name_server: NameServer) -> None:
    replace(name_server, replacement(naptr("sip:one@x"), naptr("sip:two@x")))

    answer = look_up(name_server)

    assert answer.rcode == "NOERROR"
    assert set(answer.rdatas) == {naptr("sip:one@x"), naptr("sip:two@x")}
    assert answer.ttl == 300
    assert answer.authoritative
    assert not answer.signed
    assert "sip:one@x" in name_server.dig(NAME)


def test_a_replacement_replaces_and_may_be_repeated(name_server: NameServer) -> None:
    replace(name_server, replacement(naptr("sip:old@x")))

    for _ in range(2):
        replace(name_server, replacement(naptr("sip:new@x"), ttl=60))

    assert published(name_server) == {(NAME, "NAPTR", 60, naptr("sip:new@x"))}


def test_types_that_are_not_named_stay(name_server: NameServer) -> None:
    replace(name_server, Replacement(NAME, 300, {"NAPTR": (naptr(),), "TXT": (txt("Ford"),)}))
    replace(name_server, replacement())

    assert published(name_server) == {(NAME, "TXT", 300, txt("Ford"))}


def test_a_deleted_name_is_gone_and_says_for_how_long_that_may_be_remembered(name_server: NameServer) -> None:
    replace(name_server, replacement(naptr()))
    replace(name_server, replacement())

    answer = look_up(name_server)

    assert (answer.rcode, answer.rdatas, answer.ttl) == ("NXDOMAIN", (), 300)
    assert published(name_server) == set()


def test_a_block_is_a_wildcard(name_server: NameServer) -> None:
    replace(name_server, replacement(naptr("sip:block@x"), name=f"*.{ZONE}"))

    assert look_up(name_server).rdatas == (naptr("sip:block@x"),)
    assert published(name_server) == {(f"*.{ZONE}", "NAPTR", 300, naptr("sip:block@x"))}


def test_many_names_go_in_messages_that_the_server_takes(name_server: NameServer) -> None:
    # Owners beyond the 16,384th octet are out of reach for pointers.
    wanted = [
        replacement(naptr(f"sip:{i}@{'x' * 60}.example"), naptr("sip:b@x", 20), name=f"{i}.{ZONE}")
        for i in range(400)
    ]
    sent = list(batches(wanted))

    for batch in sent:
        replace(name_server, *batch)

    assert len(sent) == 3
    assert {(name, rdata) for name, _, _, rdata in published(name_server)} == {
        (r.name, rdata) for r in wanted for rdata in r.rdatas["NAPTR"]
    }


def test_sixty_records_at_a_name_are_answered_over_tcp(name_server: NameServer) -> None:
    records = [naptr(f"sip:{i}@pbx.example", i) for i in range(60)]
    replace(name_server, replacement(*records))

    assert set(look_up(name_server).rdatas) == set(records)


@pytest.mark.parametrize(
    "text", [b'"', b"\\", b"a\\\\b", b"!;$()@", "Zoë €".encode(), b" ", b"\x00\x7f\xff", b"x" * 255]
)
def test_every_octet_arrives_as_it_was_sent(name_server: NameServer, text: bytes) -> None:
    rdata = dns.rdata.from_wire("IN", "TXT", bytes([len(text)]) + text, 0, len(text) + 1)
    replace(name_server, Replacement(NAME, 300, {"TXT": (rdata,)}))

    assert look_up(name_server, rdtype="TXT").rdatas == (rdata,)
    assert published(name_server) == {(NAME, "TXT", 300, rdata)}


def test_a_pattern_with_groups_and_escapes_arrives_as_it_was_sent(name_server: NameServer) -> None:
    rdata = dns.rdata.from_text("IN", "NAPTR", r'100 10 "u" "E2U+sip" "!^\\+44(.*)$!sip:\\1@x\\!y!" .')
    replace(name_server, replacement(rdata))

    assert look_up(name_server).rdatas == (rdata,)


def test_a_wrong_secret_is_denied(name_server: NameServer) -> None:
    error = refusal(name_server, new_key(name_server.key.name))

    assert isinstance(error, Denied)
    assert error.code in {"badsig", "refused"}
    assert published(name_server) == set()


def test_an_unknown_key_is_denied(name_server: NameServer) -> None:
    error = refusal(name_server, new_key("stranger"))

    assert isinstance(error, Denied)
    assert error.code in {"badkey", "refused"}


def test_an_update_without_a_key_is_denied(name_server: NameServer) -> None:
    error = refusal(name_server, None)

    assert isinstance(error, Denied)
    assert error.code in {"notauth", "refused"}


def test_a_zone_that_is_not_here_is_denied(name_server: NameServer) -> None:
    error = refusal(name_server, name_server.key, zone="elsewhere.test")

    assert isinstance(error, Denied)
    assert error.code in {"notauth", "refused"}


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wrong_clock_is_denied(name_server: NameServer, hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + hours * 3600)

    error = refusal(name_server, name_server.key)

    assert isinstance(error, Denied)
    if error.code == "badtime" and error.params:
        words = f"{error.params['seconds']} seconds {'behind' if hours > 0 else 'ahead'}"
        assert words in str(error)
        assert abs(int(str(error.params["seconds"])) - 3600) <= 60
    else:
        assert error.code == "refused"


def test_nobody_transfers_the_zone_without_the_key(name_server: NameServer) -> None:
    with pytest.raises(Denied):
        transfer(name_server.address, ZONE, key=None)
    with pytest.raises(Denied):
        transfer(name_server.address, ZONE, key=new_key())


def test_a_wrong_key_does_not_even_learn_the_serial(name_server: NameServer) -> None:
    with pytest.raises(Denied):
        serial_of(name_server.address, ZONE, key=new_key())


def test_the_serial_rises_with_a_change(name_server: NameServer) -> None:
    before = serial_of(name_server.address, ZONE, key=name_server.key)
    replace(name_server, replacement(naptr()))
    after = serial_of(name_server.address, ZONE, key=name_server.key)

    assert serial_is_newer(after, before)
    assert serial_of(name_server.address, ZONE) == after


def test_what_was_confirmed_survives_a_kill(name_server: NameServer) -> None:
    for i in range(20):
        replace(name_server, replacement(naptr(), name=f"{i}.{ZONE}"))
    name_server.kill()
    name_server.start()

    assert len(published(name_server)) == 20


def test_a_restart_keeps_the_zone(name_server: NameServer) -> None:
    replace(name_server, replacement(naptr()))
    name_server.stop()
    name_server.start()

    assert look_up(name_server).rdatas == (naptr(),)


def test_an_old_backup_brings_back_an_old_serial(name_server: NameServer, tmp_path: Path) -> None:
    name_server.stop()
    name_server.back_up(tmp_path / "backup")
    name_server.start()
    replace(name_server, replacement(naptr()))
    after = serial_of(name_server.address, ZONE)
    name_server.stop()
    name_server.restore(tmp_path / "backup")
    name_server.start()

    assert serial_is_newer(after, serial_of(name_server.address, ZONE))
    assert published(name_server) == set()


def test_a_stopped_server_is_unreachable(name_server: NameServer) -> None:
    name_server.stop()

    error = refusal(name_server, name_server.key)

    assert isinstance(error, Unreachable)
    assert error.code == "connection-refused"
    with pytest.raises(Unreachable):
        look_up(name_server)


@pytest.mark.parametrize("running", [bind.running, knot.running, powerdns.running])
@pytest.mark.parametrize("algorithm", ["hmac-sha384", "hmac-sha512"])
def test_stronger_algorithms_work(running: Running, algorithm: str) -> None:
    key = Key("strong", base64.b64encode(bytes(range(64))).decode(), algorithm)
    with running(zone=ZONE, key=key) as server:
        replace(server, replacement(naptr()))

        assert published(server) == {(NAME, "NAPTR", 300, naptr())}


@pytest.mark.parametrize("name_server", ["bind", "knot"], indirect=True)
def test_the_key_writes_no_other_type(name_server: NameServer) -> None:
    ns = dns.rdata.from_text("IN", "NS", "ns.evil.example.")

    error = refusal(name_server, name_server.key, Replacement(ZONE, 300, {"NS": (ns,)}))

    assert isinstance(error, Denied)


def test_bind_rejects_a_message_with_one_bad_pattern_and_changes_nothing(bind_server: Bind) -> None:
    bad = dns.rdata.from_text("IN", "NAPTR", '100 10 "u" "E2U+sip" "!^(.*$!sip:x@x!" .')

    error = refusal(bind_server, bind_server.key, replacement(naptr()), replacement(bad, name=f"1.{ZONE}"))

    assert isinstance(error, Rejected)
    assert error.code == "formerr"
    assert published(bind_server) == set()


def test_bind_rejects_a_name_outside_the_zone(bind_server: Bind) -> None:
    error = refusal(bind_server, bind_server.key, replacement(naptr(), name="1.2.3.elsewhere.test"))

    assert isinstance(error, Rejected)
    assert error.code == "notzone"

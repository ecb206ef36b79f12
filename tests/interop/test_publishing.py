"""Publishing to BIND, Knot and PowerDNS: what the database says is what they answer."""

import threading
import time

import dns.rdata
import pytest

from dashboard.enum import Name, Naptr
from dashboard.nameservers import Key
from dashboard.registry import store, zones
from dashboard.registry.models import Account, NameServer, Number, Publication, RawRecord, Record
from dashboard.registry.publishing import content, reconcile, session
from dashboard.registry.publishing.publisher import audit
from dashboard.registry.publishing.session import Did
from dashboard.telephones import predict
from tests.interop import bind, kamailio
from tests.interop.bind import Bind
from tests.interop.process import NameServer as RealServer
from tests.interop.process import new_key
from tests.interop.zone import an_account, joined, owner, records_at, records_here, write
from tests.registry.conftest import make_number
from tests.registry.publishing import give_records, make_zone, send_all, session_of, waiting

pytestmark = pytest.mark.django_db

# What communities publish of a whole block.
ALL_TO_ONE = r"!^(.*)$!sip:\1@pbx.example.org!"

# What may have been put past the store, or stored before anybody looked.
AWKWARD = (
    "!" * 300,
    "\\",
    '"',
    "a b@example.org",
    "ж@пример.рф",
    'x"\\1!y@example.org',
    "a;b@example.org",
    "x" * 300,
)


@pytest.fixture
def account() -> Account:
    return an_account()


def a_block(account: Account) -> Number:
    """+49 30 12*."""
    block = Number(account=account, country="49", area="30", local="12", is_block=True)
    store.save_number(block)
    return block


def test_a_number_is_published_replaced_and_removed(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    number = make_number(account, "1", "604", "5550123")
    record = store.create_record(number, preference=10, service="SIP", hostdata="alice@example.org")
    store.create_record(number, preference=20, service="MAILTO", hostdata="alice@example.org")
    send_all(row)
    name = owner(number, name_server)
    assert sorted(name_server.dig(name).splitlines()) == [
        '100 10 "u" "E2U+sip" "!^.*$!sip:alice@example.org!" .',
        '100 20 "u" "E2U+email:mailto" "!^.*$!mailto:alice@example.org!" .',
    ]

    store.update_record(record, {"hostdata": "bob@example.net"})
    send_all(row)
    assert sorted(name_server.dig(name).splitlines()) == [
        '100 10 "u" "E2U+sip" "!^.*$!sip:bob@example.net!" .',
        '100 20 "u" "E2U+email:mailto" "!^.*$!mailto:alice@example.org!" .',
    ]

    store.delete_number(number)
    send_all(row)
    assert name_server.dig(name) == ""
    assert waiting() == set()


def test_many_numbers_take_several_messages_and_arrive(name_server: RealServer, account: Account) -> None:
    give_records(account, 300, "example.org", "example.net")
    row = joined(name_server)
    send_all(row)
    assert waiting() == set()
    assert len(records_here()) == 600
    assert records_at(name_server) == records_here()


def test_records_that_no_dns_can_hold_are_left_out_and_the_others_published(
    name_server: RealServer, account: Account
) -> None:
    row = joined(name_server)
    number = make_number(account, "1", "604", "5550123")
    store.create_record(number, preference=0, service="SIP", hostdata="good@example.org")
    for preference, hostdata in enumerate(AWKWARD, 1):
        Record.objects.create(number=number, preference=preference, service="SIP", hostdata=hostdata)
    make_number(account, "49", "", "30")
    send_all(row)
    assert waiting() == set()
    assert records_at(name_server) == records_here()
    assert "sip:good@example.org" in name_server.dig(owner(number, name_server))
    note = Publication.objects.get(name=number.name).note
    assert note.startswith("SIP, 1: ")
    assert len(note.splitlines()) == len(AWKWARD) + 1 - len(records_here())


def test_a_block_answers_for_its_numbers(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    block = a_block(account)
    store.create_record(block, preference=10, service="SIP", hostdata="block@example.org")
    inside = make_number(account, "49", "30", "1234")
    store.create_record(inside, preference=10, service="SIP", hostdata="inside@example.org")
    send_all(row)
    assert "sip:block@" in name_server.dig("9.8.7.6.5.2.1.0.3.9.4." + name_server.zone)
    assert "sip:inside@" in name_server.dig(owner(inside, name_server))

    # Its name is gone, and still has an answer.
    store.delete_number(inside)
    send_all(row)
    assert "sip:block@" in name_server.dig(owner(inside, name_server))
    assert waiting() == set()


@pytest.mark.parametrize("hostdata", ["{number}@gw.example.org", "+44{rest}@gw.example.org;n={number}"])
def test_a_block_answers_with_what_was_dialled(name_server: RealServer, account: Account, hostdata: str) -> None:
    row = joined(name_server)
    block = a_block(account)
    store.create_record(block, preference=10, service="SIP", hostdata=hostdata)
    send_all(row)
    assert records_at(name_server) == records_here()

    dialled = "4930125678"
    answer = name_server.dig(f"{'.'.join(reversed(dialled))}.{name_server.zone}")
    found = Naptr.from_rdata(dns.rdata.from_text("IN", "NAPTR", answer.strip()))
    wanted = "sip:" + hostdata.replace("{number}", dialled).replace("{rest}", "5678")
    assert {prediction.uris for prediction in predict(dialled, [found])} == {(wanted,)}


def test_a_telephone_system_dials_what_a_block_says_of_the_number(account: Account) -> None:
    with bind.running(zone=kamailio.ZONE) as server, kamailio.asking(server.address) as telephone:
        row = joined(server)
        block = a_block(account)
        store.create_record(block, preference=10, service="SIP", hostdata="{number}@gw.example.org")
        store.create_record(block, preference=20, service="SIP", hostdata="{rest}@gw.example.org;n={number}")
        store.save_raw(RawRecord(number=block, preference=30, regexp=ALL_TO_ONE))
        send_all(row)
        for dialled in ("4930125678", "493012000000000", "4930129"):
            rest = dialled.removeprefix("493012")
            assert telephone.dials(dialled) == (
                f"sip:{dialled}@gw.example.org",
                f"sip:{rest}@gw.example.org;n={dialled}",
                f"sip:+{dialled}@pbx.example.org",
            )


def test_raw_records_are_published_word_for_word_compared_and_mended(
    name_server: RealServer, account: Account
) -> None:
    row = joined(name_server)
    block = a_block(account)
    store.create_record(block, preference=10, service="SIP", hostdata="{rest}@gw.example.org")
    for values in (
        {"regexp": ALL_TO_ONE},
        {"regexp": r"!^\+4930(.)(.*)$!sip:\2-\1@example.org;n=\1;x=a!", "service": "E2U+sip+email:mailto"},
        {"flags": "", "service": "", "replacement": "493012.enum.example.org."},
    ):
        store.save_raw(RawRecord(number=block, preference=20, **values))
    send_all(row)
    assert waiting() == set()
    assert len(records_here()) == 4
    assert records_at(name_server) == records_here()

    answer = name_server.dig("9.8.7.6.5.2.1.0.3.9.4." + name_server.zone)
    found = [Naptr.from_rdata(dns.rdata.from_text("IN", "NAPTR", line)) for line in answer.strip().splitlines()]
    assert Naptr(100, 20, "u", "E2U+sip", ALL_TO_ONE) in found

    write(name_server, owner(block, name_server), "NAPTR", '100 20 "u" "E2U+sip" "!^.*$!sip:other@example.org!" .')
    difference = reconcile.compare(row, row.key)
    assert [item.name for item in difference.names] == [block.name]
    reconcile.enqueue(row, difference)
    send_all(row)
    assert records_at(name_server) == records_here()
    assert reconcile.compare(row, row.key).names == []


def test_callers_names_come_and_go_with_the_zones_consent(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    number = make_number(account, "1", "604", "5550123")
    number.caller_name = 'Älice "A" \\ Smith'
    store.save_number(number)
    store.create_record(number, preference=10, service="SIP", hostdata="alice@example.org")
    send_all(row)
    assert {rdtype for _, rdtype, *_ in records_at(name_server)} == {"NAPTR"}

    make_zone(publishes_caller_names=True)
    send_all(row)
    assert {rdtype for _, rdtype, *_ in records_at(name_server)} == {"NAPTR", "TXT"}
    assert records_at(name_server) == records_here()

    make_zone(publishes_caller_names=False)
    send_all(row)
    assert {rdtype for _, rdtype, *_ in records_at(name_server)} == {"NAPTR"}


def test_another_ttl_reaches_every_record(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    give_records(account, 3)
    send_all(row)
    make_zone(ttl=3600)
    send_all(row)
    assert {ttl for _, _, ttl, _ in records_at(name_server)} == {3600}


def test_what_others_have_put_into_the_zone_stays(bind_server: Bind, account: Account) -> None:
    row = joined(bind_server)
    (number,) = give_records(account, 1)
    write(bind_server, f"9.9.9.{bind_server.zone}", "NAPTR", '10 10 "u" "E2U+sip" "!^.*$!sip:other@example.org!" .')
    write(bind_server, owner(number, bind_server), "TXT", '"somebody else\'s"')
    send_all(row)
    difference = reconcile.compare(row, row.key)
    assert difference.names == []
    assert difference.foreign == {(f"9.9.9.{bind_server.zone}", "NAPTR"): 1, (owner(number, bind_server), "TXT"): 1}
    reconcile.enqueue(row, difference)
    send_all(row)
    assert "other@example.org" in bind_server.dig(f"9.9.9.{bind_server.zone}")
    assert "somebody else" in bind_server.dig(owner(number, bind_server), "TXT")


def test_reconciling_finds_and_mends_what_differs_and_nothing_else(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    changed, gone, added, ttl, deleted, sound = give_records(account, 6)
    store.delete_all(added)
    store.delete_number(deleted)
    send_all(row)
    naptr = '100 10 "u" "E2U+sip" "!^.*$!sip:other@example.org!" .'
    write(name_server, owner(changed, name_server), "NAPTR", naptr)
    write(name_server, owner(gone, name_server), "NAPTR")
    write(name_server, owner(added, name_server), "NAPTR", naptr)
    write(name_server, owner(deleted, name_server), "NAPTR", naptr)
    write(
        name_server,
        owner(ttl, name_server),
        "NAPTR",
        '100 0 "u" "E2U+sip" "!^.*$!sip:0000003@example.org!" .',
        ttl=999,
    )
    difference = reconcile.compare(row, row.key)
    assert {item.name for item in difference.names} == {n.name for n in (changed, gone, added, ttl, deleted)}
    by_name = {item.name: item for item in difference.names}
    assert "other@" in by_name[changed.name].surplus[0].text
    assert "0000000@" in by_name[changed.name].missing[0].text
    assert (by_name[gone.name].surplus, len(by_name[gone.name].missing)) == ((), 1)

    reconcile.enqueue(row, difference)
    assert sound.name not in waiting()
    send_all(row)
    assert records_at(name_server) == records_here()
    assert reconcile.compare(row, row.key).names == []


def test_a_server_that_was_restored_from_an_old_copy_is_brought_up_to_date(
    name_server: RealServer, account: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row = joined(name_server)
    first, second = give_records(account, 2)
    send_all(row)
    name_server.stop()
    copy = tmp_path_factory.mktemp("copy") / "data"
    name_server.back_up(copy)
    name_server.start()
    store.delete_number(first)
    store.delete_all(second)
    store.create_record(second, preference=1, service="SIP", hostdata="new@example.org")
    sending = send_all(row)
    assert records_at(name_server) == records_here()

    name_server.stop()
    name_server.restore(copy)
    name_server.start()
    assert records_at(name_server) != records_here()
    sending.seen = session.NEVER  # the next look is due
    while sending.turn() is Did.SEND or waiting():
        pass
    assert records_at(name_server) == records_here()


def test_a_server_that_was_down_gets_everything_when_it_is_back(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    numbers = give_records(account, 3)
    name_server.stop()
    sending = session_of(row)
    assert sending.turn() is Did.WAIT
    assert sending.is_failing
    assert "refused the connection" in NameServer.objects.get().problem
    store.delete_number(numbers[0])

    name_server.start()
    sending.pause_ends = 0  # the pause is over
    assert sending.turn() is Did.SEND
    assert records_at(name_server) == records_here()
    assert NameServer.objects.get().problem == ""
    assert not sending.is_failing


def test_one_bad_record_holds_back_only_its_number(
    bind_server: Bind, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slipped_through(record: content.Row | Record, order: int, name: Name) -> Naptr:
        # BIND takes no expression with a reference to a group that is not there.
        del name
        regexp = "!^.*$!sip:\\1@bad.example!" if "bad" in record.hostdata else "!^.*$!sip:a@example.org!"
        return Naptr(order, record.preference, "u", "E2U+sip", regexp)

    monkeypatch.setattr(content, "naptr_for", slipped_through)
    row = joined(bind_server)
    numbers = give_records(account, 20)
    bad = numbers[13]
    store.create_record(bad, preference=99, service="SIP", hostdata="bad")
    send_all(row)
    assert waiting() == {bad.name}
    held = Publication.objects.get(name=bad.name)
    assert "FORMERR" in held.problem
    assert len(records_at(bind_server)) == 19
    assert NameServer.objects.get().problem == ""

    # Once it is mended it is sent at once.
    store.delete_all(bad)
    store.create_record(bad, preference=1, service="SIP", hostdata="good@example.org")
    send_all(row)
    assert waiting() == set()
    assert len(records_at(bind_server)) == 20


def test_a_wrong_key_stops_the_server_with_an_alarm_until_it_is_resumed(
    name_server: RealServer, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    row = joined(name_server)
    give_records(account, 2)
    wrong = new_key(name_server.key.name)
    zones.save_name_server(row, wrong)
    assert session_of(row).turn() is Did.END
    stopped = NameServer.objects.get()
    assert stopped.is_refusing
    assert stopped.problem
    assert any(record.levelname == "ERROR" and stopped.problem in record.message for record in caplog.records)
    assert len(waiting()) == 2
    assert session_of(row).turn() is Did.END

    # Whoever resumes it without a change has the alarm again; the right key ends it.
    assert zones.resume([stopped]) == 1
    assert session_of(row).turn() is Did.END
    zones.save_name_server(NameServer.objects.get(), name_server.key)
    send_all(row)
    assert records_at(name_server) == records_here()


def test_a_key_that_the_server_does_not_know_stops_it(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    give_records(account, 1)
    zones.save_name_server(row, Key("nobody", name_server.key.secret))
    assert session_of(row).turn() is Did.END
    assert NameServer.objects.get().is_refusing


def test_a_zone_that_the_server_does_not_have_stops_it(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    give_records(account, 1)
    make_zone(suffix="other.test")
    assert session_of(row).turn() is Did.END
    assert NameServer.objects.get().is_refusing


def test_a_wrong_clock_stops_the_server_and_is_named(
    bind_server: Bind, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = joined(bind_server)
    give_records(account, 1)
    now = time.time
    monkeypatch.setattr("dashboard.nameservers.signing.time.time", lambda: now() - 3_600)
    assert session_of(row).turn() is Did.END
    assert "clock" in NameServer.objects.get().problem


def test_a_session_that_is_asked_to_end_sends_no_further_message(bind_server: Bind, account: Account) -> None:
    row = joined(bind_server)
    give_records(account, 2)
    stopping = threading.Event()
    stopping.set()
    assert session.Session(row.pk, stopping).turn() is Did.WAIT
    assert len(waiting()) == 2


def test_once_a_day_the_whole_zone_is_compared(bind_server: Bind, account: Account) -> None:
    row = joined(bind_server)
    (number,) = give_records(account, 1)
    send_all(row)
    write(bind_server, owner(number, bind_server), "NAPTR")
    audit()
    assert waiting() == set()
    NameServer.objects.update(reconciled_at="2020-01-01T00:00Z")
    audit()
    assert waiting() == {number.name}
    send_all(row)
    assert records_at(bind_server) == records_here()


def test_too_large_an_answer_leaves_what_is_published(bind_server: Bind, account: Account) -> None:
    row = joined(bind_server)
    number = make_number(account, "1", "604", "5550123")
    store.create_record(number, preference=1, service="SIP", hostdata="a@example.org")
    send_all(row)
    before = records_at(bind_server)
    for preference in range(2, 60):
        store.create_record(
            number,
            preference=preference,
            service="SIP",
            hostdata=f"{'x' * 100}{preference}@example.org",
            is_checked=True,
        )
    send_all(row)
    assert records_at(bind_server) == before
    held = Publication.objects.get()
    assert "telephone systems read 4096 at most" in held.problem
    assert waiting() == {number.name}
    assert reconcile.compare(row, row.key).names == []


def test_sixty_records_that_fit_are_published(name_server: RealServer, account: Account) -> None:
    row = joined(name_server)
    number = make_number(account, "1", "604", "5550123")
    for preference in range(60):
        store.create_record(number, preference=preference, service="SIP", hostdata=f"{preference}@x.org")
    send_all(row)
    assert Number.objects.get().records.count() == 60
    assert len(records_at(name_server)) == 60
    assert waiting() == set()

"""Sending, beside servers with faults that real ones do not make."""

import socket
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dashboard.nameservers import Address, update
from dashboard.registry import store, zones
from dashboard.registry.models import Account, NameServer, Number, Publication, Record
from dashboard.registry.publishing import pauses, queue, session
from dashboard.registry.publishing.session import Did
from tests.nameservers.faulty_server import FaultyServer, framed
from tests.registry.conftest import make_number
from tests.registry.publishing import KEY, bulk, give_records, make_server, send_all, session_of, waiting

UPDATE = 0x28  # of the third octet

Rcode = Callable[[dns.message.Message], dns.rcode.Rcode]


class Stub:
    """A name server with a serial, which takes updates unless `rcode_of` says otherwise, and answers what it took."""

    def __init__(self) -> None:
        self.serial = 1
        self.updates: list[dns.message.Message] = []
        self.held: dict[tuple[str, int], list[Any]] = {}
        self.rcode_of: Rcode = lambda _update: dns.rcode.NOERROR
        self.question_rcode = dns.rcode.NOERROR
        self.forgets = False

    def on_tcp(self, query: bytes, connection: socket.socket) -> None:
        message = dns.message.from_wire(query, keyring=KEY.as_dnspython())
        assert message.had_tsig, "an unsigned question may be answered from another view of the zone"
        reply = dns.message.make_response(message)
        if message.question[0].rdtype == dns.rdatatype.AXFR:
            reply.set_rcode(dns.rcode.REFUSED)
        elif query[2] & 0x78 == UPDATE:
            self.updates.append(message)
            reply.set_rcode(self.rcode_of(message))
            if reply.rcode() == dns.rcode.NOERROR:
                self._take(message)
        elif message.question[0].rdtype != dns.rdatatype.SOA:
            self._answer(message, reply)
        else:
            name = message.question[0].name
            soa = f"ns.example. host.example. {self.serial} 1 1 1 300"
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", "SOA", soa))
            reply.flags |= dns.flags.AA
        connection.sendall(framed(reply.to_wire()))

    def _take(self, message: dns.message.Message) -> None:
        self.serial += 1
        for rrset in message.authority:
            key = rrset.name.to_text(), rrset.rdtype
            if rrset.deleting is not None:
                self.held[key] = []
            elif not self.forgets:
                self.held.setdefault(key, []).extend(rrset)

    def _answer(self, message: dns.message.Message, reply: dns.message.Message) -> None:
        reply.set_rcode(self.question_rcode)
        question = message.question[0]
        if rdatas := self.held.get((question.name.to_text(), question.rdtype)):
            reply.answer.append(dns.rrset.from_rdata_list(question.name, 300, rdatas))

    def names_of(self, update: dns.message.Message) -> set[str]:
        return {rrset.name.to_text() for rrset in update.authority}


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def server(request: pytest.FixtureRequest, stub: Stub) -> Iterable[NameServer]:
    transactional = any(marker.kwargs.get("transaction") for marker in request.node.iter_markers("django_db"))
    request.getfixturevalue("transactional_db" if transactional else "db")
    with FaultyServer(on_tcp=stub.on_tcp) as faulty:
        yield make_server(faulty.address)


def owner(number: Number) -> str:
    return ".".join(reversed(number.digits)) + ".e164.test."


def test_a_refused_batch_is_halved_until_the_bad_one_is_alone(server: NameServer, stub: Stub, alice: Account) -> None:
    numbers = give_records(alice, 30)
    bad = {owner(numbers[3]), owner(numbers[17])}
    stub.rcode_of = lambda update: dns.rcode.FORMERR if stub.names_of(update) & bad else dns.rcode.NOERROR
    send_all(server)
    assert waiting() == {numbers[3].name, numbers[17].name}
    assert {row.attempts for row in Publication.objects.all() if row.is_pending} == {1}
    assert len(stub.updates) < 25
    assert NameServer.objects.get().problem == ""


def test_names_that_do_not_fit_into_one_message_go_in_several(server: NameServer, stub: Stub, alice: Account) -> None:
    hosts = [f"{'x' * 60}.{'y' * 60}.{'z' * 60}.example{number}" for number in range(2)]
    numbers = give_records(alice, 160, *hosts)
    send_all(server)
    assert waiting() == set()
    assert set().union(*map(stub.names_of, stub.updates)) == {owner(number) for number in numbers}
    assert len(stub.updates) > 1


def test_a_single_change_comes_between_the_messages_of_many_and_holds_none_of_them_up(
    server: NameServer, stub: Stub, alice: Account, bobs_record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(alice, 900)
    queue.start_over(server.pk)
    changes: list[str] = []

    def send_and_change(*arguments: Any, **options: Any) -> None:
        """As if somebody saved while each of the first messages was on its way."""
        update(*arguments, **options)
        if len(changes) < 3:
            changes.append(f"change{len(changes)}@example.org")
            store.update_record(bobs_record, {"hostdata": changes[-1]})

    monkeypatch.setattr(session, "update", send_and_change)
    store.update_record(bobs_record, {"preference": 1})
    send_all(server)
    assert waiting() == set()
    sizes = [len(stub.names_of(message)) for message in stub.updates]
    # Each single change, and then one message of the many, which so goes on all the time.
    assert [size == 1 for size in sizes[:6]] == [True, False, True, False, True, False], sizes
    assert sum(sizes) - sizes.count(1) == 900
    said = [str(message) for message in stub.updates if len(stub.names_of(message)) == 1]
    # The first of the three was overtaken by the second while the many were sent.
    assert [change in text for change, text in zip(changes[1:], said[1:], strict=True)] == [True, True]


def test_a_server_that_accepts_and_forgets_is_found_out(server: NameServer, stub: Stub, record: Record) -> None:
    stub.forgets = True
    send_all(server)
    row = Publication.objects.get()
    assert row.is_pending
    assert "does not answer with what it has accepted" in row.problem
    stub.forgets = False
    queue.hurry(server.pk)
    send_all(server)
    assert waiting() == set()


def test_of_a_large_message_a_sample_is_read_back(server: NameServer, stub: Stub, alice: Account) -> None:
    give_records(alice, 30)
    stub.forgets = True
    send_all(server)
    assert 0 < len(waiting()) < 30


def test_a_server_that_answers_no_questions_is_believed_and_that_is_said(
    server: NameServer, stub: Stub, record: Record
) -> None:
    stub.question_rcode = dns.rcode.REFUSED
    send_all(server)
    assert waiting() == set()
    assert "nothing can be read back" in NameServer.objects.get().problem
    assert not NameServer.objects.get().is_refusing


def test_a_server_that_cannot_answer_just_now_is_asked_again(server: NameServer, stub: Stub, record: Record) -> None:
    stub.question_rcode = dns.rcode.SERVFAIL
    sending = session_of(server)
    assert sending.turn() is Did.WAIT
    assert sending.is_failing
    assert waiting()
    stub.question_rcode = dns.rcode.NOERROR
    sending.pause_ends = 0
    assert sending.turn() is Did.SEND
    assert waiting() == set()


def test_a_message_that_the_server_cannot_do_is_made_smaller_and_does_not_block_the_others(
    server: NameServer, stub: Stub, alice: Account
) -> None:
    numbers = give_records(alice, 6)
    Publication.objects.filter(name=numbers[0].name).update(since="2020-01-01T00:00Z")  # the first to be sent
    stub.rcode_of = lambda update: (
        dns.rcode.SERVFAIL if owner(numbers[0]) in stub.names_of(update) else dns.rcode.NOERROR
    )
    sending = session_of(server)
    for _ in range(10):
        sending.pause_ends = 0
        sending.turn()
    assert waiting() == {numbers[0].name}
    assert "SERVFAIL" in Publication.objects.get(name=numbers[0].name).problem


def test_a_pause_is_kept(server: NameServer, stub: Stub, record: Record) -> None:
    stub.rcode_of = lambda _update: dns.rcode.SERVFAIL
    sending = session_of(server)
    sending.turn()
    sending.turn()
    assert len(stub.updates) == 1


def test_a_refusal_stops_the_server(server: NameServer, stub: Stub, record: Record) -> None:
    stub.rcode_of = lambda _update: dns.rcode.REFUSED
    assert session_of(server).turn() is Did.END
    stopped = NameServer.objects.get()
    assert stopped.is_refusing
    assert "REFUSED" in stopped.problem
    assert stopped.problem_at


def test_a_key_that_does_not_open_stops_the_server(server: NameServer, record: Record) -> None:
    NameServer.objects.update(sealed="rubbish")
    assert session_of(server).turn() is Did.END
    assert "enter it again" in NameServer.objects.get().problem


@pytest.mark.django_db(transaction=True)
def test_a_server_that_got_another_key_meanwhile_is_not_stopped_for_its_old_one(
    server: NameServer, stub: Stub, record: Record
) -> None:
    def changed(_update: dns.message.Message) -> dns.rcode.Rcode:
        NameServer.objects.update(sealed="another")
        connection.close()  # of the stub's thread
        return dns.rcode.REFUSED

    stub.rcode_of = changed
    session_of(server).turn()
    assert not NameServer.objects.get().is_refusing


def test_where_no_transfer_is_allowed_everything_is_sent_again_after_a_restore(
    server: NameServer, stub: Stub, record: Record
) -> None:
    gone = make_number(record.number.account, "49", "", "30")
    store.create_record(gone, preference=1, service="SIP", hostdata="gone@example.org")
    sending = send_all(server)
    backup = {name: list(rdatas) for name, rdatas in stub.held.items()}
    store.delete_number(gone)
    send_all(server)
    stub.held, stub.serial = backup, 1
    sending.seen = session.NEVER
    sending.turn()
    assert waiting() == {gone.name, record.number.name}
    while sending.turn() is Did.SEND:
        pass
    assert waiting() == set()
    assert [len(rdatas) for rdatas in stub.held.values()] == [1, 0]


def test_nothing_is_sent_to_a_disabled_server(server: NameServer, stub: Stub, record: Record) -> None:
    NameServer.objects.update(is_enabled=False)
    assert session_of(server).turn() is Did.END
    assert not stub.updates


def test_an_idle_server_is_looked_at_now_and_then(server: NameServer, stub: Stub) -> None:
    sending = session_of(server)
    assert sending.turn() is Did.WAIT
    first = NameServer.objects.get().seen_at
    assert first
    sending.turn()
    assert NameServer.objects.get().seen_at == first
    stub.serial = 9
    sending.seen = session.NEVER
    sending.turn()
    assert NameServer.objects.get().serial == 9


def test_a_batch_takes_a_constant_number_of_queries(
    server: NameServer, alice: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulk(alice, 150)
    queue.start_over(server.pk)
    sending = session_of(server)
    sending.turn()
    Publication.objects.update(done=0)
    with django_assert_max_num_queries(25):
        sending.turn()
    assert waiting() == set()


def test_nobody_listening_is_no_alarm(record: Record) -> None:
    server = make_server(Address("127.0.0.1", 1))
    sending = session_of(server)
    assert sending.turn() is Did.WAIT
    assert not NameServer.objects.get().is_refusing
    assert sending.limit == session.TAKEN
    assert Publication.objects.get().attempts == 0


def test_pauses_grow_from_a_second_to_a_minute_and_are_not_all_alike() -> None:
    first = [pauses.of_server(1) for _ in range(50)]
    assert len(set(first)) > 1
    assert all(0.75 <= pause <= 1.25 for pause in first)
    assert all(40 <= pauses.of_server(failures) <= 60 for failures in (7, 50, 10_000))


def test_the_pauses_of_a_name_grow_to_their_limit() -> None:
    shortest, longest = pauses.REFUSED
    assert pauses.of_name(0, pauses.REFUSED) == shortest
    assert pauses.of_name(1, pauses.REFUSED) == 2 * shortest
    assert pauses.of_name(10_000, pauses.REFUSED) == longest


# --- a server that refuses --------------------------------------------------------------------------------------
def end_the_pause() -> None:
    NameServer.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def test_a_server_that_refused_is_tried_again_seldom_and_keeps_its_alarm(
    server: NameServer, stub: Stub, record: Record
) -> None:
    stub.rcode_of = lambda _update: dns.rcode.REFUSED
    pauses_seen, began_at = [], set()
    for count in range(1, 9):
        began = timezone.now()
        assert session_of(server).turn() is Did.END
        refusing = NameServer.objects.get()
        assert refusing.refusals == count == len(stub.updates)
        assert refusing.is_refusing
        assert "REFUSED" in refusing.problem
        assert refusing.retry_at is not None
        began_at.add(refusing.problem_at)
        pauses_seen.append(round((refusing.retry_at - began).total_seconds() / 60))
        assert session_of(server).turn() is Did.END  # not before its time
        assert len(stub.updates) == count
        end_the_pause()
    assert pauses_seen == [2, 4, 8, 16, 32, 60, 60, 60]
    assert began_at == {NameServer.objects.get().problem_at}

    stub.rcode_of = lambda _update: dns.rcode.NOERROR
    send_all(server)
    mended = NameServer.objects.get()
    assert (mended.refusals, mended.retry_at, mended.problem) == (0, None, "")
    assert waiting() == set()


def test_an_answer_to_a_question_alone_does_not_end_the_alarm_while_something_waits(
    server: NameServer, stub: Stub, record: Record
) -> None:
    stub.rcode_of = lambda _update: dns.rcode.REFUSED
    session_of(server).turn()
    alarm = NameServer.objects.get()
    end_the_pause()
    session_of(server)._look(NameServer.objects.get(), 0, proves=False)
    looked = NameServer.objects.get()
    assert (looked.refusals, looked.problem, looked.problem_at) == (1, alarm.problem, alarm.problem_at)
    assert looked.seen_at != alarm.seen_at


def test_a_server_with_nothing_to_send_is_well_again_when_it_answers(server: NameServer, stub: Stub) -> None:
    NameServer.objects.update(refusals=3, problem="It refused.", problem_at=timezone.now())
    session_of(server).turn()
    assert (NameServer.objects.get().refusals, NameServer.objects.get().problem) == (0, "")


def test_resuming_is_for_the_impatient(server: NameServer, stub: Stub, record: Record) -> None:
    stub.rcode_of = lambda _update: dns.rcode.REFUSED
    session_of(server).turn()
    stub.rcode_of = lambda _update: dns.rcode.NOERROR
    assert session_of(server).turn() is Did.END
    assert zones.resume(NameServer.objects.all()) == 1
    send_all(server)
    assert waiting() == set()

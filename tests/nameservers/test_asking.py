"""Questions to servers that answer badly, late, in pieces, or not at all."""

import socket
import struct
import time

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.nameservers import Address, NameServerError, Unreachable, ask, serial_of
from tests.nameservers.faulty_server import FaultyServer, OnTcp, close, framed, hang, reset, response, says, silent
from tests.nameservers.records import NAME, naptr

SHORT = 0.3  # seconds, where nothing will come
LONG = 30  # seconds; no machine is as slow


def error_of(server: FaultyServer, timeout: float = LONG) -> NameServerError:
    """The error of a question that gets no answer, in time."""
    began = time.monotonic()
    with server, pytest.raises(NameServerError) as caught:
        ask(server.address, NAME, "NAPTR", timeout=timeout)
    assert time.monotonic() - began < LONG
    return caught.value


def truncated(query: bytes, _asker: object = None) -> list[bytes]:
    """What sends the asker to TCP at once."""
    reply = response(query)
    reply.flags |= dns.flags.TC
    return [reply.to_wire()]


def good_udp(query: bytes, _asker: object) -> list[bytes]:
    """A sound answer."""
    return [response(query, naptr()).to_wire()]


def good_tcp(query: bytes, connection: socket.socket) -> None:
    """A sound answer."""
    connection.sendall(framed(response(query, naptr("sip:tcp@x")).to_wire()))


def spoilt(query: bytes, fault: str) -> bytes:
    """An answer with one fault."""
    reply = response(query, naptr("sip:forged@x"))
    if fault == "id":
        reply.id ^= 1
    elif fault == "name":
        reply.question = [dns.rrset.from_text("other.example.", 0, "IN", "NAPTR")]
    elif fault == "type":
        reply.question = [dns.rrset.from_text(NAME + ".", 0, "IN", "TXT")]
    elif fault == "no question":
        reply.question = []
    elif fault == "question":
        reply.flags ^= dns.flags.QR
    elif fault == "opcode":
        reply.flags |= 0x2800
    octets = reply.to_wire()
    return {"cut": octets[:20], "empty": b"", "garbage": b"\xff" * 40, "short": b"\x00"}.get(fault, octets)


FAULTS = ["id", "name", "type", "no question", "question", "opcode", "cut", "empty", "garbage", "short"]


def test_an_answer_says_what_the_server_says() -> None:
    with FaultyServer(good_udp) as server:
        answer = ask(server.address, NAME, "NAPTR")

    assert (answer.rcode, answer.rdatas, answer.ttl) == ("NOERROR", (naptr(),), 300)
    assert (answer.authoritative, answer.authenticated, answer.signed) == (False, False, False)
    assert answer.server == server.address
    assert answer.took_ms > 0
    assert [transport for transport, _ in server.queries] == ["udp"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_forged_datagram_does_not_hide_the_answer(fault: str) -> None:
    def on_udp(query: bytes, asker: object) -> list[bytes]:
        return [spoilt(query, fault), *good_udp(query, asker)]

    with FaultyServer(on_udp) as server:
        assert ask(server.address, NAME, "NAPTR", timeout=LONG).rdatas == (naptr(),)


def test_an_answer_from_another_port_is_not_heard() -> None:
    def on_udp(query: bytes, asker: tuple[str, int]) -> list[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(spoilt(query, "none"), asker)
        return [*good_udp(query, asker)]

    with FaultyServer(on_udp) as server:
        assert ask(server.address, NAME, "NAPTR", timeout=LONG).rdatas == (naptr(),)


def test_questions_differ_in_their_id_and_port() -> None:
    askers = set()

    def on_udp(query: bytes, asker: tuple[str, int]) -> list[bytes]:
        askers.add((query[:2], asker[1]))
        return good_udp(query, asker)

    with FaultyServer(on_udp) as server:
        for _ in range(20):
            ask(server.address, NAME, "NAPTR")

    assert len({octets for octets, _ in askers}) > 15
    assert len({port for _, port in askers}) > 15


def test_tcp_answers_where_udp_brings_only_garbage() -> None:
    with FaultyServer(lambda query, _: [spoilt(query, fault) for fault in FAULTS], good_tcp) as server:
        assert ask(server.address, NAME, "NAPTR").rdatas == (naptr("sip:tcp@x"),)


@pytest.mark.parametrize("fault", FAULTS)
def test_garbage_over_tcp_is_no_answer(fault: str) -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        connection.sendall(framed(spoilt(query, fault)))

    error = error_of(FaultyServer(truncated, on_tcp))

    assert isinstance(error, Unreachable)
    assert error.code == "garbage"


def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    with FaultyServer(truncated, good_tcp) as server:
        assert ask(server.address, NAME, "NAPTR").rdatas == (naptr("sip:tcp@x"),)

    assert [transport for transport, _ in server.queries] == ["udp", "tcp"]


def test_an_answer_truncated_over_tcp_is_garbage() -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        reply = response(query)
        reply.flags |= dns.flags.TC
        connection.sendall(framed(reply.to_wire()))

    assert error_of(FaultyServer(truncated, on_tcp)).code == "garbage"


def test_the_largest_answer_is_read() -> None:
    records = [naptr(f"sip:{number:0200}@x") for number in range(250)]

    def on_tcp(query: bytes, connection: socket.socket) -> None:
        connection.sendall(framed(response(query, *records).to_wire(max_size=65535)))

    with FaultyServer(truncated, on_tcp) as server:
        assert len(ask(server.address, NAME, "NAPTR").rdatas) == 250


def test_an_answer_of_thousands_of_records_is_not_even_read() -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        reply = response(query, naptr()).to_wire()
        # Owners of more than a hundred labels, each a pointer to one that is there: seconds of work in one message.
        long = b"".join(b"\x01" + bytes([97 + place % 26]) for place in range(115)) + b"\0"
        owner = struct.pack("!H", 0xC000 | len(reply))
        records = [
            long + struct.pack("!HHIH", 10, 1, 0, 0),
            *(b"\x01x" + owner + struct.pack("!HHIH", 10, 1, 0, 0),) * 4500,
        ]
        counts = struct.pack("!HHHH", 1, 1, 0, len(records))
        connection.sendall(framed(reply[:4] + counts + reply[12:] + b"".join(records)))

    assert error_of(FaultyServer(truncated, on_tcp)).code == "garbage"


def test_an_answer_octet_by_octet_is_read() -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in framed(response(query, naptr()).to_wire()):
            connection.sendall(bytes([octet]))

    with FaultyServer(truncated, on_tcp) as server:
        assert ask(server.address, NAME, "NAPTR").rdatas == (naptr(),)


def test_octets_that_keep_coming_do_not_prolong_the_time() -> None:
    def on_tcp(_query: bytes, connection: socket.socket) -> None:
        connection.sendall(b"\xff\xff")
        while True:
            connection.sendall(b"\x00")
            time.sleep(0.02)

    assert error_of(FaultyServer(truncated, on_tcp), SHORT).code == "timeout"


@pytest.mark.parametrize(
    ("on_tcp", "code"),
    [(hang, "timeout"), (close, "broken-off"), (reset, "broken-off"), (says(b""), "garbage")],
)
def test_no_answer_at_all_is_unreachable(on_tcp: OnTcp, code: str) -> None:
    error = error_of(FaultyServer(truncated, on_tcp), SHORT if code == "timeout" else LONG)

    assert isinstance(error, Unreachable)
    assert error.code == code
    assert str(error.server) in str(error)


def test_half_an_answer_is_broken_off() -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        connection.sendall(framed(response(query, naptr()).to_wire())[:-1])

    assert error_of(FaultyServer(truncated, on_tcp)).code == "broken-off"


def test_a_port_where_nobody_listens_refuses() -> None:
    with FaultyServer() as server:
        pass

    with pytest.raises(Unreachable) as caught:
        ask(server.address, NAME, "NAPTR")

    assert caught.value.code == "connection-refused"


def test_silence_everywhere_is_a_timeout() -> None:
    assert error_of(FaultyServer(silent, hang), SHORT).code == "timeout"


def test_no_time_at_all_is_a_timeout() -> None:
    assert error_of(FaultyServer(good_udp, good_tcp), 0).code == "timeout"


def test_an_address_that_cannot_be_reached_says_why() -> None:
    with pytest.raises(Unreachable) as caught:
        ask(Address("255.255.255.255"), NAME, "NAPTR")  # everybody in the room: refused by this computer itself

    assert caught.value.code == "no-way"
    assert caught.value.params["reason"]


def test_a_server_has_an_ipv6_address() -> None:
    with FaultyServer(good_udp, host="::1") as server:
        assert ask(server.address, NAME, "NAPTR").rdatas == (naptr(),)
        assert str(server.address).startswith("[::1]:")


def test_a_server_has_a_name_and_its_second_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultyServer(good_udp, good_tcp) as server, FaultyServer() as dead:
        dead_end, living = (
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address.host, address.port))
            for address in (dead.address, server.address)
        )
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [dead_end, living])
        assert ask(Address("ns1.example"), NAME, "NAPTR").rdatas == (naptr(),)


def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable) as caught:
        ask(Address("ns1.invalid"), NAME, "NAPTR", timeout=2)

    assert caught.value.code == "no-address"
    assert "ns1.invalid" in str(caught.value)


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "NXDOMAIN", "NOTAUTH"])
def test_a_refusal_is_an_answer(rcode: str) -> None:
    def on_udp(query: bytes, _asker: object) -> list[bytes]:
        reply = response(query)
        reply.set_rcode(dns.rcode.from_text(rcode))
        return [reply.to_wire()]

    with FaultyServer(on_udp) as server:
        answer = ask(server.address, NAME, "NAPTR")

    assert (answer.rcode, answer.rdatas, answer.ttl) == (rcode, (), None)


def test_the_flags_of_question_and_answer_are_handed_through() -> None:
    def on_udp(query: bytes, _asker: object) -> list[bytes]:
        reply = response(query, naptr())
        reply.answer.append(
            dns.rrset.from_text(
                NAME + ".", 60, "IN", "RRSIG", "NAPTR 8 3 300 20300101000000 20200101000000 1 test. AAAA"
            )
        )
        reply.flags |= dns.flags.AA | dns.flags.AD
        return [reply.to_wire()]

    with FaultyServer(on_udp) as server:
        answer = ask(server.address, NAME, "NAPTR", recurse=True, dnssec=True, unchecked=True)
        ask(server.address, NAME, "NAPTR")

    asked, plain = (dns.message.from_wire(query) for _, query in server.queries)
    assert (answer.authoritative, answer.authenticated, answer.signed) == (True, True, True)
    assert asked.flags == dns.flags.RD | dns.flags.AD | dns.flags.CD
    assert asked.ednsflags & dns.flags.DO
    assert asked.payload == 1232
    assert (plain.flags, plain.ednsflags) == (0, 0)


def test_records_behind_an_alias_are_found_with_the_shortest_ttl() -> None:
    def on_udp(query: bytes, _asker: object) -> list[bytes]:
        reply = response(query)
        reply.answer.append(dns.rrset.from_text(NAME + ".", 7, "IN", "CNAME", "alias.example."))
        reply.answer.append(dns.rrset.from_rdata("alias.example.", 300, naptr()))
        return [reply.to_wire()]

    with FaultyServer(on_udp) as server:
        answer = ask(server.address, NAME, "NAPTR")

    assert (answer.rdatas, answer.ttl) == ((naptr(),), 7)


def test_nothing_there_may_be_remembered_as_long_as_the_soa_says() -> None:
    def on_udp(query: bytes, _asker: object) -> list[bytes]:
        reply = response(query)
        reply.authority.append(dns.rrset.from_text("e164.test.", 900, "IN", "SOA", "a. b. 1 2 3 4 60"))
        return [reply.to_wire()]

    with FaultyServer(on_udp) as server:
        answer = ask(server.address, NAME, "NAPTR")

    assert (answer.rcode, answer.rdatas, answer.ttl) == ("NOERROR", (), 60)


@pytest.mark.parametrize(("name", "rdtype"), [("a" * 64 + ".test", "NAPTR"), ("a..test", "NAPTR"), (NAME, "NO-TYPE")])
def test_a_question_that_cannot_be_asked_is_a_mistake_of_the_caller(name: str, rdtype: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ask(Address("127.0.0.1"), name, rdtype)


def test_a_server_without_the_zone_has_no_serial() -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        connection.sendall(framed(response(query).to_wire()))

    with FaultyServer(truncated, on_tcp) as server, pytest.raises(NameServerError) as caught:
        serial_of(server.address, "e164.test")

    assert caught.value.code == "no-zone"


@given(
    octets=st.binary(max_size=80), flipped=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 255)), max_size=3)
)
@settings(max_examples=150)
def test_whatever_the_octets_nothing_but_a_named_error_comes_of_them(
    octets: bytes, flipped: list[tuple[int, int]]
) -> None:
    def on_tcp(query: bytes, connection: socket.socket) -> None:
        reply = bytearray(octets or response(query, naptr()).to_wire())
        for place, bits in flipped:
            reply[place % len(reply)] ^= bits
        connection.sendall(framed(bytes(reply)))

    # No datagram has room there: UDP is not waited for.
    with FaultyServer(truncated, on_tcp) as server:
        try:
            ask(server.address, NAME, "NAPTR", timeout=LONG)
        except NameServerError as error:
            assert error.code == "garbage"  # noqa: PT017 -- most replies are sound

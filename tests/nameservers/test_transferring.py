"""Transfers that break off, are forged, or hold what nobody expected."""

import base64
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.nameservers import Busy, Denied, Key, NameServerError, Unreachable, transfer, transferring
from dashboard.nameservers.signing import MAX_UNSIGNED
from dashboard.nameservers.transferring import Transferred
from tests.nameservers.faulty_server import FaultyServer, close, framed, hang, reset, says
from tests.nameservers.records import ZONE, naptr

KEY = Key("e164web", base64.b64encode(bytes(32)).decode())
OTHER = Key("e164web", base64.b64encode(bytes(31) + b"x").decode())
SHORT = 0.3  # seconds, where nothing will come
LONG = 30  # seconds; no machine is as slow

SOA = dns.rrset.from_text("e164.test.", 300, "IN", "SOA", "ns1.example. hostmaster.example. 7 3600 900 1209600 300")
NS = dns.rrset.from_text("e164.test.", 300, "IN", "NS", "ns1.example.")

Change = Callable[[int, dns.message.Message], None]
Part = Sequence[dns.rrset.RRset]


def number(digits: str) -> dns.rrset.RRset:
    """A number's record."""
    return dns.rrset.from_rdata(".".join(reversed(digits)) + ".e164.test.", 300, naptr())


WHOLE: Sequence[Part] = ([SOA, NS], [number("441")], [number("442"), number("443")], [SOA])


class Source:
    """A server's side of a transfer, a message for each part; `unsigned` names those that get no signature."""

    def __init__(
        self,
        parts: Sequence[Part] = WHOLE,
        *,
        unsigned: Sequence[int] = (),
        key: Key = KEY,
        change: Callable[[int, bytes], bytes] = lambda _, octets: octets,
        end: Callable[[bytes, socket.socket], None] = close,
        rcodes: dict[int, int] | None = None,
    ) -> None:
        self.parts, self.unsigned, self.key, self.change, self.end = parts, unsigned, key, change, end
        self.rcodes = rcodes or {}

    def __call__(self, query: bytes, connection: socket.socket) -> None:
        """Send everything, then `end`."""
        for message in self.messages(query):
            connection.sendall(framed(message))
        self.end(query, connection)

    def messages(self, query: bytes) -> list[bytes]:
        """The messages, changed after signing."""
        question = dns.message.from_wire(query, keyring=KEY.as_dnspython())
        made, context = [], None
        for place, part in enumerate(self.parts):
            reply = dns.message.make_response(question)
            reply.answer = list(part)
            reply.set_rcode(dns.rcode.Rcode(self.rcodes.get(place, 0)))
            reply.keyring = self.key.as_dnspython()
            if place in self.unsigned:
                reply.tsig = None
            octets = reply.to_wire(multi=True, tsig_ctx=context, max_size=65535)
            if place in self.unsigned and context:
                context.update(octets)
            elif place not in self.unsigned:
                context = reply.tsig_ctx
            made.append(self.change(place, octets))
        return made


def fetch(source: Any, key: Key | None = KEY) -> list[Transferred]:
    """What the transfer hands out."""
    with FaultyServer(on_tcp=source) as server:
        return list(transfer(server.address, ZONE, key=key, timeout=LONG))


def error_of(source: Any, timeout: float = LONG) -> NameServerError:
    """The error of such a transfer, in time; it hands out nothing at all."""
    began = time.monotonic()
    with FaultyServer(on_tcp=source) as server, pytest.raises(NameServerError) as caught:
        transfer(server.address, ZONE, key=KEY, timeout=timeout)
    assert time.monotonic() - began < LONG
    return caught.value


def test_a_transfer_hands_out_the_zone_in_order_and_its_soa_once() -> None:
    assert fetch(Source()) == [
        ("e164.test", "SOA", 300, SOA[0]),
        ("e164.test", "NS", 300, NS[0]),
        ("1.4.4.e164.test", "NAPTR", 300, naptr()),
        ("2.4.4.e164.test", "NAPTR", 300, naptr()),
        ("3.4.4.e164.test", "NAPTR", 300, naptr()),
    ]


def test_a_zone_may_come_in_one_message() -> None:
    assert len(fetch(Source([[SOA, NS, number("441"), SOA]]))) == 3


def test_messages_between_signed_ones_need_no_signature() -> None:
    # RFC 8945 s5.3.1: the next signature covers them.
    assert len(fetch(Source(unsigned=[1, 2]))) == 5


def test_an_unsigned_message_that_was_changed_spoils_the_next_signature() -> None:
    def change(place: int, octets: bytes) -> bytes:
        return octets.replace(b"ford@", b"zaph@") if place == 1 else octets

    assert error_of(Source(unsigned=[1, 2], change=change)).code == "wrong-signature"


@pytest.mark.parametrize("place", [0, 3])
def test_the_first_and_the_last_message_must_be_signed(place: int) -> None:
    error = error_of(Source(unsigned=[place]))

    assert isinstance(error, Unreachable)
    assert error.code == "not-signed"


def test_too_many_unsigned_messages_are_refused() -> None:
    many = [[SOA], *([number("441")] for _ in range(MAX_UNSIGNED + 1)), [SOA]]

    assert error_of(Source(many, unsigned=range(1, MAX_UNSIGNED + 2))).code == "wrong-signature"
    assert len(fetch(Source(many, unsigned=range(2, MAX_UNSIGNED + 2)))) == MAX_UNSIGNED + 2


@pytest.mark.parametrize("place", range(4))
def test_a_wrong_signature_anywhere_spoils_the_whole_transfer(place: int) -> None:
    def change(changed: int, octets: bytes) -> bytes:
        # Behind the hash there are the id, the error code and no other data, of two octets each.
        return octets[:-7] + bytes([octets[-7] ^ 1]) + octets[-6:] if changed == place else octets

    error = error_of(Source(change=change))

    assert isinstance(error, Unreachable)
    assert error.code == "wrong-signature"


def test_a_transfer_that_another_signed_is_not_believed() -> None:
    assert error_of(Source(key=OTHER)).code == "wrong-signature"


def test_messages_in_another_order_are_no_transfer() -> None:
    def swapped(query: bytes, connection: socket.socket) -> None:
        first, second, third, last = Source().messages(query)
        says(first, third, second, last)(query, connection)

    assert error_of(swapped).code == "wrong-signature"


@pytest.mark.parametrize(
    ("end", "code"), [(close, "broken-off"), (reset, "broken-off"), (hang, "timeout"), (says(b""), "garbage")]
)
@pytest.mark.parametrize("length", [0, 1, 3])
def test_a_transfer_without_its_end_hands_out_nothing(length: int, end: Any, code: str) -> None:
    error = error_of(Source(WHOLE[:length], end=end), SHORT if code == "timeout" else LONG)

    assert isinstance(error, Unreachable)
    assert error.code == code


@pytest.mark.parametrize(
    "parts",
    [
        [[NS, SOA], [SOA]],
        [[number("441")], [SOA]],
        [[]],
        [[SOA], [], [SOA]],
        [[SOA, number("441"), SOA, number("442")]],
        [[SOA, SOA, SOA]],
    ],
)
def test_a_zone_that_does_not_begin_and_end_with_its_soa_is_garbage(parts: Sequence[Part]) -> None:
    # dnspython would put equal records of one message together.
    error = error_of(Source(parts))

    assert error.code in {"garbage", "broken-off"}


@pytest.mark.parametrize(
    ("rcode", "kind"), [(dns.rcode.SERVFAIL, Busy), (dns.rcode.REFUSED, Denied), (dns.rcode.NOTAUTH, Denied)]
)
@pytest.mark.parametrize("place", [0, 2])
def test_a_refusal_ends_a_transfer(place: int, rcode: int, kind: type[NameServerError]) -> None:
    assert isinstance(error_of(Source(rcodes={place: rcode})), kind)


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transferring, "MAX_OCTETS", 200)

    error = error_of(Source())

    assert isinstance(error, Unreachable)
    assert error.code == "too-large"


def test_content_that_nobody_understands_is_handed_out_as_octets() -> None:
    odd = dns.rrset.from_rdata(
        "1.e164.test.", 5, dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.NAPTR, b"\0")
    )
    new = dns.rrset.from_text("2.e164.test.", 5, "IN", "TYPE65280", r"\# 2 abcd")

    records = fetch(Source([[SOA, odd, new, SOA]]))

    assert [(name, rdtype) for name, rdtype, _, _ in records[1:]] == [
        ("1.e164.test", "NAPTR"),
        ("2.e164.test", "TYPE65280"),
    ]
    assert isinstance(records[1][3], dns.rdata.GenericRdata)
    assert records[1][3].data == b"\0"


def test_names_are_handed_out_in_lower_case_and_escaped() -> None:
    strange = dns.rrset.from_rdata(dns.name.Name([b"A.b", b"\x00 ", b"E164", b"Test", b""]), 5, naptr())

    assert fetch(Source([[SOA, strange, SOA]]))[1][0] == r"a\.b.\000\032.e164.test"


def test_a_name_that_points_to_itself_is_garbage() -> None:
    def looped(place: int, octets: bytes) -> bytes:
        # The owner of the second record becomes a pointer to itself.
        at = octets.index(b"\x011\xc0")
        return octets[:at] + bytes([1, 0x31, 0xC0 | at >> 8, at & 0xFF]) + octets[at + 4 :] if place == 0 else octets

    def unsigned(query: bytes, connection: socket.socket) -> None:
        reply = dns.message.make_response(dns.message.from_wire(query))
        reply.answer = [SOA, number("1"), SOA]
        connection.sendall(framed(looped(0, reply.to_wire())))

    with pytest.raises(Unreachable) as caught:
        fetch(unsigned, None)

    assert caught.value.code == "garbage"


@given(
    octets=st.binary(max_size=60), flipped=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), max_size=4)
)
@settings(max_examples=150)
def test_whatever_the_octets_only_records_or_a_named_error_come_of_them(
    octets: bytes, flipped: list[tuple[int, int]]
) -> None:
    def damaged(query: bytes, connection: socket.socket) -> None:
        reply = dns.message.make_response(dns.message.from_wire(query))
        reply.answer = [SOA, NS, number("441"), SOA]
        message = bytearray(octets or reply.to_wire(multi=True))
        for place, bits in flipped:
            message[place % len(message)] ^= bits
        connection.sendall(framed(bytes(message)))

    try:
        assert all(isinstance(name, str) for name, _, _, _ in fetch(damaged, None))
    except NameServerError as error:
        assert error.message  # noqa: PT017 -- many changes are harmless

"""Updates to servers that confirm badly, refuse, or say nothing; and what goes over the wire."""

import base64
import socket
import time
from collections.abc import Callable

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import dns.tsig
import dns.update
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.nameservers import (
    MAX_RRS,
    Busy,
    Denied,
    Key,
    NameServerError,
    Rejected,
    Replacement,
    Unreachable,
    batches,
    update,
)
from tests.nameservers.faulty_server import (
    FaultyServer,
    OnTcp,
    close,
    framed,
    hang,
    reset,
    response,
    says,
)
from tests.nameservers.records import NAME, ZONE, naptr, replacement, txt

KEY = Key("e164web", base64.b64encode(bytes(32)).decode())
OTHER = Key("e164web", base64.b64encode(bytes(31) + b"x").decode())
STRANGER = Key("stranger", KEY.secret)
SHORT = 0.3  # seconds, where nothing will come
LONG = 30  # seconds; no machine is as slow

CONFIRMATION = (
    12 + len(b"\4e164\4test\0") + 4
)  # octets before the signature: the header, and the zone as the question

Spoil = Callable[[dns.message.Message], None]


def reply_with(spoil: Spoil = lambda _: None, after: Callable[[bytes], bytes] = lambda octets: octets) -> OnTcp:
    """Confirm the update as a sound server does, but for what the two functions change before and after signing."""

    def answer(query: bytes, connection: socket.socket) -> None:
        reply = response(query, key=KEY)
        spoil(reply)
        connection.sendall(framed(after(reply.to_wire())))

    return answer


def unsigned(rcode: str) -> Spoil:
    """No signature, and this code."""

    def spoil(reply: dns.message.Message) -> None:
        reply.tsig = None
        reply.set_rcode(dns.rcode.from_text(rcode))

    return spoil


def signed_by(key: Key) -> Spoil:
    """Another key."""

    def spoil(reply: dns.message.Message) -> None:
        signer = key.as_dnspython()
        reply.use_tsig(signer, algorithm=signer.algorithm)

    return spoil


def tsig_error(rcode: int, other: bytes = b"") -> Spoil:
    """A signature that says that ours is wrong, as servers send it: with NOTAUTH, and itself without a hash."""

    def spoil(reply: dns.message.Message) -> None:
        assert reply.tsig
        reply.set_rcode(dns.rcode.NOTAUTH)
        reply.want_tsig_sign = False
        reply.tsig = dns.rrset.from_rdata(reply.tsig.name, 0, reply.tsig[0].replace(error=rcode, other=other))

    return spoil


def update_with(on_tcp: OnTcp, key: Key | None = KEY, *replacements: Replacement, timeout: float = LONG) -> bytes:
    """Update a server that does this; return the octets that it got."""
    with FaultyServer(on_tcp=on_tcp) as server:
        update(server.address, ZONE, replacements or [replacement(naptr())], key=key, timeout=timeout)
    return server.queries[0][1]


def error_of(on_tcp: OnTcp, timeout: float = LONG) -> NameServerError:
    """The error of such an update, in time."""
    began = time.monotonic()
    with pytest.raises(NameServerError) as caught:
        update_with(on_tcp, timeout=timeout)
    assert time.monotonic() - began < LONG
    return caught.value


def test_an_update_deletes_each_type_and_adds_its_records() -> None:
    query = update_with(
        reply_with(),
        KEY,
        Replacement(NAME, 300, {"NAPTR": (naptr(), naptr("sip:b@x", 20)), "TXT": ()}),
        Replacement("*.4.4.e164.test", 60, {"TXT": (txt("Ford"),)}),
    )

    message = dns.message.from_wire(query, keyring=KEY.as_dnspython(), one_rr_per_rrset=True)
    assert isinstance(message, dns.update.UpdateMessage)
    assert [rrset.to_text() for rrset in message.zone] == ["e164.test. IN SOA"]
    assert [rrset.to_text() for rrset in message.update] == [
        f"{NAME}. ANY NAPTR",
        f"{NAME}. 300 IN NAPTR {naptr()}",
        f"{NAME}. 300 IN NAPTR {naptr('sip:b@x', 20)}",
        f"{NAME}. ANY TXT",
        "*.4.4.e164.test. ANY TXT",
        '*.4.4.e164.test. 60 IN TXT "Ford"',
    ]
    assert message.prerequisite == []
    assert message.additional == []
    assert message.had_tsig


def test_names_outside_the_zone_and_of_the_zone_itself_are_written_whole() -> None:
    names = [ZONE, "1.other.test", "E164.TEST", "root", "e164.test.other", "xe164.test"]

    query = update_with(reply_with(), KEY, *(replacement(naptr(), name=name) for name in names))

    message = dns.message.from_wire(query, keyring=KEY.as_dnspython(), one_rr_per_rrset=True)
    assert isinstance(message, dns.update.UpdateMessage)
    assert [str(rrset.name).rstrip(".") for rrset in message.update[::2]] == [name.lower() for name in names]


def test_without_a_key_nothing_is_signed() -> None:
    def confirm(query: bytes, connection: socket.socket) -> None:
        connection.sendall(framed(response(query).to_wire()))

    assert not dns.message.from_wire(update_with(confirm, None)).had_tsig


@pytest.mark.parametrize(
    ("on_tcp", "code"),
    [
        (hang, "timeout"),
        (close, "broken-off"),
        (reset, "broken-off"),
        (says(b""), "garbage"),
        (says(b"\x00" * 11), "garbage"),
        (says(b"\xff" * 500), "garbage"),
        (says(b"\x00" * 65535), "garbage"),
    ],
)
def test_silence_and_noise_are_unreachable(on_tcp: OnTcp, code: str) -> None:
    error = error_of(on_tcp, SHORT if code == "timeout" else LONG)

    assert isinstance(error, Unreachable)
    assert error.code == code


def cut(octets: bytes) -> bytes:
    """Without the end."""
    return octets[:-3]


def lengthened(octets: bytes) -> bytes:
    """With more behind the end."""
    return octets + b"\x00"


def turned(reply: dns.message.Message) -> None:
    """A question."""
    reply.flags ^= dns.flags.QR


def other_id(reply: dns.message.Message) -> None:
    """An answer to something else."""
    reply.id ^= 1


def other_zone(reply: dns.message.Message) -> None:
    """An answer about something else."""
    reply.sections[0][0].name = dns.name.from_text("other.test")


def other_opcode(reply: dns.message.Message) -> None:
    """An answer to a plain question."""
    reply.flags &= ~0x7800


def truncated(reply: dns.message.Message) -> None:
    """An answer that says that it is not whole."""
    reply.flags |= dns.flags.TC


@pytest.mark.parametrize("spoil", [turned, other_id, other_zone, other_opcode, truncated])
def test_what_answers_something_else_is_garbage(spoil: Spoil) -> None:
    error = error_of(reply_with(spoil))

    assert isinstance(error, Unreachable)
    assert error.code == "garbage"


@pytest.mark.parametrize("after", [cut, lengthened])
def test_a_damaged_confirmation_is_garbage(after: Callable[[bytes], bytes]) -> None:
    assert error_of(reply_with(after=after)).code == "garbage"


def test_an_unsigned_confirmation_proves_nothing() -> None:
    error = error_of(reply_with(unsigned("NOERROR")))

    assert isinstance(error, Unreachable)
    assert error.code == "not-signed"


@pytest.mark.parametrize("key", [OTHER, STRANGER])
def test_a_confirmation_that_another_signed_proves_nothing(key: Key) -> None:
    error = error_of(reply_with(signed_by(key)))

    assert isinstance(error, Unreachable)
    assert error.code == "wrong-signature"


def test_a_confirmation_to_another_update_proves_nothing() -> None:
    def another(reply: dns.message.Message) -> None:
        reply.request_mac = b"x" * 32

    assert error_of(reply_with(another)).code == "wrong-signature"


REFUSALS = [
    ("SERVFAIL", Busy),
    ("FORMERR", Rejected),
    ("NOTZONE", Rejected),
    ("NXDOMAIN", Rejected),
    ("YXDOMAIN", Rejected),
    ("YXRRSET", Rejected),
    ("NXRRSET", Rejected),
    ("NOTAUTH", Denied),
    ("REFUSED", Denied),
    ("NOTIMP", Denied),
    ("DSOTYPENI", Busy),
]


@pytest.mark.parametrize(("rcode", "kind"), REFUSALS)
def test_a_refusal_says_what_to_do_signed_or_not(rcode: str, kind: type[NameServerError]) -> None:
    def signed(reply: dns.message.Message) -> None:
        reply.set_rcode(dns.rcode.from_text(rcode))

    for spoil in (unsigned(rcode), signed):
        error = error_of(reply_with(spoil))

        assert type(error) is kind
        assert error.code == rcode.lower()
        assert rcode in str(error)


def test_a_refusal_without_the_question_still_says_what_it_says() -> None:
    def bare(reply: dns.message.Message) -> None:
        unsigned("FORMERR")(reply)
        reply.sections[0].clear()

    assert isinstance(error_of(reply_with(bare)), Rejected)


def test_a_refusal_with_half_a_signature_still_says_what_it_says() -> None:
    def refused(reply: dns.message.Message) -> None:
        reply.set_rcode(dns.rcode.REFUSED)

    assert isinstance(error_of(reply_with(refused, cut)), Denied)


@pytest.mark.parametrize("rcode", [dns.rcode.BADSIG, dns.rcode.BADKEY, dns.rcode.BADTRUNC])
def test_a_refused_signature_is_denied_by_its_name(rcode: int) -> None:
    error = error_of(reply_with(tsig_error(rcode)))
    name = dns.rcode.to_text(dns.rcode.Rcode(rcode), tsig=True)

    assert isinstance(error, Denied)
    assert error.code == name.lower()
    assert name in str(error)


@pytest.mark.parametrize(("ahead", "words"), [(7200, "7200 seconds ahead"), (-7200, "7200 seconds behind")])
def test_a_wrong_clock_is_named_in_seconds(ahead: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    server_time = (int(now) + ahead).to_bytes(6, "big")

    error = error_of(reply_with(tsig_error(dns.rcode.BADTIME, server_time)))

    assert isinstance(error, Denied)
    assert error.code == "badtime"
    assert words in str(error)


def test_a_wrong_clock_of_a_server_that_does_not_tell_the_time() -> None:
    error = error_of(reply_with(tsig_error(dns.rcode.BADTIME)))

    assert isinstance(error, Denied)
    assert error.code == "badtime"


def test_a_confirmation_that_was_signed_long_ago_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now, offset = time.time, [0]
    monkeypatch.setattr(time, "time", lambda: now() + offset[0])

    def later(octets: bytes) -> bytes:
        offset[0] = 1000
        return octets

    assert error_of(reply_with(after=later)).code == "wrong-signature"


@given(place=st.integers(0, 400), bits=st.integers(1, 255))
@settings(max_examples=150)
def test_a_confirmation_with_any_octet_changed_is_no_success(place: int, bits: int) -> None:
    size = 0

    def changed(octets: bytes) -> bytes:
        nonlocal size
        size = len(octets)
        wrong = bytearray(octets)
        wrong[place % size] ^= bits
        return bytes(wrong)

    try:
        update_with(reply_with(after=changed))
    except NameServerError:
        return
    # Class and TTL of the signature's own record, and the case of letters in its names, mean nothing.
    assert place % size >= CONFIRMATION


def test_a_message_that_no_connection_could_carry_is_rejected() -> None:
    huge = replacement(*(naptr(f"sip:{number:0200}@x") for number in range(300)))

    with FaultyServer() as server, pytest.raises(Rejected) as caught:
        update(server.address, ZONE, [huge], key=KEY)

    assert caught.value.code == "too-large"
    assert server.queries == []


@given(st.lists(st.integers(0, 60), max_size=60))
@settings(max_examples=40)
def test_batches_keep_order_and_are_as_full_as_they_may_be(counts: list[int]) -> None:
    wanted = [
        replacement(*(naptr(f"sip:{place}@x") for place in range(count)), name=f"{number}.{ZONE}")
        for number, count in enumerate(counts)
    ]

    made = list(batches(wanted))

    assert [one for batch in made for one in batch] == wanted
    sizes = [sum(one.rrs for one in batch) for batch in made]
    assert all(size <= MAX_RRS for size in sizes)
    assert all(size + after[0].rrs > MAX_RRS for size, after in zip(sizes, made[1:], strict=False))


def test_a_name_that_is_larger_than_a_batch_goes_alone() -> None:
    large = replacement(*(naptr(f"sip:{number}@x") for number in range(MAX_RRS + 1)))
    small = replacement(naptr(), name=f"1.{ZONE}")

    assert list(batches([small, large, small])) == [[small], [large], [small]]
    assert list(batches([])) == []

"""Any bytes end in a value or in RemoteProtocolError, never in any other error; any value survives the wire."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.protocol import (
    TERMINATOR,
    Number,
    Record,
    RemoteProtocolError,
    Reply,
    Request,
    address_in,
    decode_reply,
    decode_request,
    encode_head,
    encode_number,
    encode_record,
    encode_reply,
    encode_request,
    new_id_in,
    numbers_in,
    record_in,
    records_in,
    services_in,
)
from dashboard.protocol.reply import MAX_LINES
from tests.protocol import strategies
from tests.protocol.strategies import thorough

READERS: list[Callable[[Reply], object]] = [
    numbers_in,
    records_in,
    record_in,
    services_in,
    address_in,
    new_id_in,
    lambda reply: reply.reason,
    lambda reply: list(reply.lines),
]

# Pieces that matter to a decoder, so that random input gets past the first line.
PIECES = st.sampled_from(
    [
        b"version=1",
        b"version=2",
        b"response=OK",
        b"response=BAD",
        b"numrows=1",
        b"numrows=" + b"9" * 5000,
        b"id=" + b"1" * 5000,
        b"=",
        b"%",
        b"%00",
        b"%ED%A0%80",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b".",
        b".\r\n",
        b",",
        b"7,1,604,9586111\r\n",
        b"52,1,604,9586111,100,10,SIP,a@example.net\r\n",
        b"52,1,604,9586111,100,10,SIP,a,b,,\r\n",
        b"5" * 5000 + b",1,604,9586111\r\n",
        "\N{SUPERSCRIPT TWO},\N{ARABIC-INDIC DIGIT SEVEN},\N{FULLWIDTH DIGIT NINE}\r\n".encode(),
        b"\xed\xa0\x80",
        b"\xff",
        b"\xc2\x85",
        b"&",
        b"command=new",
        b"command=update",
        b"command=delete",
        b"username=b",
        b"password=p",
        b"secret=" + b"0" * 32,
        b"confirm=y",
        b"preference=1",
        "preference=²".encode(),
        b"preference=" + b"8" * 5000,
        b"service=SIP",
        b"hostdata=a",
    ]
)
bodies = st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=3), max_size=14).map(b"".join)


@contextmanager
def _only_remote_errors() -> Iterator[None]:
    try:
        yield
    except RemoteProtocolError as error:
        # Its sentence must be complete: every placeholder has its value.
        assert str(error)  # noqa: PT017 -- whether there is an error depends on the example


def _read_everything(body: bytes) -> None:
    with _only_remote_errors():
        reply = decode_reply(body)
        for read in READERS:
            with _only_remote_errors():
                read(reply)


@thorough
@given(bodies)
def test_any_bytes_are_a_reply_or_a_remote_error(body: bytes) -> None:
    _read_everything(body)


@thorough
@given(bodies)
def test_any_data_after_a_good_head_are_read_or_a_remote_error(data: bytes) -> None:
    _read_everything(encode_head(True) + data + b"\r\n" + TERMINATOR)


@thorough
@given(bodies)
def test_any_variables_are_read_or_a_remote_error(variables: bytes) -> None:
    _read_everything(b"version=1\r\nresponse=BAD\r\n" + variables + b"\r\n\r\n" + TERMINATOR)


@thorough
@given(bodies)
def test_any_bytes_are_a_request_or_a_remote_error(body: bytes) -> None:
    for form in (body, b"version=1&command=new&username=b&password=p&id=1&" + body):
        with _only_remote_errors():
            request = decode_request(form)
            assert decode_request(encode_request(request)) == request


@thorough
@given(st.lists(PIECES, min_size=1, max_size=8))
def test_any_form_is_a_request_or_a_remote_error(pieces: list[bytes]) -> None:
    with _only_remote_errors():
        decode_request(b"&".join([b"version=1", *pieces]))


@thorough
@given(strategies.requests)
def test_every_request_survives_the_wire(request: Request) -> None:
    assert decode_request(encode_request(request)) == request


@thorough
@given(strategies.replies)
def test_every_reply_survives_the_wire(reply: Reply) -> None:
    assert decode_reply(encode_reply(reply)) == reply


@thorough
@given(st.lists(strategies.numbers, max_size=5))
def test_every_list_of_numbers_survives_the_wire(numbers: list[Number]) -> None:
    head = encode_head(True, [("numrows", str(len(numbers)))])

    assert numbers_in(decode_reply(head + b"".join(map(encode_number, numbers)) + TERMINATOR)) == numbers


@thorough
@given(st.lists(strategies.records, max_size=5))
def test_every_list_of_records_survives_the_wire(records: list[Record]) -> None:
    head = encode_head(True, [("numrows", str(len(records)))])

    assert records_in(decode_reply(head + b"".join(map(encode_record, records)) + TERMINATOR)) == records


@thorough
@given(strategies.replies, st.data())
def test_every_reply_cut_short_is_a_remote_error(reply: Reply, data: st.DataObject) -> None:
    body = encode_reply(reply)
    length = data.draw(st.integers(0, len(body) - 1))

    with pytest.raises(RemoteProtocolError):
        decode_reply(body[:length])


# An algorithm that is quadratic in any of these would not come back within hours.
HOSTILE = 4 * 1024 * 1024


@pytest.mark.parametrize(
    "piece",
    [b"\n", b"\r", b"\r\n", b".", b".\r", b"a\n", b"\xff\n", b"\xff", b"%", b"+", b"=", b"a=\n", b",", b"1,"],
    ids=repr,
)
def test_long_monotonous_input_is_read_in_one_pass(piece: bytes) -> None:
    long = piece * (HOSTILE // len(piece))

    _read_everything(long)
    _read_everything(encode_head(True) + long + b"\r\n" + TERMINATOR)
    _read_everything(encode_head(True) + b"1,1,1," + long + b"\r\n" + TERMINATOR)
    _read_everything(encode_head(False) + long + b"\r\n" + TERMINATOR)
    with pytest.raises(RemoteProtocolError):
        decode_request(b"version=1&" + long)


def test_more_lines_than_any_account_has_are_refused() -> None:
    assert len(decode_reply(encode_head(True) + b"a\n" * MAX_LINES + TERMINATOR).lines) == MAX_LINES
    with pytest.raises(RemoteProtocolError) as caught:
        decode_reply(encode_head(True) + b"a\n" * (MAX_LINES + 1) + TERMINATOR)
    assert caught.value.code == "too-many-rows"

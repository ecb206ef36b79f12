"""One table of values and their bytes, read in both directions."""

import pytest

from dashboard.protocol import (
    TERMINATOR,
    Command,
    Delete,
    DeleteAll,
    GetNaptr,
    List,
    ListServices,
    MyIp,
    New,
    Number,
    Ping,
    Record,
    RemoteProtocolError,
    Reply,
    Request,
    Show,
    Update,
    bad_reply,
    decode_reply,
    decode_request,
    encode_head,
    encode_number,
    encode_record,
    encode_reply,
    encode_request,
    numbers_in,
    ok_reply,
    record_in,
    records_in,
)

OK = b"version=1\r\nresponse=OK\r\n"
BAD = b"version=1\r\nresponse=BAD\r\n"

REPLIES = [
    pytest.param(ok_reply(), OK + b"\r\n.\r\n", id="nothing to say"),
    pytest.param(ok_reply(["pong"]), OK + b"\r\npong\r\n.\r\n", id="ping"),
    pytest.param(ok_reply(numrows=0), OK + b"numrows=0\r\n\r\n.\r\n", id="empty list"),
    pytest.param(
        ok_reply(["7,1,604,9586111", "8,1,,6049586112"], numrows=2),
        OK + b"numrows=2\r\n\r\n7,1,604,9586111\r\n8,1,,6049586112\r\n.\r\n",
        id="list",
    ),
    pytest.param(
        ok_reply(["52,1,604,9586111,100,10,SIP,9586111@mutual.bcwireless.net"], numrows=1),
        OK + b"numrows=1\r\n\r\n52,1,604,9586111,100,10,SIP,9586111@mutual.bcwireless.net\r\n.\r\n",
        id="show",
    ),
    pytest.param(ok_reply(["SIP,IAX,H323"]), OK + b"\r\nSIP,IAX,H323\r\n.\r\n", id="listservices on one line"),
    pytest.param(ok_reply(["192.0.2.7"]), OK + b"\r\n192.0.2.7\r\n.\r\n", id="myip"),
    pytest.param(ok_reply(id=105), OK + b"id=105\r\n\r\n.\r\n", id="new"),
    pytest.param(
        bad_reply("unknown-id", "There is no number 7 & no way."),
        BAD + b"error=There+is+no+number+7+%26+no+way.\r\ncode=unknown-id\r\n\r\n.\r\n",
        id="refusal",
    ),
    pytest.param(
        Reply(False, (("Größe", "a~b\r\n%c"),)),
        BAD + b"Gr%C3%B6%C3%9Fe=a%7Eb%0D%0A%25c\r\n\r\n.\r\n",
        id="variables urlencoded the PHP way",
    ),
    pytest.param(
        ok_reply(["a", "", "..", " .", "Zürich"]),
        OK + b"\r\na\r\n\r\n..\r\n .\r\nZ\xc3\xbcrich\r\n.\r\n",
        id="lines that are nearly the end",
    ),
    pytest.param(
        ok_reply(["a\x0bb\x0cc\x1cd\x85e\u2028f"]),
        OK + b"\r\na\x0bb\x0cc\x1cd\xc2\x85e\xe2\x80\xa8f\r\n.\r\n",
        id="one line, though Unicode knows more line ends",
    ),
]

SECRET = "8fe4c11451281c094a6578e6ddbf5eed"


def _request(command: Command, variables: bytes) -> tuple[Request, bytes]:
    body = b"version=1&command=%b&username=b%%C3%%B6b&%bsecret=%b"
    return Request(command, "böb", SECRET), body % (command.name.encode(), variables, SECRET.encode())


REQUESTS = [
    _request(Ping(), b""),
    _request(List(), b""),
    _request(Show(id=7), b"id=7&"),
    _request(GetNaptr(id=52), b"id=52&"),
    _request(Delete(id=52), b"id=52&confirm=y&"),
    _request(DeleteAll(id=7), b"id=7&confirm=y&"),
    _request(
        Update(id=52, preference=20, service="SIP", hostdata="a+b@example.net"),
        b"id=52&order=100&preference=20&service=SIP&hostdata=a%2Bb%40example.net&",
    ),
    _request(Update(id=52, order=None, preference=None, service=None, hostdata="x y"), b"id=52&hostdata=x+y&"),
    _request(
        New(id=7, preference=0, service="WEB", hostdata="https://example.net/?a=1&b=é,ü"),
        b"id=7&order=100&preference=0&service=WEB&"
        b"hostdata=https%3A%2F%2Fexample.net%2F%3Fa%3D1%26b%3D%C3%A9%2C%C3%BC&",
    ),
    _request(ListServices(), b""),
    _request(MyIp(), b""),
]

each_request = pytest.mark.parametrize(
    ("request_", "body"), REQUESTS, ids=[request.command.name for request, _ in REQUESTS]
)


@pytest.mark.parametrize(("reply", "body"), REPLIES)
def test_a_reply_is_encoded_to_these_bytes(reply: Reply, body: bytes) -> None:
    assert encode_reply(reply) == body


@pytest.mark.parametrize(("reply", "body"), REPLIES)
def test_the_bytes_are_decoded_to_this_reply(reply: Reply, body: bytes) -> None:
    assert decode_reply(body) == reply


@pytest.mark.parametrize(("reply", "body"), REPLIES)
def test_bytes_after_a_reply_change_nothing(reply: Reply, body: bytes) -> None:
    for surplus in (b"\n", b".\r\n", b"<!-- 12 ms -->", b"9,1,604,9586199\r\n", body, b"\xff\x00"):
        assert decode_reply(body + surplus) == reply


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize(("reply", "body"), REPLIES)
def test_a_reply_cut_short_anywhere_is_an_error(reply: Reply, body: bytes, line_end: bytes) -> None:
    whole = body.replace(b"\r\n", line_end)

    assert decode_reply(whole) == reply
    for length in range(len(whole)):
        with pytest.raises(RemoteProtocolError):
            decode_reply(whole[:length])


@each_request
def test_a_request_is_encoded_to_these_bytes(request_: Request, body: bytes) -> None:
    assert encode_request(request_) == body


@each_request
def test_the_bytes_are_decoded_to_this_request(request_: Request, body: bytes) -> None:
    assert decode_request(body) == request_


@each_request
def test_a_request_cut_short_anywhere_is_an_error(request_: Request, body: bytes) -> None:
    for length in range(len(body)):
        with pytest.raises(RemoteProtocolError):
            decode_request(body[:length])


@each_request
def test_bytes_glued_to_a_request_are_an_error(request_: Request, body: bytes) -> None:
    for surplus in (b"0", b"+", b"\0", b"\xff", b"&command=ping", b"\n", body):
        with pytest.raises(RemoteProtocolError):
            decode_request(body + surplus)


@each_request
def test_a_line_end_and_unknown_variables_after_a_request_change_nothing(request_: Request, body: bytes) -> None:
    for surplus in (b"&", b"&&", b"\r\n", b"&submit=Go&lang=de", b"&nonsense"):
        assert decode_request(body + surplus) == request_


NUMBERS = [
    (Number(id=7, country="1", area="604", local="9586111"), b"7,1,604,9586111\r\n"),
    (Number(id=0, country="1", area="", local="604 958-6111"), b"0,1,,604 958-6111\r\n"),
    (Number(id=10**18 - 1, country="+49", area="(030)", local=""), b"9" * 18 + b",+49,(030),\r\n"),
]

RECORDS = [
    (
        Record(
            id=105,
            country="1",
            area="604",
            local="9586111",
            order=100,
            preference=11,
            service="IAX",
            hostdata="mutual.bcwireless.net",
        ),
        b"105,1,604,9586111,100,11,IAX,mutual.bcwireless.net\r\n",
    ),
    (
        Record(
            id=1,
            country="1",
            area="",
            local="9586111",
            order=0,
            preference=65_535,
            service="",
            hostdata="mailto:a+b%40@example.net?subject=é,ü, ö",
        ),
        "1,1,,9586111,0,65535,,mailto:a+b%40@example.net?subject=é,ü, ö\r\n".encode(),
    ),
]


@pytest.mark.parametrize(("number", "row"), NUMBERS)
def test_a_number_is_this_row(number: Number, row: bytes) -> None:
    assert encode_number(number) == row
    assert numbers_in(decode_reply(encode_head(True) + row + TERMINATOR)) == [number]


@pytest.mark.parametrize(("record", "row"), RECORDS)
def test_a_record_is_this_row(record: Record, row: bytes) -> None:
    assert encode_record(record) == row
    assert record_in(decode_reply(encode_head(True) + row + TERMINATOR)) == record


def test_streamed_rows_are_the_same_bytes_as_a_whole_reply() -> None:
    numbers = [number for number, _ in NUMBERS]
    streamed = b"".join([encode_head(True, [("numrows", "3")]), *map(encode_number, numbers), TERMINATOR])

    assert numbers_in(decode_reply(streamed)) == numbers
    assert encode_reply(decode_reply(streamed)) == streamed


def test_rows_without_numrows_cut_short_anywhere_are_never_a_short_list() -> None:
    body = encode_head(True) + b"".join(row for _, row in RECORDS) + TERMINATOR

    assert len(records_in(decode_reply(body))) == len(RECORDS)
    for length in range(len(body)):
        with pytest.raises(RemoteProtocolError):
            records_in(decode_reply(body[:length]))

"""How replies are read and sent where the protocol's text leaves it open: a test for each point.

Points about HTTP itself (framing, status, redirects, size and deadline) belong to the client and the endpoint.
"""

import logging

import pytest

from dashboard.protocol import (
    Record,
    RemoteProtocolError,
    Reply,
    address_in,
    bad_reply,
    decode_reply,
    encode_head,
    encode_reply,
    new_id_in,
    numbers_in,
    ok_reply,
    record_in,
    records_in,
    services_in,
)

OK = b"version=1\r\nresponse=OK\r\n"


def _refusal(body: bytes) -> RemoteProtocolError:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_reply(body)
    return caught.value


def _rows(*rows: bytes, variables: bytes = b"") -> Reply:
    return decode_reply(OK + variables + b"\r\n" + b"".join(row + b"\r\n" for row in rows) + b".\r\n")


def test_line_ends_may_be_crlf_or_lf_mixed_and_are_sent_as_crlf() -> None:
    mixed = b"version=1\nresponse=OK\r\nnumrows=2\n\r\n7,1,604,9586111\n8,1,604,9586112\r\n.\n"

    reply = decode_reply(mixed)

    assert [number.id for number in numbers_in(reply)] == [7, 8]
    assert encode_reply(reply).count(b"\n") == encode_reply(reply).count(b"\r\n") == 7


def test_a_bare_cr_is_no_line_end() -> None:
    assert _refusal(b"version=1\rresponse=OK\r\r.\r").code == "truncated"
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(_rows(b"7,1,604,9586111\r8,1,604,9586112"))
    assert caught.value.code == "bad-row"


@pytest.mark.parametrize("blank", [b"\r\n", b"\n", b"\r\n\r\n", b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_between_variables_and_data_stand_one_or_two_blank_lines(blank: bytes) -> None:
    assert list(decode_reply(OK + blank + b"pong\r\n.\r\n").lines) == ["pong"]
    assert list(decode_reply(OK + blank + b".\r\n").lines) == []


def test_between_variables_and_data_we_send_one_blank_line_even_without_data() -> None:
    assert encode_reply(ok_reply()) == OK + b"\r\n.\r\n"
    assert encode_reply(ok_reply(["pong"])) == OK + b"\r\npong\r\n.\r\n"


def test_data_without_a_blank_line_before_them_are_no_reply() -> None:
    assert _refusal(OK + b".\r\n\r\n.\r\n").code == "not-a-reply"


def test_order_and_case_of_variables_do_not_matter_and_extra_variables_are_kept() -> None:
    reply = decode_reply(b"NumRows=1\r\nRESPONSE=OK\r\nserver=old\r\nVersion=1\r\n\r\n7,1,604,9586111\r\n.\r\n")

    assert reply.ok
    assert reply.variables == (("NumRows", "1"), ("server", "old"))
    assert reply.get("numrows") == reply.get("NUMROWS") == "1"
    assert len(numbers_in(reply)) == 1


def test_order_of_variables_as_we_send_them_begins_with_version_and_response() -> None:
    assert encode_head(False, [("error", "No.")]).startswith(b"version=1\r\nresponse=BAD\r\nerror=No.\r\n")


@pytest.mark.parametrize("ending", [b"", b".", b"..\r\n", b" .\r\n", b". \r\n", b".\r\r\n", b".\r"])
def test_end_of_data_is_a_line_that_is_exactly_a_dot(ending: bytes) -> None:
    body = OK + b"\r\n7,1,604,9586111\r\n"

    assert _refusal(body + ending).code == "truncated"
    assert len(numbers_in(decode_reply(body + b".\r\n"))) == 1
    assert len(numbers_in(decode_reply(body + b".\n"))) == 1


def test_bytes_after_the_terminator_are_ignored_and_logged_at_debug(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "dashboard.protocol"):
        reply = decode_reply(OK + b"\r\n7,1,604,9586111\r\n.\r\n8,1,604,9586112\r\n.\r\n")

    assert [number.id for number in numbers_in(reply)] == [7]
    assert [(entry.levelname, entry.getMessage()) for entry in caplog.records] == [
        ("DEBUG", "Ignored 20 bytes after the end of a reply")
    ]


def test_no_bytes_after_the_terminator_log_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "dashboard.protocol"):
        decode_reply(OK + b"\r\n.\r\n")

    assert caplog.records == []


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"a+b", "a b"),
        (b"a%20b", "a b"),
        (b"a%2Bb", "a+b"),
        (b"a%2bb", "a+b"),
        (b"100%", "100%"),
        (b"%zz%4", "%zz%4"),
        (b"%C3%A9", "é"),
        (b"%E9", "é"),
        (b"\xc3\xa9", "é"),
        (b"a=b", "a=b"),
        (b"", ""),
    ],
)
def test_urlencoding_of_names_and_values_is_decoded_the_php_way(raw: bytes, value: str) -> None:
    assert decode_reply(OK + b"x=" + raw + b"\r\n\r\n.\r\n").get("x") == value
    assert decode_reply(OK + b"n" + raw.replace(b"=", b"%3D") + b"=x\r\n\r\n.\r\n").get("n" + value) == "x"


def test_urlencoding_of_names_and_values_is_sent_the_php_way() -> None:
    sent = encode_head(True, [("a b", "-_.~*'()!é/")])

    assert sent.endswith(b"a+b=-_.%7E%2A%27%28%29%21%C3%A9%2F\r\n\r\n")


def test_urlencoding_of_data_rows_is_not_decoded() -> None:
    reply = _rows(b"52,1,604,9586111,100,10,SIP,a+b%40c%2c@example.net")

    assert record_in(reply).hostdata == "a+b%40c%2c@example.net"
    assert encode_reply(reply).endswith(b",SIP,a+b%40c%2c@example.net\r\n.\r\n")


def test_commas_inside_hostdata_belong_to_it() -> None:
    reply = _rows(b"52,1,604,9586111,100,10,SIP,a,b,,c,", b"53,1,604,9586111,100,11,SIP,d")

    assert [record.hostdata for record in records_in(reply)] == ["a,b,,c,", "d"]


def test_numrows_absent_is_tolerated() -> None:
    assert len(numbers_in(_rows(b"7,1,604,9586111"))) == 1
    assert numbers_in(_rows()) == []


@pytest.mark.parametrize("announced", [b"0", b"2", b"11", b"-1", b"one", b"", b"1e0", b"9" * 5000])
def test_numrows_different_from_the_rows_is_an_error(announced: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(_rows(b"7,1,604,9586111", variables=b"numrows=" + announced + b"\r\n"))

    assert caught.value.code == "numrows"
    assert str(caught.value).endswith("and sent 1.")


@pytest.mark.parametrize("version", [b"1", b"1.0"])
def test_version_in_a_reply_may_be_1_or_1_0(version: bytes) -> None:
    assert decode_reply(b"version=" + version + b"\r\nresponse=OK\r\n\r\n.\r\n").ok


@pytest.mark.parametrize("version", ["2", "1.1", "", "01", "1 ", "¹"])
def test_version_in_a_reply_other_than_1_is_an_error_that_says_which(version: str) -> None:
    error = _refusal(f"version={version}\r\nresponse=OK\r\n\r\n.\r\n".encode())

    assert error.code == "version"
    assert f"“{version}”" in str(error)


def test_version_absent_from_a_reply_is_an_error() -> None:
    assert _refusal(b"response=OK\r\n\r\n.\r\n").code == "version"


@pytest.mark.parametrize("response", [b"", b"response=\r\n", b"response=MAYBE\r\n", b"response=OK+\r\n"])
def test_response_absent_or_neither_ok_nor_bad_is_an_error(response: bytes) -> None:
    assert _refusal(b"version=1\r\n" + response + b"\r\n.\r\n").code == "response"


def test_response_both_ok_and_bad_is_an_error() -> None:
    assert _refusal(OK + b"Response=BAD\r\n\r\n.\r\n").code == "duplicate"


def test_why_a_request_was_bad_is_every_further_variable_and_the_data_text() -> None:
    body = (
        b"version=1\r\nresponse=BAD\r\ncode=17\r\nreason=Policy\r\nmessage=No+such+id\r\nERROR=<b>Wrong</b>\r\n"
        b"\r\nCall us.\r\nOr write.\r\n.\r\n"
    )

    assert decode_reply(body).reason.splitlines() == [
        "<b>Wrong</b>",
        "No such id",
        "Policy",
        "code: 17",
        "Call us.",
        "Or write.",
    ]


def test_why_a_request_was_bad_is_sent_as_a_sentence_and_a_stable_word() -> None:
    reply = bad_reply("unknown-id", "There is no record 52.")

    assert (reply.get("error"), reply.get("code")) == ("There is no record 52.", "unknown-id")


def test_why_a_request_was_bad_is_short_and_free_of_control_characters() -> None:
    reason = decode_reply(
        b"version=1\r\nresponse=BAD\r\nerror=%1B[2J%00+Oh\r\n\r\n" + b"x" * 5000 + b"\r\n.\r\n"
    ).reason

    assert reason.startswith("[2J  Oh\nxxx")
    assert len(reason) == 2000
    assert reason.endswith("…")


def test_http_bodies_that_are_web_pages_are_named_as_no_reply() -> None:
    page = b'<!DOCTYPE html>\n<html lang="en">\n\n<body class="error">Bad gateway</body>\n\n</html>\n'

    error = _refusal(page)

    assert error.code == "not-a-reply"
    assert "<!DOCTYPE html>" in str(error)


def test_character_set_is_utf_8_and_latin_1_where_that_fails() -> None:
    reply = _rows(
        "52,1,604,9586111,100,10,SIP,é@example.net".encode(),
        "53,1,604,9586111,100,11,SIP,é@example.net".encode("latin-1"),
    )

    assert [record.hostdata for record in records_in(reply)] == ["é@example.net"] * 2


def test_character_set_as_we_send_it_is_utf_8() -> None:
    assert encode_reply(ok_reply(["é"])) == OK + b"\r\n\xc3\xa9\r\n.\r\n"


def test_area_code_may_be_blank_and_the_number_is_the_digits_joined() -> None:
    with_area, without_area = numbers_in(_rows(b"7,1,604,9586111", b"8,1,,604 958-6111"))

    assert without_area.area == ""
    assert with_area.digits == without_area.digits == "16049586111"


def test_new_s_id_is_used_if_there_and_no_error_if_not() -> None:
    assert new_id_in(decode_reply(encode_reply(ok_reply(id=105)))) == 105
    assert new_id_in(ok_reply()) is None
    for unusable in ("", "none", "-1", "9" * 5000, "\N{SUPERSCRIPT TWO}"):
        assert new_id_in(ok_reply(id=unusable)) is None


@pytest.mark.parametrize("data", [b"SIP,IAX\r\n", b"SIP\r\nIAX\r\n", b" SIP ,, IAX ,\r\n,\r\n", b"SIP,\nIAX\n"])
def test_listservices_layout_is_commas_or_lines_with_spaces_trimmed(data: bytes) -> None:
    assert services_in(decode_reply(OK + b"\r\n" + data + b".\r\n")) == ["SIP", "IAX"]


def test_listservices_without_names_is_empty() -> None:
    assert services_in(ok_reply()) == services_in(ok_reply([" , "])) == []


def test_myip_and_ping_data_are_the_text_as_it_is() -> None:
    assert decode_reply(OK + b"\r\nYou never know.\r\n , \r\n.\r\n").data == "You never know.\n , \n"
    assert address_in(_rows(b"2001:db8::7")) == "2001:db8::7"


@pytest.mark.parametrize("name", [b"ip", b"myip", b"MyIP"])
def test_myip_without_data_is_a_variable(name: bytes) -> None:
    assert address_in(_rows(variables=name + b"=192.0.2.7\r\n")) == "192.0.2.7"


def test_myip_with_neither_is_an_error() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        address_in(_rows(b" ", variables=b"ip=\r\n"))
    assert caught.value.code == "no-address"


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"7",
        b"7,1,604",
        b"7,1,604,9586111,",
        b",1,604,9586111",
        b"seven,1,604,9586111",
        b"-7,1,604,9586111",
        b"7.0,1,604,9586111",
        b"9999999999999999999,1,604,9586111",
        "\N{SUPERSCRIPT TWO},1,604,9586111".encode(),
        "\N{ARABIC-INDIC DIGIT SEVEN},1,604,9586111".encode(),
        b"7,,,",
        b"7,one,,two",
        b"7,1,604,958\x006111",
        b"<p>Warning: out of memory</p>",
    ],
)
def test_rows_with_an_unexpected_number_of_fields_or_a_non_number_id_are_quoted(row: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(_rows(b"6,1,604,9586110", row, b"8,1,604,9586112"))

    assert caught.value.code == "bad-row"
    assert row.decode().replace("\0", "\N{REPLACEMENT CHARACTER}") in str(caught.value)


def test_rows_quoted_are_cut_to_200_characters() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(_rows(b"x" * 5000))

    assert caught.value.params["row"] == "x" * 200 + "…"


def test_a_row_of_show_needs_eight_fields_and_16_bit_integers() -> None:
    good = "52,1,604,9586111,100,10,SIP,a@example.net"
    for bad in (
        good.rpartition(",")[0],
        good.replace("52", "x"),
        good.replace("100", "65536"),
        good.replace("100", ""),
        good.replace(",10,", ",-1,"),
        good.replace(",10,", ",99999,"),
        good.replace(",10,", ",ten,"),
        good.replace("1,604,9586111", ",,"),
    ):
        with pytest.raises(RemoteProtocolError) as caught:
            records_in(_rows(good.encode(), bad.encode()))
        assert caught.value.params["row"] == bad


def test_rows_accept_spaces_around_integers_and_leading_zeros() -> None:
    assert record_in(_rows(b" 052 ,1,604,9586111, 100, 010 ,SIP,a")) == Record(
        id=52,
        country="1",
        area="604",
        local="9586111",
        order=100,
        preference=10,
        service="SIP",
        hostdata="a",
    )

"""Replies as values, and large lists in them."""

import ast
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import dashboard.protocol
from dashboard.protocol import (
    TERMINATOR,
    LocalProtocolError,
    Number,
    Record,
    RemoteProtocolError,
    Reply,
    address_in,
    bad_reply,
    decode_reply,
    encode_head,
    encode_number,
    encode_record,
    encode_reply,
    new_id_in,
    numbers_in,
    ok_reply,
    record_in,
    records_in,
    services_in,
)

# Enough for several of the blocks in which rows are read.
MANY = 20_000


def _number(position: int) -> Number:
    return Number(id=position, country="1", area="604", local=f"{position:07}")


def _record(position: int) -> Record:
    return Record(
        id=position,
        country="1",
        area="604",
        local="9586111",
        order=100,
        preference=position,
        service="SIP",
        hostdata=f"{position}@example.net",
    )


def _list(numbers: list[Number], extra: bytes = b"") -> Reply:
    return decode_reply(encode_head(True) + b"".join(map(encode_number, numbers)) + extra + TERMINATOR)


def test_a_long_list_of_numbers_is_read_completely_and_in_order() -> None:
    numbers = [_number(position) for position in range(MANY)]

    read = numbers_in(_list(numbers))

    assert read == numbers
    assert all(hash(one) == hash(other) for one, other in zip(read, numbers, strict=True))
    assert pickle.loads(pickle.dumps(read[-1])) == numbers[-1]  # noqa: S301 -- our own bytes


def test_a_long_list_of_records_is_read_completely_and_in_order() -> None:
    records = [_record(position) for position in range(MANY)]
    records[MANY // 2] = replace(_record(7), hostdata=",a,,b,")
    body = encode_head(True) + b"".join(map(encode_record, records)) + TERMINATOR

    assert records_in(decode_reply(body)) == records


def test_a_long_list_with_unusual_rows_is_read_completely_and_in_order() -> None:
    numbers = [_number(position) for position in range(MANY)]
    numbers[MANY // 2] = Number(id=1, country="+49", area="30", local="")

    assert numbers_in(_list(numbers)) == numbers


def test_a_bad_row_at_the_end_of_a_long_list_is_named() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(_list([_number(position) for position in range(MANY)], b"7,1,604\r\n"))

    assert caught.value.params == {"row": "7,1,604"}


def test_country_and_area_are_kept_once_for_a_whole_list() -> None:
    first, *_, last = numbers_in(_list([_number(position) for position in range(MANY)]))

    assert first.country is last.country
    assert first.area is last.area


@pytest.mark.parametrize("read", [numbers_in, records_in, record_in, services_in, address_in, new_id_in])
def test_a_refusal_never_passes_for_an_empty_answer(read: object) -> None:
    assert callable(read)
    with pytest.raises(RemoteProtocolError) as caught:
        read(bad_reply("credentials", "Wrong password."))
    assert caught.value.code == "response"


@pytest.mark.parametrize("count", [0, 2])
def test_getnaptr_returns_exactly_one_record(count: int) -> None:
    body = encode_head(True) + encode_record(_record(1)) * count + TERMINATOR

    with pytest.raises(RemoteProtocolError) as caught:
        record_in(decode_reply(body))
    assert caught.value.params == {"rows": count}


def test_numrows_sent_twice_must_agree() -> None:
    row = encode_number(_number(7))

    assert numbers_in(decode_reply(encode_head(True, [("numrows", "1"), ("NUMROWS", "1")]) + row + TERMINATOR))
    with pytest.raises(RemoteProtocolError) as caught:
        numbers_in(decode_reply(encode_head(True, [("numrows", "1"), ("NumRows", "2")]) + row + TERMINATOR))
    assert caught.value.code == "duplicate"


def test_more_services_than_a_menu_holds_are_refused() -> None:
    assert len(services_in(ok_reply([",".join(["SIP"] * 1000)]))) == 1000
    with pytest.raises(RemoteProtocolError) as caught:
        services_in(ok_reply([",".join(["SIP"] * 1001)]))
    assert caught.value.code == "too-many-rows"


def test_lines_are_a_sequence_like_any_other() -> None:
    lines = decode_reply(encode_head(True) + b"a\nb\nc\n" + TERMINATOR).lines

    assert len(lines) == 3
    assert (lines[0], lines[-1], list(lines[1:])) == ("a", "c", ["b", "c"])
    assert lines == ["a", "b", "c"]
    assert lines == ok_reply(("a", "b", "c")).lines
    assert lines != ["a", "b", "d"]
    assert list(lines) == ["a", "b", "c"]


def test_equal_replies_are_equal_however_they_were_made() -> None:
    made, read = ok_reply(["a"], x=1), decode_reply(encode_head(True, [("x", "1")]) + b"a\n" + TERMINATOR)

    assert made == read == Reply(True, (("x", "1"),), ("a",))
    assert hash(made) == hash(read)
    assert made != ok_reply(["b"], x=1)


def test_a_reply_does_not_pour_its_data_into_a_log() -> None:
    assert len(repr(ok_reply(["x"] * MANY))) < 100


def test_a_good_reply_has_no_reason() -> None:
    assert ok_reply(["You never know."], error="none").reason == ""


def test_a_refusal_without_a_word_has_no_reason() -> None:
    assert Reply(False).reason == ""


@pytest.mark.parametrize(
    "lines", [["."], ["a", "."], [""], ["", "a"], ["a\rb"], ["a\0"], ["\ud800"], ["a\nb"], ["a\n"]]
)
def test_lines_that_would_not_arrive_as_they_are_cannot_be_sent(lines: list[str]) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        ok_reply(lines)
    assert caught.value.field == "lines"


@pytest.mark.parametrize("pair", [("", "x"), ("version", "2"), ("Response", "OK"), ("x", "\ud800"), ("\udfff", "")])
def test_variables_that_would_not_arrive_as_they_are_cannot_be_sent(pair: tuple[str, str]) -> None:
    for make in (lambda: Reply(True, (pair,)), lambda: encode_head(True, [pair])):
        with pytest.raises(LocalProtocolError) as caught:
            make()
        assert caught.value.field == "variables"


@pytest.mark.parametrize(
    "body", [b"", b"a", b"a=b\r\n\r\n.\r\n", b"=1\r\n\r\n.\r\n", b"\r\n.\r\n", b"x=y\n" * 20_000]
)
def test_something_else_is_no_reply(body: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_reply(body)
    assert caught.value.code == ("not-a-reply" if len(body) > 1 else "truncated")


@pytest.mark.parametrize("data", [b"\r\n\r\nfirst line blank\r\n", b"a\rb\r\n", b"a\0b\r\n"])
def test_a_reply_that_was_read_with_dubious_data_is_not_passed_on(data: bytes) -> None:
    reply = decode_reply(encode_head(True) + data + TERMINATOR)

    with pytest.raises(LocalProtocolError):
        encode_reply(reply)


def test_the_package_imports_nothing_but_itself_and_pure_parts_of_the_standard_library() -> None:
    forbidden = {"socket", "ssl", "http", "os", "io", "pathlib", "subprocess", "asyncio", "threading", "tempfile"}
    for module in Path(dashboard.protocol.__file__).parent.glob("*.py"):
        for name in _imports(module):
            top = name.partition(".")[0]
            assert name.startswith("dashboard.protocol") or top in sys.stdlib_module_names - forbidden, module


def _imports(module: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(module.read_text())))
    whole = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return whole + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]

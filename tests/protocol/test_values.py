"""Numbers, records and commands: what they hold and what they refuse."""

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.protocol import (
    COMMANDS,
    Command,
    Delete,
    DeleteAll,
    GetNaptr,
    LocalProtocolError,
    New,
    Number,
    ProtocolError,
    Record,
    RemoteProtocolError,
    Show,
    Update,
)
from tests.protocol import strategies
from tests.protocol.strategies import thorough

NUMBER = Number(id=7, country="1", area="604", local="9586111")
RECORD = Record(
    id=52,
    country="1",
    area="604",
    local="9586111",
    order=100,
    preference=10,
    service="SIP",
    hostdata="a@example.net",
)
NEW = New(id=7, preference=10, service="SIP", hostdata="a@example.net")
UPDATE = Update(id=52, preference=10, service="SIP", hostdata="a@example.net")

Value = Number | Record | Command


def _changed(value: Any, **changes: object) -> Any:
    return dataclasses.replace(value, **changes)


def _refused(value: Value, **changes: object) -> LocalProtocolError:
    with pytest.raises(LocalProtocolError) as caught:
        _changed(value, **changes)
    return caught.value


@pytest.mark.parametrize("value", [NUMBER, RECORD, NEW, UPDATE, Show(id=1), GetNaptr(id=1), Delete(id=1)])
@pytest.mark.parametrize("wrong", [-1, 10**18, 10**4000, True, "7", 7.0, None], ids=lambda wrong: repr(wrong)[:9])
def test_ids_are_whole_numbers_of_at_most_18_digits(value: Value, wrong: object) -> None:
    assert _refused(value, id=wrong).field == "id"
    assert _changed(value, id=0) != _changed(value, id=10**18 - 1)


@pytest.mark.parametrize("value", [RECORD, NEW, UPDATE])
@pytest.mark.parametrize("field", ["order", "preference"])
@pytest.mark.parametrize("wrong", [-1, 65_536, True, "10", 1.5])
def test_order_and_preference_are_unsigned_16_bit_integers(value: Value, field: str, wrong: object) -> None:
    assert _refused(value, **{field: wrong}).field == field
    assert getattr(_changed(value, **{field: 65_535}), field) == 65_535


@pytest.mark.parametrize("wrong", ["a\nb", "a\rb", "a\0b", "a\ud800b", 7, None, b"a"])
@pytest.mark.parametrize(
    ("value", "field"),
    [
        (NUMBER, "country"),
        (NUMBER, "area"),
        (NUMBER, "local"),
        (RECORD, "country"),
        (RECORD, "area"),
        (RECORD, "local"),
        (RECORD, "service"),
        (RECORD, "hostdata"),
        (NEW, "service"),
        (NEW, "hostdata"),
    ],
)
def test_text_that_no_row_can_hold_is_refused(value: Value, field: str, wrong: object) -> None:
    assert _refused(value, **{field: wrong}).field == field


@pytest.mark.parametrize(
    ("value", "field"),
    [(NUMBER, "country"), (NUMBER, "area"), (NUMBER, "local"), (RECORD, "service"), (NEW, "service")],
)
def test_a_comma_is_refused_before_the_last_field_of_a_record(value: Value, field: str) -> None:
    assert _refused(value, **{field: "1,2"}).code == "comma"
    assert _changed(RECORD, hostdata="1,2").hostdata == "1,2"


@pytest.mark.parametrize("value", [NEW, UPDATE])
@pytest.mark.parametrize(("field", "limit"), [("service", 100), ("hostdata", 1000)])
def test_a_record_cannot_be_written_with_blank_or_endless_text(value: Value, field: str, limit: int) -> None:
    assert _refused(value, **{field: " "}).code == "blank"
    assert _refused(value, **{field: "x" * (limit + 1)}).code == "too-long"
    assert getattr(_changed(value, **{field: "x" * limit}), field) == "x" * limit


def test_a_record_can_be_read_with_blank_or_long_text() -> None:
    record = _changed(RECORD, service="", hostdata="x" * 5000)

    assert (record.service, len(record.hostdata)) == ("", 5000)


@pytest.mark.parametrize("value", [NUMBER, RECORD])
def test_a_telephone_number_has_a_digit(value: Value) -> None:
    for local in ("", "unknown", "\N{ARABIC-INDIC DIGIT SEVEN}", "\N{SUPERSCRIPT TWO}"):
        assert _refused(value, country="", area="", local=local).code == "no-digits"


@pytest.mark.parametrize(
    ("country", "area", "local", "digits"),
    [
        ("1", "604", "9586111", "16049586111"),
        ("1", "", "6049586111", "16049586111"),
        ("+49", "(0)30", "12 34-56/7", "490301234567"),
        ("44", "", "\N{ARABIC-INDIC DIGIT SEVEN}20\N{SUPERSCRIPT TWO}7", "44207"),
    ],
)
def test_digits_are_the_ascii_digits_of_the_three_fields(country: str, area: str, local: str, digits: str) -> None:
    number = _changed(NUMBER, country=country, area=area, local=local)
    record = _changed(RECORD, country=country, area=area, local=local)

    assert number.digits == record.digits == digits


@thorough
@given(strategies.numbers)
def test_digits_of_any_number_are_never_empty_and_always_ascii(number: Number) -> None:
    assert number.digits
    assert set(number.digits) <= set("0123456789")


@pytest.mark.parametrize("make", [Delete, DeleteAll])
def test_a_deletion_that_is_not_confirmed_cannot_be_made(make: Callable[..., Command]) -> None:
    for confirm in (False, None, "y", 1):
        with pytest.raises(LocalProtocolError) as caught:
            make(id=1, confirm=confirm)
        assert caught.value.field == "confirm"


@pytest.mark.parametrize("value", [NUMBER, RECORD, NEW])
def test_values_do_not_change(value: Value) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.id = 8  # type: ignore[misc,union-attr]
    assert not hasattr(value, "__dict__")
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 -- our own bytes


def test_every_command_of_the_text_is_known_and_four_of_them_write() -> None:
    assert set(COMMANDS) == {
        "ping", "list", "show", "getnaptr", "delete", "deleteall", "update", "new", "listservices", "myip",
    }  # fmt: skip
    assert {name for name, command in COMMANDS.items() if command.is_write} == {
        "delete", "deleteall", "update", "new",
    }  # fmt: skip
    assert all(command.name == name for name, command in COMMANDS.items())


def test_an_error_is_always_somebodys_mistake() -> None:
    with pytest.raises(TypeError):
        ProtocolError("code", "Something is wrong.")
    assert issubclass(LocalProtocolError, ProtocolError)
    assert issubclass(RemoteProtocolError, ProtocolError)


def test_an_error_is_a_template_and_its_values_for_translation() -> None:
    error = _refused(NEW, preference=70_000)

    assert error.message == "%(field)s must be a whole number from 0 to %(limit)s."
    assert error.params == {"field": "preference", "limit": 65_535}
    assert str(error) == "preference must be a whole number from 0 to 65535."


@pytest.mark.parametrize("kind", [LocalProtocolError, RemoteProtocolError])
@given(field=st.text())
def test_an_error_survives_pickling(kind: type[ProtocolError], field: str) -> None:
    error = kind("code", "%(field)s is wrong.", {"field": field})

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes

    assert type(copy) is kind
    assert (copy.code, copy.message, copy.params) == (error.code, error.message, error.params)

"""Numbers are found by what people type and paste."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import NumberError, Sought, domain_name, read_number, read_sought
from tests.enum.strategies import digits, suffixes
from tests.enum.test_reading import decorated, texts

LONDON = "442079460958"
NAME = "8.5.9.0.6.4.9.7.0.2.4.4"


def finds(text: str, number: str, country: str = "", suffix: str = "e164.arpa") -> bool:
    return read_sought(text, country, suffix).finds(number)


@given(digits, suffixes, st.integers(1), st.sampled_from(["", "."]), st.booleans())
def test_a_number_is_found_by_its_domain_name_from_the_front(
    number: str, suffix: str, length: int, end: str, upper: bool
) -> None:
    name = domain_name(number, suffix)
    front = name[: 1 + length % len(name)]
    front += end if front == name else ""
    assert finds(front.upper() if upper else front, number, suffix=suffix)


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}.e164.arpa",
        f"{NAME}.e164.arpa.",
        f"{NAME}.E164.Arpa",
        f" {NAME}.tel.dn42. ",
        f"*.{NAME}.e164.arpa",
        f"{NAME}.e164.a",
        f"{NAME}.",
        "8.5.9.0",
        "8.5.9.0.",
        "\u200e8.5.9.0",
        "\uff18\uff0e\uff15\uff0e\uff19",
    ],
)
def test_a_domain_name_may_break_off_and_have_any_suffix(text: str) -> None:
    assert finds(text, LONDON)
    assert not finds(text, "16045550123")


def test_a_whole_domain_name_finds_its_number_alone() -> None:
    assert not finds("0.6.1.e164.arpa", "49160")
    assert finds("0.6.1", "49160")


def test_a_suffix_may_begin_with_digits() -> None:
    assert finds("6.1.4.e164.arpa", "16", suffix="4.e164.arpa")
    assert finds("6.1.4.e164.arpa", "416")


@given(st.data(), digits)
def test_what_is_read_as_a_number_finds_it(data: st.DataObject, number: str) -> None:
    assert finds(data.draw(decorated(number)), number)


@given(texts, st.sampled_from(["", "GB", "US", "IT", "RU", "AR"]))
def test_whatever_can_be_read_finds_what_it_is_read_as(text: str, country: str) -> None:
    try:
        number = read_number(text, country)
    except NumberError:
        return
    assert finds(text, number, country)


@pytest.mark.parametrize("length", range(1, 22))
def test_a_paste_that_breaks_off_finds_the_number(length: int) -> None:
    sought = read_sought("+44 (0)20 7946\u20110958"[:length])
    assert not sought or sought.finds(LONDON)


@pytest.mark.parametrize("length", range(1, 13))
def test_a_paste_without_its_beginning_finds_the_number(length: int) -> None:
    assert finds("020 7946 0958"[-length:], LONDON)


@pytest.mark.parametrize(
    ("country", "text"),
    [("GB", "020"), ("GB", "0044 2"), ("US", "011 44"), ("RU", "8~10 44 20"), ("", "00 44 (0)20")],
)
def test_prefixes_find_the_beginning(country: str, text: str) -> None:
    assert finds(text, LONDON, country)
    assert not finds(text, "74951234567", country)


def test_with_a_plus_it_is_a_beginning() -> None:
    assert finds("+44 20", LONDON)
    assert not finds("+20 79", LONDON)
    assert finds("20 79", LONDON)


def test_a_trunk_prefix_finds_the_number_with_and_without_it() -> None:
    assert finds("+44 020 7946", LONDON)
    assert finds("+44 020 7946", "4402079460958")


def test_a_block_is_found_as_it_is_written() -> None:
    assert finds("+44 20 7946*", "44207946")
    assert finds("\u202a+44 20 7946*\u202c", "44207946")


@pytest.mark.parametrize("text", ["", " ", "+", " - ", "()", "\u200e"])
def test_without_digits_no_number_is_sought(text: str) -> None:
    assert not read_sought(text)


@pytest.mark.parametrize("text", ["sip", "+44 20 x", "example.org", "16.e164.arpa", "*1", "1*2"])
def test_what_is_no_part_of_a_number_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        read_sought(text)


@given(texts, st.sampled_from(["", "GB", "IT"]), st.one_of(suffixes, st.text(max_size=20)))
def test_any_text_is_digits_to_look_for_or_refused(text: str, country: str, suffix: str) -> None:
    sought = Sought()
    with contextlib.suppress(NumberError):
        sought = read_sought(text, country, suffix)
    parts = sought.begins + sought.holds + sought.ends + sought.equals
    assert all(part.isascii() and part.isdecimal() for part in parts)
    assert all(sought.finds(part) for part in parts)

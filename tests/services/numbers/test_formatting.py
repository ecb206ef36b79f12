"""How numbers are written, and which country they belong to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import read_number
from dashboard.protocol import Number
from dashboard.services.numbers.formatting import country_name, domain_of, is_block, text_of, writing


def _number(country: str, area: str, local: str) -> Number:
    return Number(id=1, country=country, area=area, local=local)


@pytest.mark.parametrize(
    ("fields", "text", "region"),
    [
        (("1", "604", "9586111"), "+1 604 958 6111", "CA"),
        (("1", "212", "5550123"), "+1 212 555 0123", "US"),
        (("44", "20", "79460958"), "+44 20 7946 0958", "GB"),
        (("61", "", "491570156"), "+61 491 570 156", "AU"),
        (("49", "30", "23125000"), "+49 30 23125000", "DE"),
        (("800", "", "12345678"), "+800 1234 5678", ""),
        (("999", "", "5550123"), "+999 5550123", ""),
        (("0", "", "12"), "+0 12", ""),
        (("44", "020", "79460958"), "+44 020 79460958", "GB"),
        (("39", "06", "69812345"), "+39 06 6981 2345", "VA"),
    ],
)
def test_a_number_is_written_as_people_know_it(fields: tuple[str, str, str], text: str, region: str) -> None:
    written = writing(_number(*fields))

    assert (written.text, written.region) == (text, region)


def test_a_number_has_its_domain_name() -> None:
    assert writing(_number("1", "604", "9586111")).domain == "1.1.1.6.8.5.9.4.0.6.1.e164.arpa"


def test_a_domain_name_has_the_suffix_of_its_registry() -> None:
    number = _number("1", "604", "9586111")

    assert writing(number, "tel.dn42").domain == domain_of(number, "tel.dn42") == "1.1.1.6.8.5.9.4.0.6.1.tel.dn42"
    assert domain_of("16049586111", "tel.dn42") == domain_of(number, "tel.dn42")


def test_a_block_is_written_with_its_star_and_is_a_wildcard_in_the_dns() -> None:
    block = _number("49", "30", "2312500*")

    assert is_block(block)
    assert (writing(block).text, writing(block).region) == ("+49 30 2312500*", "")
    assert writing(block).domain == domain_of(block, "e164.arpa") == "*.0.0.5.2.1.3.2.0.3.9.4.e164.arpa"


def test_a_number_that_is_too_long_has_none() -> None:
    assert writing(_number("1" * 100, "", "2" * 100)).domain == ""


@given(st.tuples(*[st.text(st.characters(exclude_characters=",\r\n\0", exclude_categories=["Cs"]), max_size=20)] * 2))
def test_whatever_a_registry_calls_a_number_can_be_written(parts: tuple[str, str]) -> None:
    written = writing(_number(parts[0], parts[1], "1"))

    assert written.text.startswith("+")
    assert country_name(written.region) or not written.region


@pytest.mark.parametrize(("region", "name"), [("GB", "United Kingdom"), ("CA", "Canada"), ("", ""), ("ZZZ", "ZZZ")])
def test_a_country_has_a_name(region: str, name: str) -> None:
    assert country_name(region) == name


@given(st.text("0123456789", min_size=1, max_size=15), st.booleans())
def test_what_is_written_is_read_as_the_same_number(digits: str, is_block: bool) -> None:
    assert read_number(text_of(digits, is_block=is_block).removesuffix("*")) == digits
    assert read_number(writing(_number(digits[:2], "", digits[2:] or "0")).text) == digits[:2] + (digits[2:] or "0")

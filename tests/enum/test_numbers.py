"""Numbers and their domain names."""

from __future__ import annotations

import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import NumberError, NumberRules, Problem, check_number, check_suffix, digits_of, domain_name
from tests.enum.strategies import digits, suffixes


@pytest.mark.parametrize(
    ("number", "suffix", "domain"),
    [
        ("16049586111", "e164.arpa", "1.1.1.6.8.5.9.4.0.6.1.e164.arpa"),
        ("442079460148", "e164.arpa", "8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa"),
        ("0424242", "tel.dn42", "2.4.2.4.2.4.0.tel.dn42"),
        ("1", "e164.example.", "1.e164.example"),
        ("16", "E164.ARPA", "6.1.e164.arpa"),
        ("16", "4.e164.arpa", "6.1.4.e164.arpa"),
        ("16", "_enum.example", "6.1._enum.example"),
        ("16", "arpa", "6.1.arpa"),
    ],
)
def test_a_number_has_its_digits_reversed_below_the_suffix(number: str, suffix: str, domain: str) -> None:
    assert domain_name(number, suffix) == domain
    assert digits_of(domain, suffix) == number


def test_the_suffix_is_e164_arpa_unless_told_otherwise() -> None:
    assert domain_name("16") == "6.1.e164.arpa"
    assert digits_of("6.1.e164.arpa") == "16"


@pytest.mark.parametrize("domain", ["6.1.E164.Arpa", "6.1.e164.arpa.", "6.1.E164.ARPA."])
def test_case_and_a_dot_at_the_end_of_a_domain_name_do_not_matter(domain: str) -> None:
    assert digits_of(domain) == "16"


@given(digits, suffixes)
def test_a_number_comes_back_from_its_domain_name(number: str, suffix: str) -> None:
    assert digits_of(domain_name(number, suffix), suffix) == number


@given(digits, suffixes)
def test_a_domain_name_is_one_that_dns_takes_with_a_label_for_each_digit(number: str, suffix: str) -> None:
    name = dns.name.from_text(domain_name(number, suffix))
    assert name.labels[: len(number)] == tuple(digit.encode() for digit in reversed(number))
    assert name.is_subdomain(dns.name.from_text(suffix))


@pytest.mark.parametrize(
    "number",
    ["", "+1604", "1 604", "1.604", "16a", "-1", "١٢٣", "１２３", "²", "1\n", "😀", "1\x00"],
)
def test_only_ascii_digits_have_a_domain_name(number: str) -> None:
    with pytest.raises(NumberError) as caught:
        domain_name(number)
    assert caught.value.field == "number"


def test_the_error_of_a_bad_number_shows_at_most_a_short_piece_of_it() -> None:
    with pytest.raises(NumberError) as caught:
        domain_name("x" * 10_000)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("length", [121, 122])
def test_a_domain_name_ends_where_dns_ends(length: int) -> None:
    # 121 digits with their dots are 242 octets, and ".e164.arpa" without its dot is 9 more.
    if length == 121:
        assert len(domain_name("1" * length)) == 251
    else:
        assert len(domain_name("1" * length)) == 253
    with pytest.raises(NumberError):
        domain_name("1" * 123)


@pytest.mark.parametrize(
    "suffix",
    ["", ".", "..", "e164..arpa", ".arpa", "-a.arpa", "a-.arpa", "é.arpa", "a b", "a" * 64, "a." * 150, "a\n", "!"],
)
def test_a_suffix_that_is_no_domain_name_is_refused_both_ways(suffix: str) -> None:
    with pytest.raises(NumberError) as caught:
        domain_name("16", suffix)
    assert caught.value.field == "suffix"
    with pytest.raises(NumberError):
        digits_of("6.1." + suffix, suffix)


@pytest.mark.parametrize(
    "domain",
    [
        "",
        ".",
        "e164.arpa",
        ".e164.arpa",
        "6.1.e164.org",
        "61.e164.arpa",
        "6..1.e164.arpa",
        "a.1.e164.arpa",
        "*.6.1.e164.arpa",
        "6.1.xe164.arpa",
        "6.1e164.arpa",
        "6.1.e164.arpa..",
        " 6.1.e164.arpa",
        "6.1.e164.arpa\n",
        "٦.1.e164.arpa",
    ],
)
def test_another_domain_name_has_no_digits(domain: str) -> None:
    with pytest.raises(NumberError) as caught:
        digits_of(domain)
    assert caught.value.field == "number"


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_is_digits_or_a_number_error(domain: str, suffix: str) -> None:
    try:
        number = digits_of(domain, suffix)
    except NumberError:
        return
    assert number.isascii()
    assert number.isdigit()


@pytest.mark.parametrize("number", ["1", "16049586111", "123456789012345"])
def test_a_number_of_the_telephone_network_is_without_fault(number: str) -> None:
    assert check_number(number) == []


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("", ["empty"]),
        ("+16049586111", ["not-digits"]),
        ("1 604", ["not-digits"]),
        ("١٢٣", ["not-digits"]),
        ("1234567890123456", ["too-long"]),
        ("0424242", ["leading-zero"]),
        ("0234567890123456", ["too-long", "leading-zero"]),
    ],
)
def test_each_fault_of_a_number_is_named(number: str, codes: list[str]) -> None:
    problems = check_number(number)
    assert [problem.code for problem in problems] == codes
    assert {problem.field for problem in problems} == {"number"}
    assert all(problem.is_error and str(problem) for problem in problems)


def test_a_zone_may_allow_a_leading_zero() -> None:
    assert check_number("0424242", NumberRules(leading_zero=True)) == []


def test_a_zone_may_set_its_own_length() -> None:
    rules = NumberRules(max_digits=7)
    assert check_number("1234567", rules) == []
    (problem,) = check_number("12345678", rules)
    assert problem.params == {"count": 8, "limit": 7}
    assert str(problem) == "The number has 8 digits; at most 7 are allowed."


@given(st.text(max_size=40))
def test_checking_any_text_gives_problems_and_never_raises(number: str) -> None:
    problems = check_number(number)
    assert all(isinstance(problem, Problem) and str(problem) for problem in problems)
    if not problems:
        assert digits_of(domain_name(number)) == number


def test_a_suffix_is_written_as_the_dns_compares_it() -> None:
    assert check_suffix("Tel.DN42.") == "tel.dn42"


@pytest.mark.parametrize("suffix", ["", ".", "a b", "e164..arpa", ".".join(["a" * 55] * 4), "x" * 64])
def test_a_suffix_without_room_for_numbers_is_refused(suffix: str) -> None:
    with pytest.raises(NumberError) as caught:
        check_suffix(suffix)
    assert caught.value.field == "suffix"

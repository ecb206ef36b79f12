"""Numbering plans, and the trunk prefix that does not belong behind a country code."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given

from dashboard.enum import is_public, without_trunk_prefix
from dashboard.enum.plans import COUNTRIES, country_code, is_valid, split, trunk_prefix
from tests.enum.strategies import digits


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("4402079460958", "442079460958"),
        ("4903023125000", "493023125000"),
        ("610491570156", "61491570156"),
        ("116045550123", "16045550123"),
        ("784951234567", "74951234567"),
        ("360612345678", "3612345678"),
        ("442079460958", ""),
        ("390669812345", ""),
        ("3780549886377", ""),
        ("78005553535", ""),
        ("74951234567", ""),
        ("999012345", ""),
        ("0424242", ""),
        ("44", ""),
        ("440", ""),
        ("", ""),
        ("44" + "0" * 5000, ""),
    ],
)
def test_a_trunk_prefix_is_left_out_where_the_number_is_in_use_without(number: str, meant: str) -> None:
    assert without_trunk_prefix(number) == meant


@pytest.mark.parametrize(
    ("block", "meant"),
    [
        ("44020", "4420"),
        ("4420", ""),
        ("3906", ""),
        ("78", ""),
        ("11604", "1604"),
        ("440", ""),
        ("440207946", "44207946"),
    ],
)
def test_the_beginning_of_numbers_has_no_trunk_prefix_either(block: str, meant: str) -> None:
    assert without_trunk_prefix(block, is_block=True) == meant


@given(digits)
def test_what_was_meant_is_in_use_and_needs_no_second_guess(number: str) -> None:
    meant = without_trunk_prefix(number)
    if meant:
        assert is_valid(meant)
        assert not is_valid(number)
        assert without_trunk_prefix(meant) == ""


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_an_example_of_every_country_is_right_as_it_is_and_found_behind_its_trunk_prefix(country: str) -> None:
    example = phonenumbers.example_number(country)
    assert example is not None
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    code = country_code(number)
    prefix = trunk_prefix(code)
    assert without_trunk_prefix(number) == ""
    assert "".join(split(number)) == number
    wrong = code + prefix + number[len(code) :]
    if prefix and not is_valid(wrong):
        assert without_trunk_prefix(wrong) == number


@given(digits)
def test_digits_are_divided_without_loss(number: str) -> None:
    assert "".join(split(number)) == number


@pytest.mark.parametrize("suffix", ["e164.arpa", "E164.ARPA.", "4.4.e164.arpa", "e164.example", "nrenum.net"])
def test_a_tree_of_public_numbers_is_told_by_its_suffix(suffix: str) -> None:
    assert is_public(suffix)


@pytest.mark.parametrize("suffix", ["tel.dn42", "enum.example", "xe164.arpa", ""])
def test_other_trees_are_private(suffix: str) -> None:
    assert not is_public(suffix)

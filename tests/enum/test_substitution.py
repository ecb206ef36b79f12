"""The regexp field as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum.substitution import split_regexp, substitute
from tests.enum.strategies import OCTETS

NUMBER = "+16045550100"


@pytest.mark.parametrize(
    ("regexp", "parts"),
    [
        ("!^.*$!sip:a@b!", ("^.*$", "sip:a@b", "")),
        ("!^.*$!sip:a@b!i", ("^.*$", "sip:a@b", "i")),
        ("#^.*$#sip:a@b#", ("^.*$", "sip:a@b", "")),
        (",^.*$,sip:a@b,", ("^.*$", "sip:a@b", "")),
        ("!a\\!b!c\\!d!", ("a\\!b", "c\\!d", "")),
        ("!a\\\\!b!", ("a\\\\", "b", "")),
        ("!!!", ("", "", "")),
    ],
)
def test_a_regexp_has_pattern_replacement_and_flags(regexp: str, parts: tuple[str, str, str]) -> None:
    assert split_regexp(regexp) == parts


@pytest.mark.parametrize("regexp", ["", "!", "!a!b", "!a!b!!", "!a!b!c!d", "1a1b1", "9a9b9", "iaibi", "\\a\\b\\"])
def test_a_regexp_without_three_parts_or_with_a_forbidden_delimiter_has_none(regexp: str) -> None:
    assert split_regexp(regexp) is None
    assert substitute(regexp, NUMBER) is None


@pytest.mark.parametrize(
    ("regexp", "result"),
    [
        ("!^.*$!sip:a@example.net!", "sip:a@example.net"),
        ("!^\\+(.*)$!sip:\\1@example.net!", "sip:16045550100@example.net"),
        ("!^(.*)$!sip:\\1@example.net!", "sip:+16045550100@example.net"),
        ("!^[+]1(.*)$!sip:\\1@example.net!", "sip:6045550100@example.net"),
        ("!^.1([0-9]{3})([0-9]+)$!sip:\\2@\\1.example.net!", "sip:5550100@604.example.net"),
        ("!^.*$!sip:\\0@example.net!", "sip:+16045550100@example.net"),
        ("!^.*$!sip:a@example.net!i", "sip:a@example.net"),
        ("#^.*$#sip:a@example.net#", "sip:a@example.net"),
        ("!^.*$!a\\!b!", "a!b"),
        ("!^.*$!a\\\\1!", "a\\1"),
        ("!^.*$!a\\x!", "ax"),
        ("!(y)?!<\\1>!", "<>"),
        ("!604!x!", "x"),
        ("!^.*$!!", ""),
        ("!^.*$!sip:a@example.net !", "sip:a@example.net "),
    ],
)
def test_the_replacement_is_filled_from_the_number(regexp: str, result: str) -> None:
    assert substitute(regexp, NUMBER) == result


@pytest.mark.parametrize(
    "regexp",
    [
        "!^1604(.*)$!sip:\\1@example.net!",
        "!^.*$!sip:\\1@example.net!",
        "!^(.*)$!sip:\\2@example.net!",
        "!^.*$!sip:a\\!",
        "!^.*$!sip:a@example.net!g",
        "!^.*$!sip:a@example.net!ii",
        "!^\\d+$!sip:a@example.net!",
        "!(!sip:a@example.net!",
        "!^(.)\\1*!sip:a@example.net!",
    ],
)
def test_no_match_a_missing_group_or_what_cannot_be_told_give_nothing(regexp: str) -> None:
    assert substitute(regexp, NUMBER) is None


def test_a_backslash_at_the_very_end_of_a_replacement_is_refused() -> None:
    assert substitute("!.*!a\\", NUMBER) is None
    assert substitute("#.*#a\\\\\\#", NUMBER) is None


@given(st.text(OCTETS, max_size=60), st.text("0123456789", max_size=16))
def test_any_regexp_on_any_number_never_raises(regexp: str, digits: str) -> None:
    result = substitute(regexp, "+" + digits)
    assert result is None or isinstance(result, str)


@given(st.text("!^.*$()[]{}|+?\\0123i", max_size=30))
def test_any_regexp_made_of_signs_never_raises(regexp: str) -> None:
    result = substitute("!" + regexp, NUMBER)
    assert result is None or isinstance(result, str)

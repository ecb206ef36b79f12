"""Patterns with Perl's semantics, held against PCRE2 itself where it is installed."""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.enum.regexps import Unpredictable, search_perl

NUMBER = b"+16045550100"
NAME = ctypes.util.find_library("pcre2-8") or "libpcre2-8.so.0"

Texts = tuple[str | None, ...]


def found(pattern: str, subject: bytes = NUMBER) -> Texts | None:
    match = search_perl(pattern, subject.decode("latin-1"))
    return match.texts if match else None


def refused(pattern: str, subject: bytes = NUMBER) -> bool:
    try:
        found(pattern, subject)
    except Unpredictable:
        return True
    return False


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"^\+(\d+)$", ("+16045550100", "16045550100")),
        (r"^\+?(?:1)(\d{3})", ("+1604", "604")),
        (r"1604|16045", ("1604",)),
        (r"(\d+?)5", ("16045", "1604")),
        (r"(x)?1", ("1", None)),
        (r"", ("",)),
        (r"^1604", None),
    ],
)
def test_the_first_match_is_taken_not_the_longest(pattern: str, texts: Texts | None) -> None:
    assert found(pattern) == texts


@pytest.mark.parametrize(
    "pattern",
    [
        *["(", "[", "*", r"(.)\1", "(?=1)", "(?<!1)", "1++", "a{9999}", "1{,3}", "(?>1)"],
        *["^*", "$+", r"\b?", r"1\A{2}", "(?i)*"],
    ],
)
def test_what_is_wrong_or_cannot_be_run_here_is_unpredictable(pattern: str) -> None:
    assert refused(pattern)


def test_an_anchor_is_none_inside_brackets() -> None:
    assert found("[^$]+") == ("+16045550100",)
    assert found(r"[\^]*1") == ("1",)


@pytest.mark.parametrize(
    "pattern", ["((((.*)*)*)*)*x", "(.|.|.|.)*(.|..)*x", "((.{30}){30}){30}x", "(a*)*" * 40 + "x"]
)
def test_a_hostile_pattern_ends(pattern: str) -> None:
    # A backtracking engine would not come back from these while anybody is waiting.
    assert refused(pattern) or found(pattern) is None


@given(st.binary(max_size=60), st.text("+0123456789", max_size=16))
def test_any_octets_are_run_or_refused(octets: bytes, subject: str) -> None:
    pattern = octets.decode("latin-1")
    if not refused(pattern, subject.encode()):
        texts = found(pattern, subject.encode())
        assert texts is None or (texts[0] or "") in subject


@cache
def pcre2() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(NAME)
    except OSError:
        pytest.skip("PCRE2 is not installed")
    for name in ("pcre2_compile_8", "pcre2_match_data_create_8"):
        getattr(library, name).restype = ctypes.c_void_p
    library.pcre2_get_ovector_pointer_8.restype = ctypes.POINTER(ctypes.c_size_t)
    return library


def pcre2_finds(pattern: bytes, subject: bytes) -> Texts | str | None:
    library = pcre2()
    error, offset = ctypes.c_int(), ctypes.c_size_t()
    length = ctypes.c_size_t(len(pattern))
    code = library.pcre2_compile_8(pattern, length, 0, ctypes.byref(error), ctypes.byref(offset), None)
    if not code:
        return "wrong"
    compiled = ctypes.c_void_p(code)
    data = ctypes.c_void_p(library.pcre2_match_data_create_8(20, None))
    try:
        count = library.pcre2_match_8(
            compiled, subject, ctypes.c_size_t(len(subject)), ctypes.c_size_t(0), 0, data, None
        )
        places = library.pcre2_get_ovector_pointer_8(data)
        texts = [cut_out(subject, places[2 * group], places[2 * group + 1]) for group in range(count)]
    finally:
        library.pcre2_match_data_free_8(data)
        library.pcre2_code_free_8(compiled)
    return tuple(texts) or None


def cut_out(subject: bytes, start: int, end: int) -> str | None:
    return None if start > len(subject) else subject[start:end].decode("latin-1")


TOKENS = [
    *"12+.*?()|^$-,",
    "[12]",
    "[^1]",
    "[[:digit:]]",
    "{1}",
    "{2,}",
    "{0,1}",
    "{1,2}",
    r"\+",
    r"\d",
    r"\w",
    r"\s",
]
MORE_TOKENS = [r"\D", r"\b", r"\B", r"\A", r"\z", r"\.", r"\x31", "(?:", "(?i)", "*?", "+?", "??", "a", "(1", "|2)"]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(TOKENS + MORE_TOKENS), max_size=9).map("".join), st.text("+12a ", max_size=7))
@example("(1|12)(1|21)*", "1212")
@example("(1*?)(12)*", "112")
def test_what_is_found_is_what_pcre2_finds(pattern: str, subject: str) -> None:
    if refused(pattern, subject.encode()):
        return
    expected = pcre2_finds(pattern.encode(), subject.encode())
    texts = found(pattern, subject.encode())
    while texts and texts[-1] is None:  # PCRE2 counts up to the last group that took part
        texts = texts[:-1]
    assert texts == expected

"""POSIX extended regular expressions, held against the C library's own where there is one."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.enum.ere import count_groups, search
from dashboard.enum.ere_gnu import EreLimit
from dashboard.enum.ere_parser import MOST_DEPTH, MOST_REPEATS, EreError
from tests.enum.strategies import PRINTABLE

NUMBER = "+16045550100"


@pytest.mark.parametrize(
    ("pattern", "subject", "groups"),
    [
        ("^.*$", NUMBER, {0: NUMBER}),
        ("^.+$", NUMBER, {0: NUMBER}),
        ("", NUMBER, {0: ""}),
        (r"^\+(.*)$", NUMBER, {0: NUMBER, 1: "16045550100"}),
        ("^[+]1(.*)$", NUMBER, {0: NUMBER, 1: "6045550100"}),
        ("^.1([0-9]{3})([0-9]+)$", NUMBER, {0: NUMBER, 1: "604", 2: "5550100"}),
        ("^[^+]*", NUMBER, {0: ""}),
        ("5+", NUMBER, {0: "555"}),
        ("(0)(1)", NUMBER, {0: "01", 1: "0", 2: "1"}),
        ("1604|16045", NUMBER, {0: "16045"}),
        ("(1|160)(604|4)", NUMBER, {0: "1604", 1: "160", 2: "4"}),
        ("(x)?1", NUMBER, {0: "1"}),
        ("(x|(1))6", NUMBER, {0: "16", 1: "1", 2: "1"}),
        ("((1)|(x))6", NUMBER, {0: "16", 1: "1", 2: "1"}),
        ("[[:digit:]]{2,3}", NUMBER, {0: "160"}),
        ("[[:punct:]]", NUMBER, {0: "+"}),
        ("5{0}1", NUMBER, {0: "1"}),
        ("5{1,}", NUMBER, {0: "555"}),
        ("(5){2}", NUMBER, {0: "55", 1: "5"}),
        ("(a*)+", "aa", {0: "aa", 1: "aa"}),
        ("(a*)*", "b", {0: ""}),
        ("()", "b", {0: "", 1: ""}),
        ("[]a]+", "x]a]", {0: "]a]"}),
        ("[^]a]", "]ab", {0: "b"}),
        ("[a-]+", "b-a-", {0: "-a-"}),
        (r"[\+]+", r"\+", {0: r"\+"}),
        ("[.*$^(]+", "x(^$*.", {0: "(^$*."}),
        (r"\.\*\$\!", ".*$!", {0: ".*$!"}),
        ("a|", "b", {0: ""}),
        ("(^a|b)$", "ab", {0: "b", 1: "b"}),
        ("a{1}", "a{1}", {0: "a"}),
        ("]", "]", {0: "]"}),
        ("}", "}", {0: "}"}),
    ],
)
def test_the_leftmost_longest_match_is_found_with_its_groups(
    pattern: str, subject: str, groups: dict[int, str]
) -> None:
    found = search(pattern, subject)
    assert found is not None
    assert dict(found) == groups


@pytest.mark.parametrize("pattern", ["^1604", "^16045550100$", "7", "^$", "[^+0-9]", "a^", "$1", "5{4}", "(x)"])
def test_what_does_not_match_is_none(pattern: str) -> None:
    assert search(pattern, NUMBER) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "(a",
        "a)",
        "((a)",
        "[",
        "[]",
        "[^]",
        "[a",
        "[[:digit:]",
        "[[:nothing:]]",
        "[[:digit",
        "[[.a.]]",
        "[[=a=]]",
        "[a-[.b.]]",
        "[z-a]",
        "*",
        "+a",
        "?",
        "(*a)",
        "a|*",
        "a**",
        "a+?",
        "a*?",
        "a{1}{2}",
        "^*",
        "$+",
        "{1}",
        "a{",
        "a{}",
        "a{,3}",
        "a{x}",
        "a{1",
        "a{1,2,3}",
        "a{2,1}",
        "a{256}",
        "a{1,256}",
        "a{1000}",
        "a{٣}",
        "\\",
        "a\\",
        r"\d",
        r"\w+",
        r"\1",
        r"(a)\1",
        r"\n",
        "(?:a)",
        "(?=a)",
        "(" * (MOST_DEPTH + 1) + ")" * (MOST_DEPTH + 1),
    ],
)
def test_what_is_no_posix_pattern_or_undefined_in_posix_is_refused(pattern: str) -> None:
    with pytest.raises(EreError):
        search(pattern, NUMBER)
    with pytest.raises(EreError):
        count_groups(pattern)


@pytest.mark.parametrize(
    ("pattern", "count"), [("", 0), ("a", 0), ("(a)", 1), ("(a(b)|(c))*", 3), (r"\(a[(]", 0), ("((((a))))", 4)]
)
def test_groups_are_counted_by_their_opening_parentheses(pattern: str, count: int) -> None:
    assert count_groups(pattern) == count


def test_case_matters_unless_told_otherwise() -> None:
    assert search("[A-C]x", "bX") is None
    assert search("[A-C]x", "bX", ignore_case=True) == {0: "bX"}
    assert search("[^a]", "A", ignore_case=True) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "((((((.*)*)*)*)*)*)*x",
        "(((((.*){2,255}){2,255}){2,255})+)+x",
        "(.|.|.|.|.)*(.|.|.)*(.|..|...)*(.*)*x",
        "(((((((.?){255}){255}){255}){255}){255}){255}){255}x",
        "(" * MOST_DEPTH + ".*" + ")*" * MOST_DEPTH + "x",
        ".*" * 120 + "x",
    ],
)
def test_a_hostile_pattern_is_answered(pattern: str) -> None:
    # A backtracking engine would not come back from these while anybody is waiting.
    assert posix_search(pattern, "+" + "1" * 15) is None
    assert posix_search(pattern, "+" + "1" * 110) is None
    assert gnu_search(pattern, "+" + "1" * 15) is None
    assert gnu_search(pattern, "+" + "1" * 31) is None


def test_no_pattern_keeps_the_processor_busy_that_has_a_number_of_110_digits() -> None:
    subject = "+" + "1" * 110
    patterns = [
        "((.*)*(.*)*)*" * 16,
        ("(" * 20 + "1?" + "){0,255}" * 20 + "x"),
        "[^a]*" * 45 + "x",
        "(.{0,99}){0,99}" * 14,
    ]
    for pattern in patterns:
        with pytest.raises(EreLimit):
            search(pattern, subject)


def gnu_search(pattern: str, subject: str) -> Mapping[int, str] | None:
    """What the GNU dialect finds; nothing where that is too much work."""
    return posix_search(pattern, subject, gnu=True)


def posix_search(pattern: str, subject: str, *, gnu: bool = False) -> Mapping[int, str] | None:
    """What is found; nothing where that is too much work."""
    try:
        return search(pattern, subject, gnu=gnu)
    except EreLimit:
        return None


def test_the_bounds_of_an_interval_reach_to_those_of_posix() -> None:
    assert search(f"^1{{{MOST_REPEATS}}}$", "1" * MOST_REPEATS) is not None
    assert search(f"^1{{{MOST_REPEATS}}}$", "1" * (MOST_REPEATS - 1)) is None


@given(st.text(PRINTABLE, max_size=30), st.text("+0123456789", max_size=16))
def test_any_pattern_is_run_or_refused(pattern: str, subject: str) -> None:
    try:
        found = search(pattern, subject)
    except EreError:
        return
    assert found is None or found[0] in subject


class _Match(ctypes.Structure):
    _fields_ = [("start", ctypes.c_int), ("end", ctypes.c_int)]


REG_EXTENDED = 1
GLIBC = ctypes.CDLL(None) if hasattr(ctypes.CDLL(None), "gnu_get_libc_version") else None


def c_library_finds(pattern: str, subject: str) -> tuple[int, int] | None:
    """Return where the C library's regexec() finds `pattern`, as start and end."""
    assert GLIBC is not None
    compiled = ctypes.create_string_buffer(256)  # regex_t is 64 octets
    assert GLIBC.regcomp(compiled, pattern.encode(), REG_EXTENDED) == 0, pattern
    match = (_Match * 1)()
    failed = GLIBC.regexec(compiled, subject.encode(), 1, match, 0)
    GLIBC.regfree(compiled)
    return None if failed else (match[0].start, match[0].end)


SIGNS = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"])
atoms = st.sampled_from(["1", "2", "+", ".", "[12]", "[^1]", "[[:digit:]]", "[0-5]", r"\+", r"\.", "12", "[]^-]"])
fixed_atoms = atoms.map(lambda atom: r"\+" if atom == "+" else atom)


def _grown(inner: st.SearchStrategy[str], signs: st.SearchStrategy[str] = SIGNS) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("({})".format),
        st.tuples(inner, signs).map(lambda pair: f"({pair[0]}){pair[1]}"),
        inner.map("({})".format),
    )


# Anchors only around the whole: glibc lets a repeated (^1) match in the middle.
frames = st.sampled_from(["({})", "^({})", "({})$", "^({})$"])
patterns = st.tuples(frames, st.recursive(fixed_atoms, _grown, max_leaves=8)).map(
    lambda pair: pair[0].format(pair[1])
)


@pytest.mark.skipif(GLIBC is None, reason="the C library here is not glibc")
@settings(max_examples=300)
@given(patterns, st.text("+123", max_size=8))
@example("(1|12)(1|21)*", "1212")
@example("(1*)(12)*", "112")
def test_the_match_is_where_the_c_library_finds_it(pattern: str, subject: str) -> None:
    found = search(pattern, subject)
    expected = c_library_finds(pattern, subject)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == subject[expected[0] : expected[1]]


@pytest.mark.parametrize(
    ("pattern", "subject", "groups"),
    [
        (r"^\+(\w+)$", NUMBER, {0: NUMBER, 1: "16045550100"}),
        (r"\s|\W", NUMBER, {0: "+"}),
        (r"\S+", "a b", {0: "a"}),
        (r"\d", "5d", {0: "d"}),
        (r"\<1604", NUMBER, {0: "1604"}),
        (r"100\>", NUMBER, {0: "100"}),
        (r"\b.", NUMBER, {0: "1"}),
        (r"0\B0", NUMBER, {0: "00"}),
        (r"\`.1", NUMBER, {0: "+1"}),
        (r"0\'", NUMBER, {0: "0"}),
        ("5**", "55", {0: "55"}),
        ("(5+?)", "55", {0: "55", 1: "55"}),
        ("5{1}{2}", "555", {0: "55"}),
        ("^.{,3}", NUMBER, {0: "+16"}),
        ("[[.5.]]+[[=0=]]", NUMBER, {0: "5550"}),
        ("1)", "1)", {0: "1)"}),
        ("(1))", "1)", {0: "1)", 1: "1"}),
        ("(1|16)(604|04)(.*)", NUMBER, {0: "16045550100", 1: "1", 2: "604", 3: "5550100"}),
        ("(a*)*", "b", {0: "", 1: ""}),
        ("((a)|b)*", "ab", {0: "ab", 1: "b", 2: "a"}),
    ],
)
def test_the_gnu_dialect_gives_meaning_to_what_posix_leaves_undefined(
    pattern: str, subject: str, groups: dict[int, str]
) -> None:
    found = search(pattern, subject, gnu=True)
    assert found is not None
    assert dict(found) == groups


@pytest.mark.parametrize("pattern", [r"(1)\1", r"(1)(2)\2", "1{1}{1}{1}{1}{1}{1}{1}{1}{1}"])
def test_a_pattern_whose_work_has_no_bound_is_not_run_in_the_gnu_dialect_either(pattern: str) -> None:
    with pytest.raises(EreLimit):
        search(pattern, NUMBER, gnu=True)


@pytest.mark.parametrize(
    "pattern", ["*", "a|*b", "(*)", "^*", r"\b+", "{1}", "a{", "a{x}", "a{1,2,3}", "a{40000}", r"\1", "a\\"]
)
def test_what_is_wrong_in_the_gnu_dialect_is_refused(pattern: str) -> None:
    with pytest.raises(EreError):
        search(pattern, NUMBER, gnu=True)


# Nothing in a repetition or an alternative matches nothing: what the library remembers of such rounds has no rule.
FILLED = st.sampled_from(["+", "{2}", "{1,2}", "{2,}"])
filled_patterns = st.tuples(
    st.sampled_from(["{}", "^{}(.*)$", "({})?(.*)", "(.*){}$", "({})*"]),
    st.recursive(fixed_atoms, lambda inner: _grown(inner, FILLED), max_leaves=8),
).map(lambda pair: pair[0].format(pair[1]))
GNU_TOKENS = [
    *"12+.*?()|^${},a",
    "[12]",
    "[^1]",
    "[[:digit:]]",
    "[[.1.]]",
    "[[=2=]1]",
    "{1}",
    "{,2}",
    "{2,}",
    "{0,1}",
    "{,}",
]
GNU_ESCAPES = [r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", r"\<", r"\>", r"\`", r"\'", r"\d", r"\+", "\\"]


@pytest.mark.skipif(GLIBC is None, reason="the C library here is not glibc")
@settings(max_examples=500)
@given(filled_patterns, st.text("+12", max_size=7))
@example("^(1|12)(2|22|)(.*)$", "1222")
@example("((1|12)*)(2*)", "1212")
def test_the_gnu_dialect_finds_the_groups_that_the_c_library_finds(pattern: str, subject: str) -> None:
    found = search(pattern, subject, gnu=True)
    expected = c_library_groups(pattern, subject)
    assert (found and {group: text for group, text in found.items() if group < 10}) == expected


@pytest.mark.skipif(GLIBC is None, reason="the C library here is not glibc")
@settings(max_examples=500)
@given(st.lists(st.sampled_from(GNU_TOKENS + GNU_ESCAPES), max_size=9).map("".join), st.text("+12a ", max_size=7))
def test_the_gnu_dialect_is_what_the_c_library_reads(pattern: str, subject: str) -> None:
    try:
        found = search(pattern, subject, gnu=True)
    except EreLimit:
        return
    except EreError:
        assert c_library_groups(pattern, subject) == "wrong"
        return
    expected = c_library_groups(pattern, subject)
    assert expected != "wrong"
    # Groups that match nothing, repeated, are remembered there by no rule.
    assert without_empty(found) == without_empty(expected)


def without_empty(groups: Mapping[int, str] | str | None) -> dict[int, str] | None:
    assert not isinstance(groups, str)
    return None if groups is None else {group: text for group, text in groups.items() if text or not group}


def c_library_groups(pattern: str, subject: str) -> dict[int, str] | str | None:
    """Return what the C library's regexec() finds, and "wrong" for what it does not compile."""
    assert GLIBC is not None
    compiled = ctypes.create_string_buffer(256)
    if GLIBC.regcomp(compiled, pattern.encode(), REG_EXTENDED):
        return "wrong"
    matches = (_Match * 10)()
    failed = GLIBC.regexec(compiled, subject.encode(), 10, matches, 0)
    GLIBC.regfree(compiled)
    if failed:
        return None
    return {group: subject[match.start : match.end] for group, match in enumerate(matches) if match.start >= 0}

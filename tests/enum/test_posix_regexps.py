"""POSIX extended regular expressions, held against the GNU C library's own where there is one."""

from __future__ import annotations

import ctypes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.enum.regexps import Unpredictable, count_groups, search_posix
from tests.enum.strategies import OCTETS

NUMBER = "+16045550100"
Groups = dict[int, str]


def found(pattern: str, number: str = NUMBER) -> Groups | None:
    match = search_posix(pattern, number)
    return match.took_part if match else None


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("^.*$", {0: NUMBER}),
        ("", {0: ""}),
        (r"^\+(.*)$", {0: NUMBER, 1: "16045550100"}),
        ("^[+]1(.*)$", {0: NUMBER, 1: "6045550100"}),
        ("^.1([0-9]{3})([0-9]+)$", {0: NUMBER, 1: "604", 2: "5550100"}),
        ("^[^+]*", {0: ""}),
        ("5+", {0: "555"}),
        ("1604|16045", {0: "16045"}),
        ("(1|160)(604|4)", {0: "1604", 1: "1", 2: "604"}),
        ("(1|16)(604|04)(.*)", {0: "16045550100", 1: "1", 2: "604", 3: "5550100"}),
        ("(x)?1", {0: "1"}),
        ("(5){2}", {0: "55", 1: "5"}),
        ("([0-9]+)?$", {0: "16045550100", 1: "16045550100"}),
        ("((5)|0)*1", {0: "1"}),
        ("[[:digit:]]{2,3}", {0: "160"}),
        ("[[:punct:]]", {0: "+"}),
        ("[]^5-]+", {0: "555"}),
        (r"[\+]+1", {0: "+1"}),
        ("5**", {0: ""}),
        ("(4+?5)", {0: "45", 1: "45"}),
        (r"\w+", {0: "16045550100"}),
        (r"\W\S", {0: "+1"}),
        (r"\d+", None),
        (r"[\d]+", None),
        ("^1604", None),
        ("5{4}", None),
        ("]|}|1", {0: "1"}),
    ],
)
def test_the_longest_match_is_found_with_the_groups_of_the_first_alternatives(
    pattern: str, groups: Groups | None
) -> None:
    assert found(pattern) == groups


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "1)",
        "[",
        "[[:nothing:]]",
        "[[:word:]]",
        "[z-a]",
        "*",
        "a|*",
        "^*",
        "{1}",
        "a{",
        "a{x}",
        "a{,3}",
        "a{2,1}",
        "a{0}",
        "a{30000}",
        "a\\",
        "(?:a)",
        r"(1)\1",
        r"\b1",
        r"\<1",
        r"1\>",
        r"\`1",
        r"1\'",
        "[[.5.]]",
        "[[=5=]]",
        "()",
        "(|1)",
        "1|",
        "(1*)*",
        "((1*)2)+",
        "(^1)*",
        "(^1)?",
        "(1$)+",
        "(^|1*)",
        "(1|2?$)",
        "1$|(.*)",
        "a^",
        "\xe9",
        "[+-\xff]",
    ],
)
def test_what_may_be_read_otherwise_elsewhere_is_unpredictable(pattern: str) -> None:
    with pytest.raises(Unpredictable):
        found(pattern)
    with pytest.raises(Unpredictable):
        count_groups(pattern)


@pytest.mark.parametrize(
    ("pattern", "count"), [("", 0), ("a", 0), ("(a)", 1), ("(a(b)|(c))*", 3), (r"\(a[(]", 0), ("((((a))))", 4)]
)
def test_groups_are_counted_by_their_opening_parentheses(pattern: str, count: int) -> None:
    assert count_groups(pattern) == count


@pytest.mark.parametrize(
    "pattern",
    [
        "(.|.|.|.|.)*(.|.|.)*(.|..|...)*x",
        ".*" * 120 + "x",
        "[^a]*" * 45 + "x",
        ".{1000}" * 30 + "x",
        "(.{0,99}){0,99}" * 14,
        "((((((.*)*)*)*)*)*)*x",
        "(" * 120 + "1" + ")" * 120 + "x",
    ],
)
def test_a_hostile_pattern_is_answered(pattern: str) -> None:
    # A backtracking engine would not come back from these while anybody is waiting.
    assert answer(pattern, "+" + "1" * 110) in (None, "unpredictable")


@given(st.text(OCTETS, max_size=60), st.text("0123456789", max_size=16))
def test_any_octets_are_run_or_refused(pattern: str, digits: str) -> None:
    groups = answer(pattern, "+" + digits)
    assert not isinstance(groups, dict) or groups[0] in "+" + digits


class _Match(ctypes.Structure):
    _fields_ = [("start", ctypes.c_int), ("end", ctypes.c_int)]


GLIBC = ctypes.CDLL(None) if hasattr(ctypes.CDLL(None), "gnu_get_libc_version") else None
REG_EXTENDED = 1
MOST_GROUPS = 20


def glibc_finds(pattern: str, number: str) -> Groups | str | None:
    assert GLIBC is not None
    compiled = ctypes.create_string_buffer(256)  # regex_t is 64 octets
    if GLIBC.regcomp(compiled, pattern.encode(), REG_EXTENDED):
        return "wrong"
    matches = (_Match * MOST_GROUPS)()
    failed = GLIBC.regexec(compiled, number.encode(), MOST_GROUPS, matches, 0)
    GLIBC.regfree(compiled)
    if failed:
        return None
    return {group: number[match.start : match.end] for group, match in enumerate(matches) if match.start >= 0}


def answer(pattern: str, number: str) -> Groups | str | None:
    try:
        return found(pattern, number)
    except Unpredictable:
        return "unpredictable"


SIGNS = ["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "{0}", "*?", "+*"]
ATOMS = ["1", "2", r"\+", ".", "[12]", "[^1]", "[[:digit:]]", r"\w", "1*", "2?", "^", "$", ""]
TOKENS = [
    *"12+.*?()|^${},a",
    *ATOMS,
    *SIGNS,
    "[[.1.]]",
    "[[=2=]1]",
    "[+--]",
    "[^]2]",
    "[1-",
    r"[\]",
    r"[\d]",
    "(1",
    "|2)",
]
ESCAPES = [r"\W", r"\s", r"\S", r"\b", r"\B", r"\<", r"\>", r"\`", r"\'", r"\d", r"\n", r"\.", r"\1", "\\"]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    repeated = st.tuples(inner, st.sampled_from(SIGNS)).map(lambda pair: f"({pair[0]}){pair[1]}")
    return st.one_of(pairs.map("".join), pairs.map("|".join).map("({})".format), repeated, inner.map("({})".format))


frames = st.sampled_from(["{}", "^{}$", "^{}(.*)$", "(.*){}$", "{}|(.*)"])
trees = st.recursive(st.sampled_from(ATOMS), grown, max_leaves=6)
patterns = st.one_of(
    st.tuples(frames, trees).map(lambda pair: pair[0].format(pair[1])),
    st.lists(st.sampled_from(TOKENS + ESCAPES), max_size=9).map("".join),
)


@pytest.mark.skipif(GLIBC is None, reason="the C library here is not glibc")
@settings(max_examples=3000)
@given(patterns, st.text("+12", max_size=6))
@example("^(1|12)(2|22)(.*)$", "1222")
@example("((1|12)*)(2*)", "1212")
@example("(1*)(12)*", "112")
@example("(2(1*)+)*", "2222+")
@example("(1*){1,2}", "12+")
@example("^(1{0}|1)(.*)", "121")
@example("|(|2)", "+")
@example("($|(1*)?)", "")
@example("(^)?", "1")
@example("1$|(.*)", "1")
@example("(1|.*)(1*|.)(([12]|.)|2?$)", "++")
def test_whatever_is_told_is_what_the_c_library_finds(pattern: str, number: str) -> None:
    told = answer(pattern, number)
    if told != "unpredictable":
        assert told == glibc_finds(pattern, number)

"""Running a pattern with Perl's semantics, as FreeSWITCH and FreePBX do, in time linear in its length.

RE2 finds what a backtracking engine finds first, but knows neither look-around nor back-references in patterns. What
it does not take may be good for those systems all the same, so it counts as unpredictable, not as wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import re2

from dashboard.telephones import sentences
from dashboard.telephones.values import Unfit

_MEMORY = 1 << 20  # octets for one pattern
_TOKEN = re.compile(
    r"(?P<anchor>\\[AbBz]|[\^$]|\(\?[a-zA-Z-]*\))|(?P<open>\{,[0-9]+\})|\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|.",
    re.DOTALL,
)
_REPETITION = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")


class Match(Protocol):
    """What was found: the part of the subject, and its groups, None for those that took no part."""

    def span(self) -> tuple[int, int]: ...
    def groups(self) -> tuple[bytes | None, ...]: ...


class Pattern(Protocol):
    """A pattern that is ready to run on octets."""

    def search(self, text: bytes, pos: int = 0) -> Match | None: ...
    def fullmatch(self, text: bytes, pos: int = 0, endpos: int | None = None) -> Match | None: ...


# A number's pattern is searched again and again from place to place, and RE2 takes far longer to make than to run.
@lru_cache(maxsize=256)
def compiled(pattern: str, *, ignore_case: bool = False, dot_all: bool = False) -> Pattern:
    """Return `pattern` ready to run. Raises Unfit if it is wrong, or cannot be run here."""
    for token in _TOKEN.finditer(pattern):
        if token.lastgroup == "anchor" and _REPETITION.match(pattern, token.end()):
            raise Unfit("pattern", sentences.PATTERN)  # RE2 takes it, PCRE2 does not
        if token.lastgroup == "open":
            raise Unfit("unpredictable", sentences.UNPREDICTABLE)  # text before PCRE2 10.43, a repetition since
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = not ignore_case
    options.dot_nl = dot_all
    try:
        ready: Pattern = re2.compile(pattern.encode("latin-1"), options)
    except re2.error as error:
        raise Unfit("unpredictable", sentences.UNPREDICTABLE) from error
    return ready


@dataclass(frozen=True, slots=True)
class Found:
    """A match: its place, and the texts of the whole and of each group, None for those that took no part."""

    start: int
    end: int
    texts: tuple[str | None, ...]


def search(
    pattern: str, subject: str, place: int = 0, *, ignore_case: bool = False, dot_all: bool = False
) -> Found | None:
    """Return the first match from `place`. Raises Unfit if the pattern is wrong, or cannot be run here."""
    octets = subject.encode("latin-1")
    match = compiled(pattern, ignore_case=ignore_case, dot_all=dot_all).search(octets, place)
    if match is None:
        return None
    start, end = match.span()
    groups = (part if part is None else part.decode("latin-1") for part in match.groups())
    return Found(start, end, (subject[start:end], *groups))


def matches_more(pattern: str, subject: str, place: int) -> bool:
    """Return whether `pattern`, which matches nothing at `place`, could match something there too."""
    octets = subject.encode("latin-1")
    ends = range(place + 1, len(octets) + 1)
    return any(compiled(pattern).fullmatch(octets, place, end) for end in ends)

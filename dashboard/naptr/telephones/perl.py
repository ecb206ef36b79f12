"""Running a pattern with Perl's semantics, as FreeSWITCH and FreePBX do, in time linear in its length.

RE2 finds what a backtracking engine finds first, but knows neither look-around nor back-references in patterns. What
it does not take may be good for those systems all the same, so it counts as unpredictable, not as wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

import re2

from dashboard.naptr.telephones import sentences
from dashboard.naptr.telephones.values import Unfit

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


def texts(match: Match, subject: bytes) -> tuple[str | None, ...]:
    """Return the whole match and its groups as text."""
    start, end = match.span()
    found = (subject[start:end], *match.groups())
    return tuple(None if part is None else part.decode("latin-1") for part in found)

"""Running the patterns of NAPTR records (RFC 3402 s3.2): POSIX extended regular expressions, and Perl's.

Patterns come from the DNS, and a hostile one keeps a backtracking engine busy for hours. RE2 takes time linear in
their length, and bounded memory. It reads most of both dialects as the GNU C library and PCRE2 do; what it may read
otherwise is not run, and counts as unpredictable. The tests ask both libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import re2

_MEMORY = 1 << 20  # octets for one pattern; the package keeps 128 of them
_POSIX = {"posix_syntax": True, "perl_classes": True, "one_line": True}
# What both read alike. Left out: back-references, edges of words, collating elements, anchors inside,
# {,n} and {0}, and empty alternatives, whose groups the library remembers by no rule.
_POSIX_TOKEN = re.compile(
    r"""(?P<bracket>\[\^?\]?(?:\[:(?:al(?:num|pha)|blank|cntrl|x?digit|graph|lower|p(?:rin|unc)t|space|upper):\]
                              |\[(?![.:=])|[^\[\]])*\])
    |\A\^(?![*+?{|)^$])|(?!\A)(?<![(|^$])\$\Z
    |(?P<open>\((?![|)]))|(?P<close>\))
    |(?P<sign>[*+?]|\{(?!0+(?:,0+)?\})[0-9]+(?:,[0-9]*)?\})
    |(?P<letter>\\[A-Za-z](?<![BSWbsw]))
    |(?!\A)\|(?![|)]|\Z)|\\[SWsw]|\\[^\w<>`']|[^\\\[{()|*+?^$]""",
    re.VERBOSE,
)
_PERL_TOKEN = re.compile(
    r"(?P<anchor>\\[AbBz]|[\^$]|\(\?[a-zA-Z-]*\))|(?P<open>\{,[0-9]+\})|\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|.",
    re.DOTALL,
)
_REPETITION = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")


class Unpredictable(ValueError):
    """The pattern is wrong, or means something that cannot be told here."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match: its place, and the texts of the whole and of each group, None for those that took no part."""

    start: int
    end: int
    texts: tuple[str | None, ...]

    @property
    def took_part(self) -> dict[int, str]:
        """The texts of the groups that took part, 0 for the whole."""
        return {number: text for number, text in enumerate(self.texts) if text is not None}


class _Match(Protocol):
    def __getitem__(self, group: int) -> bytes: ...
    def span(self) -> tuple[int, int]: ...
    def groups(self) -> tuple[bytes | None, ...]: ...


class _Pattern(Protocol):
    @property
    def groups(self) -> int: ...
    def search(self, text: bytes, pos: int = 0) -> _Match | None: ...
    def fullmatch(self, text: bytes, pos: int = 0, endpos: int | None = None) -> _Match | None: ...


def _compiled(pattern: str, **options: bool) -> _Pattern:
    chosen = re2.Options()
    chosen.encoding = re2.Options.Encoding.LATIN1
    chosen.log_errors = False
    chosen.max_mem = _MEMORY
    for name, value in options.items():
        setattr(chosen, name, value)
    try:
        ready: _Pattern = re2.compile(pattern.encode("latin-1"), chosen)
    except re2.error as error:
        raise Unpredictable from error
    return ready


def _found(match: _Match | None) -> Found | None:
    if match is None:
        return None
    texts = (match[0], *match.groups())
    return Found(*match.span(), tuple(text if text is None else text.decode("latin-1") for text in texts))


@lru_cache(maxsize=1024)
def search_posix(pattern: str, number: str) -> Found | None:
    """Return the leftmost-longest match in `number`, "+digits", None for none.

    Of the ways to it that with the first alternatives and the most rounds gives the groups, as in the GNU C library;
    POSIX wants the longest parts. Raises Unpredictable.
    """
    octets, read = number.encode("latin-1"), _read_posix(pattern)
    longest = _compiled(read, **_POSIX, longest_match=True, never_capture=True).search(octets)
    return _found(_compiled(read, **_POSIX).fullmatch(octets, *longest.span())) if longest else None


def count_groups(pattern: str) -> int:
    """Return how many groups a POSIX pattern has. Raises Unpredictable."""
    return _compiled(_read_posix(pattern), **_POSIX).groups


@lru_cache(maxsize=1024)
def _read_posix(pattern: str) -> str:
    """Return `pattern` as RE2 has to be told it. Raises Unpredictable."""
    tokens = list(_posix_tokens(pattern))
    _check_repetitions(tokens)
    return "".join(_as_re2(kind, text) for kind, text in tokens)


def _posix_tokens(pattern: str) -> Iterator[tuple[str | None, str]]:
    place = 0
    while place < len(pattern):
        token = _POSIX_TOKEN.match(pattern, place)
        if token is None or not pattern.isascii():
            raise Unpredictable
        yield token.lastgroup, token[0]
        place = token.end()


def _as_re2(kind: str | None, text: str) -> str:
    if kind == "bracket":
        return text.replace("\\", r"\\")  # the backslash is one of the characters
    return text[1:] if kind == "letter" else text


def _check_repetitions(tokens: Iterable[tuple[str | None, str]]) -> None:
    """Refuse groups with a repetition inside that are repeated: the library remembers former rounds by no rule."""
    repeats, closed = [False], False  # whether each open group, and the one just closed, holds a repetition
    for kind, text in tokens:
        if kind == "open":
            repeats.append(False)
        elif kind == "close":
            closed = repeats.pop()
            if not repeats:
                raise Unpredictable  # a ) without its ( is a character there
            repeats[-1] |= closed
        elif kind == "sign":
            if closed and text != "?":
                raise Unpredictable
            repeats[-1] = True
        else:
            closed = False


@lru_cache(maxsize=1024)
def search_perl(
    pattern: str, subject: str, place: int = 0, *, ignore_case: bool = False, dot_all: bool = False
) -> Found | None:
    """Return the first match from `place` as Perl's semantics have it, None for none. Raises Unpredictable."""
    _check_perl(pattern)
    ready = _compiled(pattern, case_sensitive=not ignore_case, dot_nl=dot_all)
    return _found(ready.search(subject.encode("latin-1"), place))


def matches_more(pattern: str, subject: str, place: int) -> bool:
    """Return whether `pattern`, which matches nothing at `place` for `search_perl`, could match something there."""
    octets = subject.encode("latin-1")
    ready, ends = _compiled(pattern), range(place + 1, len(octets) + 1)
    return any(ready.fullmatch(octets, place, end) for end in ends)


def _check_perl(pattern: str) -> None:
    for token in _PERL_TOKEN.finditer(pattern):
        if token.lastgroup == "anchor" and _REPETITION.match(pattern, token.end()):
            raise Unpredictable  # RE2 takes it, PCRE2 does not
        if token.lastgroup == "open":
            raise Unpredictable  # text before PCRE2 10.43, a repetition since

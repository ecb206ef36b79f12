"""Extended regular expressions as the GNU C library reads them: what POSIX leaves undefined has a meaning there.

Most telephone systems run on it, so their patterns may hold these. Sources: "Regular Expressions" in the library's
manual, and the library itself, which the tests ask.
"""

from __future__ import annotations

import string

from dashboard.enum.ere_parser import Anchor, Chars, Edge, EreError, Node, Parser, Repeat

WORD = frozenset(string.ascii_letters + string.digits + "_")
_SPACE = frozenset(string.whitespace)
_MOST_REPEATS = 0x7FFF  # RE_DUP_MAX
_MOST_NESTED = 8  # repetitions of repetitions
_SIMPLE = ("*", "+", "?")


class EreLimit(EreError):
    """The pattern is good for the GNU C library, but not run here: its work cannot be bounded."""


def parse_gnu(pattern: str) -> Node:
    """Return the tree of `pattern`. Raises EreError if it is not legal, EreLimit if it is not run here."""
    return _GnuParser(pattern).parse()


class _GnuParser(Parser):
    most_repeats = _MOST_REPEATS

    def at_end(self) -> bool:
        return self.peek() in ("", "|") or (self.peek() == ")" and self.depth > 0)

    def repeated(self) -> Node:
        node = self.atom()
        if isinstance(node, Anchor | Edge):
            return node
        for _ in range(_MOST_NESTED):
            signs = self.signs()
            bounds = _joined(signs) if signs else self.bounds()
            if bounds is None:
                return node
            node = Repeat(node, *bounds)
        raise EreLimit("repetitions of repetitions")

    def signs(self) -> str:
        """Take *, + and ? in a row."""
        start = self.place
        while self.peek() in _SIMPLE:
            self.place += 1
        return self.pattern[start : self.place]

    def is_least(self, text: str, comma: str) -> bool:
        return super().is_least(text, comma) or (not text and bool(comma))

    def escaped(self) -> Node:
        character = self.take()
        if character in _ESCAPES:
            return _ESCAPES[character]
        if "1" <= character <= "9":
            if int(character) > self.groups:
                raise EreError("a back-reference to a group that is not there")
            raise EreLimit("a back-reference")
        return Chars(frozenset(character))

    def member(self) -> str:
        for opening, closing in (("[.", ".]"), ("[=", "=]")):
            if self.taken(opening):
                character = self.take()
                if not self.taken(closing):
                    raise EreError("a collating element that is not there")
                return character
        return self.take()


def _joined(signs: str) -> tuple[int, int]:
    """Return what several signs in a row come to: the same one twice is one, others together are a *."""
    return _BOUNDS[signs[0] if len(set(signs)) == 1 else "*"]


_UNLIMITED = 1 << 30
_BOUNDS = {"*": (0, _UNLIMITED), "+": (1, _UNLIMITED), "?": (0, 1)}
_ESCAPES: dict[str, Node] = {
    "w": Chars(WORD),
    "W": Chars(WORD, negated=True),
    "s": Chars(_SPACE),
    "S": Chars(_SPACE, negated=True),
    "b": Edge(differ=True),
    "B": Edge(differ=False),
    "<": Edge(before=False, after=True),
    ">": Edge(before=True, after=False),
    "`": Anchor(at_start=True),
    "'": Anchor(at_start=False),
}

"""The grammar of POSIX extended regular expressions (IEEE 1003.1 s9.4), read into a tree.

What POSIX leaves undefined is refused: telephone systems differ there. What the GNU C library makes of it is in
`ere_gnu`.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

MOST_REPEATS = 255  # RE_DUP_MAX of POSIX
MOST_DEPTH = 32  # of groups: far more than a record needs, far less than Python's stack
_UNLIMITED = 1 << 30

_CLASSES = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, range(32))) + "\x7f",
    "digit": string.digits,
    "graph": string.ascii_letters + string.digits + string.punctuation,
    "lower": string.ascii_lowercase,
    "print": string.ascii_letters + string.digits + string.punctuation + " ",
    "punct": string.punctuation,
    "space": string.whitespace,
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}


class EreError(ValueError):
    """The text is not a POSIX extended regular expression, or is one that POSIX leaves undefined."""


@dataclass(frozen=True, slots=True, eq=False)
class Chars:
    """One character: a member, or with `negated` any other."""

    members: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """The start or the end of the subject."""

    at_start: bool


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A place by the characters at its sides: `before` and `after` say whether one of a word is wanted there.

    None leaves it open; with `differ` exactly one of the two has to be one of a word, without it none or both.
    """

    before: bool | None = None
    after: bool | None = None
    differ: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A part in parentheses, counted from 1 by the opening one."""

    number: int
    inner: Node


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    """A part `least` to `most` times."""

    inner: Node
    least: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """Any one of the parts."""

    parts: tuple[Node, ...]


Node = Chars | Anchor | Edge | Group | Repeat | Sequence | Alternatives


def parse(pattern: str) -> Node:
    """Return the tree of `pattern`. Raises EreError if it is not legal."""
    return Parser(pattern).parse()


class Parser:
    """Reads one pattern. The GNU dialect overrides what it does differently."""

    most_repeats = MOST_REPEATS

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.groups = 0
        self.depth = 0

    def parse(self) -> Node:
        """Read the whole pattern. Raises EreError."""
        tree = self.alternatives()
        if self.place != len(self.pattern):
            raise EreError("a ) without its (")
        return tree

    def peek(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise EreError("the pattern ends too early")
        self.place += 1
        return character

    def taken(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.place)
        self.place += len(text) if found else 0
        return found

    def alternatives(self) -> Node:
        parts = [self.sequence()]
        while self.taken("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while not self.at_end():
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def at_end(self) -> bool:
        return self.peek() in ("", "|", ")")

    def repeated(self) -> Node:
        node = self.atom()
        bounds = self.bounds()
        if bounds is None:
            return node
        if isinstance(node, Anchor):
            raise EreError("a repeated ^ or $")
        if self.bounds() is not None:
            raise EreError("a repetition of a repetition")
        return Repeat(node, *bounds)

    def bounds(self) -> tuple[int, int] | None:
        for sign, bounds in (("*", (0, _UNLIMITED)), ("+", (1, _UNLIMITED)), ("?", (0, 1))):
            if self.taken(sign):
                return bounds
        return self.interval() if self.taken("{") else None

    def interval(self) -> tuple[int, int]:
        inside, closed, _ = self.pattern[self.place :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not self.is_least(least, comma) or (most and not _is_number(most)):
            raise EreError("an interval {m,n} that is not one")
        self.place += len(inside) + 1
        low = int(least or 0)
        high = int(most) if most else (_UNLIMITED if comma else low)
        if low > high or low > self.most_repeats or (most and high > self.most_repeats):
            raise EreError("an interval {m,n} out of range")
        return low, high

    def is_least(self, text: str, comma: str) -> bool:
        return _is_number(text)

    def atom(self) -> Node:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return self.bracket()
        if character in "^$":
            return Anchor(at_start=character == "^")
        if character in "*+?{":
            raise EreError("nothing to repeat")
        if character == ".":
            return Chars(frozenset(), negated=True)
        return self.escaped() if character == "\\" else Chars(frozenset(character))

    def escaped(self) -> Node:
        character = self.take()
        if character not in string.punctuation:
            raise EreError("a \\ before an ordinary character")
        return Chars(frozenset(character))

    def group(self) -> Group:
        self.groups += 1
        self.depth += 1
        number = self.groups
        if self.depth > MOST_DEPTH:
            raise EreError("groups too deep")
        inner = self.alternatives()
        if not self.taken(")"):
            raise EreError("a ( without its )")
        self.depth -= 1
        return Group(number, inner)

    def bracket(self) -> Chars:
        negated = self.taken("^")
        members = set(self.item())
        while not self.taken("]"):
            members |= self.item()
        return Chars(frozenset(members), negated)

    def item(self) -> set[str]:
        if self.taken("[:"):
            return self.named_class()
        first = self.member()
        if self.peek() != "-" or self.pattern.startswith("-]", self.place):
            return {first}
        self.place += 1
        last = self.member()
        if first > last:
            raise EreError("a range that runs backwards")
        return {chr(code) for code in range(ord(first), ord(last) + 1)}

    def member(self) -> str:
        if self.pattern.startswith(("[.", "[="), self.place):
            raise EreError("a collating element, which depends on the system's language")
        return self.take()

    def named_class(self) -> set[str]:
        name, closed, _ = self.pattern[self.place :].partition(":]")
        if not closed or name not in _CLASSES:
            raise EreError("an unknown character class")
        self.place += len(name) + 2
        return set(_CLASSES[name])


def _is_number(text: str) -> bool:
    return len(text) <= 5 and text.isascii() and text.isdigit()

"""POSIX extended regular expressions, as far as NAPTR records can use them (RFC 3402 s3.2).

Python's `re` is not one: it prefers the first alternative where POSIX wants the longest match, it knows `\\d` and
`(?:`, and a hostile pattern from the DNS can keep it busy for hours. Here the work is bounded by the lengths of
pattern and subject: every node is run at most once at every place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from dashboard.naptr.ere_gnu import WORD, parse_gnu
from dashboard.naptr.ere_parser import Alternatives, Anchor, Chars, Edge, Group, Node, Repeat, Sequence, parse

# Start and end of each group that took part, the last time that it did.
Groups = dict[int, tuple[int, int]]
# A way to an end: the start, the ends of the parts on the way, and the groups.
_Way = tuple[tuple[int, ...], Groups]


@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, gnu: bool) -> Node:
    return parse_gnu(pattern) if gnu else parse(pattern)


@lru_cache(maxsize=1024)
def search(pattern: str, subject: str, *, ignore_case: bool = False, gnu: bool = False) -> Mapping[int, str] | None:
    """Return the text of each group that took part in the leftmost-longest match, 0 for the whole; None for none.

    With `gnu`, `pattern` is read as the GNU C library does (see `ere_gnu`). Raises EreError if it is not a POSIX
    extended regular expression.
    """
    run = _Run(subject, ignore_case=ignore_case)
    tree = _compiled(pattern, gnu=gnu)
    for start in range(len(subject) + 1):
        ends = run.ends(tree, start)
        if ends:
            longest = max(ends)
            found = {number: subject[first:last] for number, (first, last) in ends[longest].items()}
            return MappingProxyType({0: subject[start:longest]} | found)
    return None


def count_groups(pattern: str, *, gnu: bool = False) -> int:
    """Return how many groups `pattern` has. Raises EreError as `search` does."""
    return _groups_in(_compiled(pattern, gnu=gnu))


def _groups_in(node: Node) -> int:
    match node:
        case Group(inner=inner):
            return 1 + _groups_in(inner)
        case Repeat(inner=inner):
            return _groups_in(inner)
        case Sequence(parts=parts) | Alternatives(parts=parts):
            return sum(map(_groups_in, parts))
        case _:
            return 0


@dataclass(slots=True)
class _Run:
    """One subject, and what each node was found to match at each place of it."""

    subject: str
    ignore_case: bool
    known: dict[tuple[int, int], dict[int, Groups]]

    def __init__(self, subject: str, *, ignore_case: bool) -> None:
        self.subject, self.ignore_case, self.known = subject, ignore_case, {}

    def ends(self, node: Node, start: int) -> dict[int, Groups]:
        """Return every place where a match of `node` from `start` can end, with the groups of the best way."""
        key = (id(node), start)
        if key not in self.known:
            self.known[key] = self._ends(node, start)
        return self.known[key]

    def _ends(self, node: Node, start: int) -> dict[int, Groups]:
        match node:
            case Chars():
                return {start + 1: {}} if self._takes(node, start) else {}
            case Anchor(at_start=at_start):
                return {start: {}} if start == (0 if at_start else len(self.subject)) else {}
            case Edge():
                return {start: {}} if self._is_edge(node, start) else {}
            case Group(number=number, inner=inner):
                found = self.ends(inner, start)
                return {end: groups | {number: (start, end)} for end, groups in found.items()}
            case Alternatives(parts=parts):
                return {end: groups for part in reversed(parts) for end, groups in self.ends(part, start).items()}
            case Sequence(parts=parts):
                ways: dict[int, _Way] = {start: ((start,), {})}
                for part in parts:
                    ways = self._step(part, ways)
                return {end: groups for end, (_, groups) in ways.items()}
            case Repeat():
                return self._repeat(node, start)

    def _takes(self, node: Chars, place: int) -> bool:
        if place >= len(self.subject):
            return False
        character = self.subject[place]
        forms = {character, character.lower(), character.upper()} if self.ignore_case else {character}
        return node.negated == node.members.isdisjoint(forms)

    def _is_edge(self, node: Edge, place: int) -> bool:
        before = place > 0 and self.subject[place - 1] in WORD
        after = place < len(self.subject) and self.subject[place] in WORD
        return (
            node.before in (None, before) and node.after in (None, after) and node.differ in (None, before != after)
        )

    def _step(self, part: Node, ways: dict[int, _Way]) -> dict[int, _Way]:
        """Continue each way by `part`; of two ways to one end the one with the longer first part wins (POSIX)."""
        longer: dict[int, _Way] = {}
        for place, (path, groups) in ways.items():
            for end, more in self.ends(part, place).items():
                way = ((*path, end), groups | more)
                if end not in longer or way[0] > longer[end][0]:
                    longer[end] = way
        return longer

    def _repeat(self, node: Repeat, start: int) -> dict[int, Groups]:
        # More rounds than characters left add only empty ones, which change nothing.
        rounds = len(self.subject) - start + 1
        least, most = min(node.least, rounds), min(node.most, rounds)
        ways: dict[int, _Way] = {start: ((start,), {})}
        best = dict(ways) if least == 0 else {}
        for count in range(1, most + 1):
            ways = self._step(node.inner, ways)
            if count > least:  # a round that matches nothing leads nowhere new
                ways = {end: way for end, way in ways.items() if way[0][-2] != end}
            if not ways:
                break
            if count >= least:
                best |= {end: way for end, way in ways.items() if end not in best or way[0] > best[end][0]}
        return {end: groups for end, (_, groups) in best.items()}

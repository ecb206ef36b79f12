"""POSIX extended regular expressions, as far as NAPTR records can use them (RFC 3402 s3.2).

Python's `re` is not one: it prefers the first alternative where POSIX wants the longest match, it knows `\\d` and
`(?:`, and a hostile pattern from the DNS can keep it busy for hours. Here every node is run at most once at every
place, and a pattern that takes far more steps than a good one is given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from dashboard.enum.ere_gnu import WORD, EreLimit, parse_gnu
from dashboard.enum.ere_parser import Alternatives, Anchor, Chars, Edge, Group, Node, Repeat, Sequence, parse

# Steps of a match: hundreds of times what a record needs, and some hundredths of a second.
_MOST_WORK = 10_000
_MOST_GNU_WORK = 50_000  # of the dialect, whose steps are shorter
_SHORT = 16  # places of a way that are copied in one step
# Start and end of each group that took part, the last time that it did.
Groups = dict[int, tuple[int, int]]
# A way to an end: the start, the ends of the parts on the way, and the groups.
_Way = tuple[tuple[int, ...], Groups]


# As Python's own `re` does: the same few patterns are on nearly all records, and several systems read each.
@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, gnu: bool) -> Node:
    return parse_gnu(pattern) if gnu else parse(pattern)


def search(pattern: str, subject: str, *, ignore_case: bool = False, gnu: bool = False) -> Mapping[int, str] | None:
    """Return the text of each group that took part in the leftmost-longest match, 0 for the whole; None for none.

    With `gnu`, `pattern` is read as the GNU C library does (see `ere_gnu`), and of the ways to the longest match that
    with the first alternatives and the most rounds wins, as there; POSIX wants the longest parts, the first first.
    Raises EreError if `pattern` is not an extended regular expression, EreLimit if it is too much work.
    """
    run = (_GnuRun if gnu else _Run)(subject, ignore_case=ignore_case)
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
    left: int

    def __init__(self, subject: str, *, ignore_case: bool) -> None:
        self.subject, self.ignore_case, self.known = subject, ignore_case, {}
        self.left = _MOST_WORK

    def spend(self, steps: int) -> None:
        """Count the steps that a pattern takes. Raises EreLimit for one that takes too many."""
        self.left -= steps
        if self.left < 0:
            raise EreLimit("too much work")

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
                return self._either(parts, start)
            case Sequence(parts=parts):
                ways: dict[int, _Way] = {start: ((start,), {})}
                for part in parts:
                    ways = self._step(part, ways)
                return {end: groups for end, (_, groups) in ways.items()}
            case Repeat():
                return self._repeat(node, start)

    def _either(self, parts: tuple[Node, ...], start: int) -> dict[int, Groups]:
        return {end: groups for part in reversed(parts) for end, groups in self.ends(part, start).items()}

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
            ends = self.ends(part, place)
            self.spend(len(ends) * (1 + len(path) // _SHORT))
            for end, more in ends.items():
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


class _GnuRun(_Run):
    """The ends of a match are in the order of preference here, and the first way to an end is the one that counts."""

    def __init__(self, subject: str, *, ignore_case: bool) -> None:
        super().__init__(subject, ignore_case=ignore_case)
        self.left = _MOST_GNU_WORK
        self.rounds: dict[tuple[int, int, int, int | None], dict[int, Groups]] = {}

    def _either(self, parts: tuple[Node, ...], start: int) -> dict[int, Groups]:
        found: dict[int, Groups] = {}
        for part in parts:
            for end, groups in self.ends(part, start).items():
                found.setdefault(end, groups)
        return found

    def _step(self, part: Node, ways: dict[int, _Way]) -> dict[int, _Way]:
        found: dict[int, _Way] = {}
        for place, (path, groups) in ways.items():
            ends = self.ends(part, place)
            self.spend(len(ends))
            for end, more in ends.items():
                found.setdefault(end, (path, groups | more))
        return found

    def _repeat(self, node: Repeat, start: int) -> dict[int, Groups]:
        if isinstance(node.inner, Chars):
            return self._run(node, node.inner, start)
        enough = len(self.subject) + 1  # more rounds add only empty ones, which change nothing
        found = self._rounds(node, start, min(node.least, enough), None if node.most >= enough else node.most)
        nothing = self.ends(node.inner, start).get(start)
        if node.least or not node.most or not nothing:
            return found
        return found | {start: nothing}  # a first round of nothing counts

    def _run(self, node: Repeat, inner: Chars, start: int) -> dict[int, Groups]:
        """Return the ends of a run of characters, the longest first: nearly all that records repeat."""
        end = start
        while end - start < node.most and self._takes(inner, end):
            end += 1
        return {place: {} for place in range(end, start + node.least - 1, -1)}

    def _rounds(self, node: Repeat, place: int, least: int, most: int | None) -> dict[int, Groups]:
        """Return the ends of `least` to `most` rounds, or of any number: those of one more round first."""
        key = (id(node), place, least, most)
        if key not in self.rounds:
            found: dict[int, Groups] = {}
            fewer = most and most - 1
            for end, groups in self.ends(node.inner, place).items() if most != 0 else ():
                if end != place:
                    ends = self._rounds(node, end, max(least - 1, 0), fewer)
                    self.spend(len(ends))
                    for last, more in ends.items():
                        found.setdefault(last, groups | more)
                elif least:
                    found.setdefault(place, groups)
            if not least:
                found.setdefault(place, {})
            self.rounds[key] = found
        return self.rounds[key]

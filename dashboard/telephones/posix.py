"""Running a pattern as the C library does for Kamailio, OpenSIPS, Asterisk and Yate (regcomp with REG_EXTENDED)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from dashboard.enum.ere import count_groups, search
from dashboard.enum.ere_gnu import EreLimit
from dashboard.enum.ere_parser import EreError
from dashboard.telephones import sentences
from dashboard.telephones.values import Unfit

Groups = Mapping[int, str]
DIGITS = frozenset("0123456789")


def match(pattern: str, number: str, most_groups: int) -> Groups:
    """Return the groups of the match that took part, 0 for the whole.

    Raises Unfit for a pattern that is none, has more than `most_groups` groups, or does not match.
    """
    found = _run(pattern, number)
    if isinstance(found, EreLimit):
        raise Unfit("unpredictable", sentences.UNPREDICTABLE)
    if isinstance(found, EreError):
        raise Unfit("pattern", sentences.PATTERN)
    count, groups = found
    if count > most_groups:
        raise Unfit("groups", sentences.GROUPS, {"count": count, "limit": most_groups})
    if groups is None:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    return groups


@lru_cache(maxsize=1024)
def _run(pattern: str, number: str) -> tuple[int, Groups | None] | EreError:
    """Return how many groups there are and which took part, or what is wrong: four systems ask for the same."""
    try:
        return count_groups(pattern, gnu=True), search(pattern, number, gnu=True)
    except EreError as error:
        return error.with_traceback(None)


def c_string(octets: str) -> str:
    """Return what C sees of `octets`: a NUL ends a string."""
    return octets.partition("\0")[0]

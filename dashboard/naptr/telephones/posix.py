"""Running a pattern as the C library does for Kamailio, OpenSIPS, Asterisk and Yate (regcomp with REG_EXTENDED)."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.naptr.ere import count_groups, search
from dashboard.naptr.ere_gnu import EreLimit
from dashboard.naptr.ere_parser import EreError
from dashboard.naptr.telephones import sentences
from dashboard.naptr.telephones.values import Unfit

Groups = Mapping[int, str]
DIGITS = frozenset("0123456789")


def match(pattern: str, number: str, most_groups: int) -> Groups:
    """Return the groups of the match that took part, 0 for the whole.

    Raises Unfit for a pattern that is none, has more than `most_groups` groups, or does not match.
    """
    try:
        count = count_groups(pattern, gnu=True)
        if count > most_groups:
            raise Unfit("groups", sentences.GROUPS, {"count": count, "limit": most_groups})
        groups = search(pattern, number, gnu=True)
    except EreLimit as limit:
        raise Unfit("unpredictable", sentences.UNPREDICTABLE) from limit
    except EreError as error:
        raise Unfit("pattern", sentences.PATTERN) from error
    if groups is None:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    return groups


def c_string(octets: str) -> str:
    """Return what C sees of `octets`: a NUL ends a string."""
    return octets.partition("\0")[0]

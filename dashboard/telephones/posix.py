"""Running a pattern as the C library does for Kamailio, OpenSIPS, Asterisk and Yate (regcomp with REG_EXTENDED)."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.enum.regexps import Unpredictable, count_groups, search_posix
from dashboard.telephones import sentences
from dashboard.telephones.values import Unfit

Groups = Mapping[int, str]
DIGITS = frozenset("0123456789")


def match(pattern: str, number: str, most_groups: int) -> Groups:
    """Return the groups of the match that took part, 0 for the whole.

    Raises Unfit for a pattern that cannot be told, has more than `most_groups` groups, or does not match.
    """
    try:
        count, found = count_groups(pattern), search_posix(pattern, number)
    except Unpredictable as error:
        raise Unfit("unpredictable", sentences.UNPREDICTABLE) from error
    if count > most_groups:
        raise Unfit("groups", sentences.GROUPS, {"count": count, "limit": most_groups})
    if found is None:
        raise Unfit("no-match", sentences.NO_MATCH, {"number": number})
    return found.took_part


def c_string(octets: str) -> str:
    """Return what C sees of `octets`: a NUL ends a string."""
    return octets.partition("\0")[0]

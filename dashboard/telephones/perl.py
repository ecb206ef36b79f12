"""Running a pattern with Perl's semantics, as FreeSWITCH and FreePBX do (PCRE2)."""

from __future__ import annotations

from dashboard.enum.regexps import Found, Unpredictable, matches_more, search_perl
from dashboard.telephones import sentences
from dashboard.telephones.values import Unfit

__all__ = ["Found", "matches_more", "search"]


def search(
    pattern: str, subject: str, place: int = 0, *, ignore_case: bool = False, dot_all: bool = False
) -> Found | None:
    """Return the first match from `place`. Raises Unfit for a pattern that cannot be told."""
    try:
        return search_perl(pattern, subject, place, ignore_case=ignore_case, dot_all=dot_all)
    except Unpredictable as error:
        raise Unfit("unpredictable", sentences.UNPREDICTABLE) from error

"""Finding numbers the way people write them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q, QuerySet

from dashboard.enum import NumberError, Sought, read_sought
from dashboard.registry.models import Number, Zone


def sought(text: str) -> Sought | None:
    """The numbers that are looked for; None if the text is no number, no part of one, and no domain name of one."""
    try:
        return read_sought(text, settings.E164WEB.country, Zone.current().suffix) or None
    except NumberError:
        return None


def matching(wanted: Sought, field: str, star: str = "") -> Q:
    """The condition that `field` has such digits; blocks have a `star` behind theirs."""
    ways = {
        "startswith": wanted.begins,
        "contains": wanted.holds,
        "endswith": {digits + end for digits in wanted.ends for end in ("", star)},
        "exact": {digits + end for digits in wanted.equals for end in ("", star)},
    }
    return reduce(or_, (Q((f"{field}__{way}", digits)) for way, each in ways.items() for digits in each))


def numbers_matching(numbers: QuerySet[Number], term: str) -> QuerySet[Number]:
    """Those of `numbers` that `term` describes: a number or a part of it in any writing, its domain name from the
    front, or an account's name.

    With a + in front it is a beginning, otherwise it may be anywhere in the number. An empty term leaves all.
    """
    term = term.strip()
    if not term:
        return numbers
    wanted = sought(term)
    return numbers.filter(matching(wanted, "digits") if wanted else Q(account__username__icontains=term))

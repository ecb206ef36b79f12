"""Finding numbers the way people write them."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from dashboard.registry.models import PUNCTUATION, Number

_DIGITS = re.compile(r"[0-9]+")
_WRITTEN_NUMBER = re.compile(rf"{PUNCTUATION}*[0-9](?:[0-9]|{PUNCTUATION})*")


def searched_digits(text: str) -> str | None:
    """The digits of `text` if it is written like a number or a part of one, otherwise None."""
    return "".join(_DIGITS.findall(text)) if _WRITTEN_NUMBER.fullmatch(text) else None


def numbers_matching(numbers: QuerySet[Number], term: str) -> QuerySet[Number]:
    """Those of `numbers` that `term` describes: a number or a part of it in any writing, or an account's name.

    With a + in front it is a beginning, otherwise it may be anywhere in the number. An empty term leaves all.
    """
    term = term.strip()
    if not term:
        return numbers
    digits = searched_digits(term)
    if digits is None:
        return numbers.filter(account__username__icontains=term)
    if term.startswith("+"):
        return numbers.filter(digits__startswith=digits)
    return numbers.filter(digits__contains=digits)

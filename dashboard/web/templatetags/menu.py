"""Where a page is in the menu."""

import functools
from typing import NamedTuple

from django import template
from django.urls import get_script_prefix, reverse

register = template.Library()

ENTRIES = ("credentials", "registries", "history")  # names of addresses; pages below them belong to them
NUMBERS = "/numbers/"  # pages of numbers are below their credential, and belong to the first page


class Place(NamedTuple):
    """An entry of the menu by the name of its address, empty for none, and whether the page is the entry's own."""

    entry: str
    itself: bool


@register.filter
def place_in_menu(path: str) -> Place:
    """The entry that the page at `path` belongs to."""
    home, *others = _addresses(get_script_prefix())
    if path == home or NUMBERS in path:
        return Place("home", path == home)
    for entry, address in zip(ENTRIES, others, strict=True):
        if address in path:
            return Place(entry, path == address)
    return Place("", False)


@functools.lru_cache(maxsize=8)
def _addresses(_prefix: str) -> tuple[str, ...]:
    return tuple(reverse(name) for name in ("home", *ENTRIES))

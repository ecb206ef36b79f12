"""The menu, and where a page is in it."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

register = template.Library()

# The name of an address, what it is called, and its heroicon. Pages below an address belong to it.
HOME = ("home", gettext_noop("Numbers"), "phone")
OTHERS = (
    ("credentials", gettext_noop("Credentials"), "key"),
    ("teams", gettext_noop("Teams"), "user-group"),
    ("registries", gettext_noop("Registries"), "server-stack"),
    ("history", gettext_noop("History"), "clock"),
    ("jobs", gettext_noop("Jobs"), "queue-list"),
)
NUMBERS = "/numbers/"  # pages of numbers are below their credential, and belong to the first page


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the menu. `current` is what aria-current takes: "page", "true" for a page below it, or nothing."""

    address: str
    label: str
    icon: str
    current: str


@register.filter
def menu(path: str) -> list[Entry]:
    """The entries, as the page at `path` shows them."""
    addresses = {name: reverse(name) for name, _label, _icon in (HOME, *OTHERS)}
    if path == addresses["home"] or NUMBERS in path.removeprefix(addresses["home"][:-1]):
        here = "home"
    else:
        here = next((name for name, _label, _icon in OTHERS if path.startswith(addresses[name])), "")
    return [
        Entry(addresses[name], _(label), icon, _current(path, addresses[name]) if name == here else "")
        for name, label, icon in (HOME, *OTHERS)
    ]


def _current(path: str, address: str) -> str:
    return "page" if path == address else "true"

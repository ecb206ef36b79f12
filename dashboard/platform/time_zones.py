"""The time zones that this machine knows (IANA's), by name."""

import functools
from zoneinfo import ZoneInfo, available_timezones

UTC = "UTC"
# The continents and oceans that IANA names places by. What has other names is an alias of one of these, or no place.
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@functools.cache
def known() -> frozenset[str]:
    """All names, aliases too: browsers report those. Reads the machine's files once, so a new one needs a restart."""
    return frozenset(available_timezones())


@functools.cache
def places() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names that stand for a place, sorted, below their area."""
    found = {area: tuple(sorted(name for name in known() if name.startswith(f"{area}/"))) for area in AREAS}
    return tuple((area, names) for area, names in found.items() if names)


def find(name: str) -> ZoneInfo | None:
    """The zone of a name from anywhere; None where there is no such zone."""
    # Only what is known is looked up: a name is part of a path in the machine's files.
    return ZoneInfo(name) if name in known() else None

"""Where a registry's numbers are in the DNS: its suffix, its zones, and the name servers that answer for them."""

from collections.abc import Callable, Sequence

from django.conf import settings

from dashboard.models import Registry
from dashboard.nameservers import ZoneFacts

# Of the registry inside this process: the zone of each number (digits, a star behind those of a block), and what all
# numbers count from. The composition root (dashboard/apps.py) sets them.
embedded: Callable[[Sequence[str]], list[ZoneFacts]] | None = None
embedded_suffix: Callable[[], str] | None = None


def zones_of(registry: Registry, names: Sequence[str]) -> list[ZoneFacts]:
    """The zone in which a registry publishes each number: its digits, with a star behind those of a block.

    A zone without servers has some that are to be found in the DNS.
    """
    if registry.is_embedded and embedded is not None:
        return embedded(names)
    return [_elsewhere(registry)] * len(names)


def zone_of(registry: Registry) -> ZoneFacts:
    """What is true of all numbers of a registry, whichever zone they are in: of several zones it is the first."""
    return zones_of(registry, [""])[0]


def own_zone(digits: str) -> ZoneFacts:
    """The zone of a number of the registry inside this process, or what the environment says of it.

    Without digits, what is true of all of its numbers.
    """
    return embedded([digits])[0] if embedded is not None else ZoneFacts(suffix=settings.E164WEB.suffix)


def suffix_of(registry: Registry) -> str:
    """The domain name that a registry's numbers count from."""
    if registry.is_embedded and embedded_suffix is not None:
        return embedded_suffix()
    return registry.suffix


def _elsewhere(registry: Registry) -> ZoneFacts:
    return ZoneFacts(suffix=registry.suffix, servers=registry.addresses)

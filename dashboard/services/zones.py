"""Where a registry's numbers are in the DNS: its suffix, its zones, and the name servers that answer for them."""

from collections.abc import Callable, Sequence

from django.conf import settings

from dashboard.enum import Naptr
from dashboard.models import Registry
from dashboard.nameservers import ZoneFacts

# Of the registry inside this process: the zone of each number (digits, a star behind those of a block), and what all
# numbers count from. The composition root (dashboard/apps.py) sets them.
embedded: Callable[[Sequence[str]], list[ZoneFacts]] | None = None
embedded_suffix: Callable[[], str] | None = None
# The raw NAPTR records that administrators have published of each of these numbers beside the account's own. And of a
# block its digits and one more, with which others exist, so that it answers for nothing that begins so.
embedded_raws: Callable[[Sequence[str]], list[list[Naptr]]] | None = None
embedded_holes: Callable[[str], list[str]] | None = None


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


def raws_of(registry: Registry, names: Sequence[str]) -> list[list[Naptr]]:
    """What each number (as in `zones_of`) has in the DNS besides the records that the protocol knows."""
    if registry.is_embedded and embedded_raws is not None:
        return embedded_raws(names)
    return [[] for _name in names]


def holes_of(registry: Registry, name: str) -> list[str]:
    """The beginnings of numbers for which a block does not answer, as far as only its registry can know."""
    return embedded_holes(name) if registry.is_embedded and embedded_holes is not None else []


def _elsewhere(registry: Registry) -> ZoneFacts:
    return ZoneFacts(suffix=registry.suffix, servers=registry.addresses)

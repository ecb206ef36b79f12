"""Where a registry's numbers are in the DNS: its suffix, and the name servers that answer for it."""

from collections.abc import Callable

from django.conf import settings

from dashboard.models import Registry
from dashboard.nameservers import ZoneFacts

# The zone of the registry inside this process; the composition root (dashboard/apps.py) sets it.
embedded: Callable[[], ZoneFacts] | None = None


def zone_of(registry: Registry) -> ZoneFacts:
    """The zone in which a registry publishes. Without servers, they are to be found in the DNS."""
    if registry.is_embedded and embedded is not None:
        return embedded()
    return ZoneFacts(suffix=registry.suffix, servers=registry.addresses)


def own_zone() -> ZoneFacts:
    """The zone of the registry inside this process, or what the environment says of it."""
    return embedded() if embedded is not None else ZoneFacts(suffix=settings.E164WEB.suffix)


def suffix_of(registry: Registry) -> str:
    """The domain name below which a registry's numbers are."""
    return zone_of(registry).suffix

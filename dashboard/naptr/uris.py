"""Host data as people and registries write it, turned into the URI that a record carries."""

from __future__ import annotations

from dashboard.naptr.services import find_service


def uri_of(service: str, hostdata: str) -> str | None:
    """Return the URI of host data for a service, None if there is none. Never raises."""
    known = find_service(service)
    if known is None or not hostdata:
        return None
    scheme = known.schemes[0]
    return hostdata if hostdata.lower().startswith(scheme + ":") else f"{scheme}:{hostdata}"

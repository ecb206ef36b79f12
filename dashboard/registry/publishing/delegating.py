"""What a zone has of the numbers that others serve: NS and DS records, and addresses of servers inside it (glue)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import dns.rdata
from dns.rdata import Rdata

from dashboard.registry.layout import Layout
from dashboard.registry.models import Zone, read_ds

DELEGATED = ("NS", "DS")  # in this order: a DS record needs an NS record beside it
GLUE = ("A", "AAAA")

Rdatas = Mapping[str, tuple[Rdata, ...]]


def delegated(zone: Zone, layout: Layout) -> dict[str, Rdatas]:
    """The records of a zone's delegations by type, under their digits; and those of their servers inside the zone,
    under these servers' domain names.
    """
    found: dict[str, Rdatas] = {}
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for one in layout.delegations_of(zone):
        names = [host.name for host in one.servers]
        ns = tuple(dns.rdata.from_text("IN", "NS", f"{name}.") for name in sorted(names))
        found[one.digits] = {"NS": ns, "DS": tuple(read_ds(one.ds))}
        for host in one.servers:
            if host.addresses and zone.contains(host.name):
                addresses[host.name].update(host.addresses)
    for name, some in addresses.items():
        found[name] = {rdtype: _rdatas(rdtype, some) for rdtype in GLUE}
    return {name: {rdtype: some for rdtype, some in rdatas.items() if some} for name, rdatas in found.items()}


def delegated_names(zone: Zone, layout: Layout) -> list[str]:
    """The names under which `delegated` has records."""
    return list(delegated(zone, layout))


def _rdatas(rdtype: str, addresses: set[str]) -> tuple[Rdata, ...]:
    fit = sorted(address for address in addresses if (":" in address) == (rdtype == "AAAA"))
    return tuple(dict.fromkeys(dns.rdata.from_text("IN", rdtype, address) for address in fit))

"""What a zone has of the numbers that others serve: NS and DS records, and addresses of servers inside it (glue)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import dns.rdata
from dns.rdata import Rdata

from dashboard.registry.layout import Layout
from dashboard.registry.models import Delegation, Zone, read_ds
from dashboard.registry.models.zone import Host

DELEGATED = ("NS", "DS")  # in this order: a DS record needs an NS record beside it
GLUE = ("A", "AAAA")

Rdatas = Mapping[str, tuple[Rdata, ...]]


def delegated(zone: Zone, layout: Layout, names: Collection[str]) -> dict[str, Rdatas]:
    """What these names (of `delegated_names`) have, by type; those that are no such names are left out."""
    found: dict[str, Rdatas] = {}
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for one in layout.delegations_of(zone):
        if one.digits in names:
            hosts = sorted(host.name for host in one.servers)
            ns = tuple(dns.rdata.from_text("IN", "NS", f"{name}.") for name in hosts)
            found[one.digits] = {"NS": ns, "DS": tuple(read_ds(one.ds))}
        for host in _inside(one, zone):
            if host.name in names:
                addresses[host.name].update(host.addresses)
    for name, some in addresses.items():
        found[name] = {rdtype: _rdatas(rdtype, some) for rdtype in GLUE}
    return {name: {rdtype: some for rdtype, some in rdatas.items() if some} for name, rdatas in found.items()}


def delegated_names(zone: Zone, layout: Layout) -> list[str]:
    """The digits of a zone's delegations, and the domain names of their servers inside the zone."""
    delegations = layout.delegations_of(zone)
    hosts = [host.name for one in delegations for host in _inside(one, zone)]
    return list(dict.fromkeys([*(one.digits for one in delegations), *hosts]))


def _inside(delegation: Delegation, zone: Zone) -> list[Host]:
    return [host for host in delegation.servers if host.addresses and zone.contains(host.name)]


def _rdatas(rdtype: str, addresses: set[str]) -> tuple[Rdata, ...]:
    fit = sorted(address for address in addresses if (":" in address) == (rdtype == "AAAA"))
    return tuple(dict.fromkeys(dns.rdata.from_text("IN", rdtype, address) for address in fit))

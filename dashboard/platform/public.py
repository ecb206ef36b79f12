"""Which addresses are everybody's: those that a server may speak to because somebody asked it to."""

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What ends at the same machine or network although it looks like a public address, in ways that versions of Python
# see differently: tunnels, translators, and what was once meant for them.
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "::/96",  # IPv4-compatible (RFC 4291, section 2.5.5.1)
        "64:ff9b:1::/48",  # translation inside a network (RFC 8215)
        "2001::/23",  # Teredo and other protocols (RFC 4380, RFC 2928)
        "2002::/16",  # 6to4 (RFC 3056)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local (RFC 3879)
    )
)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind a translator (RFC 6052)


def is_reachable(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is public, or in a network that an administrator allows.

    An IPv6 address that stands for an IPv4 address is judged as that.
    """
    try:
        address = _meant(ipaddress.ip_address(text))
    except ValueError:
        return False
    if any(address.version == network.version and address in network for network in allowed):
        return True
    if any(address.version == network.version and address in network for network in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _meant(address: Address) -> Address:
    """The address at which a packet ends. Raises ValueError for one that is of a single link."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.scope_id:
        raise ValueError("an address with a zone is of one link")
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else address

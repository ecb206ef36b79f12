"""What proxies say about a request: X-Forwarded-For and X-Forwarded-Proto, or Forwarded (RFC 7239).

Each proxy adds, on the right, from whom it had the request. So what counts is read from the right, and ends at the
first address that is no trusted proxy's: everything left of it can be made up. Pure: nothing here knows a request.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SCHEMES = frozenset({"http", "https"})
SHOWN = 200  # characters of a header in an error
MAX_PORT = 65_535  # TCP

# RFC 7239, section 4, and what it takes from RFC 9110, section 5.6. Blanks around a semicolon are not in the grammar,
# but on the wire.
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?P<quoted>(?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t !-~\x80-\xff])*)"'
_PAIR = re.compile(rf"(?P<name>{_WORD})=(?:(?P<token>{_WORD})|{_QUOTED})")
_SEPARATOR = re.compile(r"[ \t]*(?P<mark>[;,])[ \t]*")
_ESCAPED = re.compile(r"\\(.)")

# RFC 7239, section 6, and an IPv6 address without its brackets, of which a port cannot be told apart.
_NODE = re.compile(
    r"(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9A-Fa-f:.]+)(?P<zone>%[0-9A-Za-z._~-]+)?\])(?::(?P<port>[0-9]{1,5}|_[0-9A-Za-z._-]+))?"
    r"|(?P<bare>[0-9A-Fa-f:.]+)(?:%[0-9A-Za-z._~-]+)?"
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Trusted = Callable[[str], bool]


class NotUnderstood(ValueError):
    """A header does not say what it should. Its text quotes it and says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who is asking, as an IP address, and over what: "http" or "https". Empty where nothing is said."""

    address: str
    scheme: str


def trust(networks: Sequence[Network]) -> Trusted:
    """Whether an address is in one of these networks; what is no address is in none."""

    def trusted(address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in networks)

    return trusted


def read(trusted: Trusted, *, x_for: str = "", x_proto: str = "", forwarded: str = "") -> Said:
    """What a trusted proxy says in these headers; several of one name are joined by commas.

    A proxy passes on what it does not set itself, so one of the two kinds may be the client's own: what both say must
    be the same. Raises NotUnderstood.
    """
    by_x = Said(_client(trusted, _listed(x_for), f"X-Forwarded-For: {_shown(x_for)}")[0], _scheme(x_proto))
    by_forwarded = _said(trusted, forwarded)
    for one, other in ((by_x.address, by_forwarded.address), (by_x.scheme, by_forwarded.scheme)):
        if one and other and one != other:
            raise NotUnderstood(
                f"Forwarded: {_shown(forwarded)} and X-Forwarded-*, of which {one} follows, contradict each other: "
                "the proxy must remove what it does not set"
            )
    return Said(by_x.address or by_forwarded.address, by_x.scheme or by_forwarded.scheme)


def address_of(node: str) -> str | None:
    """The IP address of a node, written as short as can be; None for one that hides it, or that is no node.

    IPv4 or IPv6 (in brackets or not), perhaps with a port, which is dropped. "unknown" and obfuscated identifiers
    such as "_hidden" name no address (RFC 7239, sections 6.2 and 6.3).
    """
    found = _NODE.fullmatch(node)
    port = found["port"] if found else None
    if not found or (port and port.isdecimal() and int(port) > MAX_PORT):
        return None
    try:
        address = ipaddress.ip_address(found["v4"] or found["v6"] or found["bare"])
    except ValueError:
        return None
    if found["v6"] and address.version == 4:
        return None
    # Nobody sends from there.
    return None if address.is_unspecified or address.is_multicast else plain(str(address))


def plain(address: str) -> str:
    """An IPv4 address without the IPv6 clothes that it wears on a dual-stack socket (RFC 4291, section 2.5.5.2).

    An IPv6 address loses its zone, such as %eth0, which means something to one machine only. What is none is returned
    as it is.
    """
    try:
        ip = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip.ipv4_mapped or ip)


def elements(header: str) -> list[dict[str, str]]:
    """The elements of Forwarded, each as its parameters with their names in lower case. Raises NotUnderstood."""
    text = header.strip(" \t")
    found: list[dict[str, str]] = [{}]
    place = 0
    while place < len(text):
        if pair := _PAIR.match(text, place):
            name = pair["name"].lower()
            if name in found[-1]:
                raise NotUnderstood(f"has “{name}” twice in one element")
            quoted = pair["quoted"]
            found[-1][name] = pair["token"] if quoted is None else _ESCAPED.sub(r"\1", quoted)
            place = pair.end()
        if place < len(text):
            separator = _SEPARATOR.match(text, place)
            if separator is None:
                raise NotUnderstood("does not follow RFC 7239")
            if separator["mark"] == ",":
                found.append({})
            place = separator.end()
    return [element for element in found if element]


def _said(trusted: Trusted, header: str) -> Said:
    shown = f"Forwarded: {_shown(header)}"
    try:
        hops = elements(header)
    except NotUnderstood as error:
        raise NotUnderstood(f"{shown} {error}") from None
    address, place = _client(trusted, [hop.get("for", "") for hop in hops], shown)
    # That of the very connection which the client made.
    return Said(address, _scheme(hops[place].get("proto", "")) if hops else "")


def _client(trusted: Trusted, nodes: list[str], shown: str) -> tuple[str, int]:
    """The last address that no trusted proxy has, and its place; or the first one, of a request of a proxy's own."""
    address, place = "", 0
    for place in range(len(nodes) - 1, -1, -1):
        said = address_of(nodes[place])
        if said is None:
            raise NotUnderstood(f"{shown} does not say who is asking")
        address = said
        if not trusted(address):
            break
    return address, place


def _scheme(said: str) -> str:
    """The last scheme of a list: the nearest proxy's."""
    scheme = ["", *_listed(said)][-1].lower()
    if scheme and scheme not in SCHEMES:
        raise NotUnderstood(f"X-Forwarded-Proto or proto: {_shown(said)} is neither http nor https")
    return scheme


def _listed(header: str) -> list[str]:
    """The members of a list, of which empty ones are none (RFC 9110, section 5.6.1.2)."""
    return [part for part in (part.strip(" \t") for part in header.split(",")) if part]


def _shown(header: str) -> str:
    return ascii(header if len(header) <= SHOWN else header[:SHOWN] + "…")

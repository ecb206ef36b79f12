"""Where a name server listens."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from dashboard.enum.problems import cut, gettext_noop

PORT: Final = 53

_BRACKETED = re.compile(r"\[(?P<host>[^\[\]]*)\](?::(?P<port>[0-9]{1,5}))?")
_PLAIN = re.compile(r"(?P<host>[^:\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"(?=.{1,253}\.?$)(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE)


class AddressError(ValueError):
    """A text that is no name server's address; `message` and `params` as in NameServerError."""

    def __init__(self, message: str, params: Mapping[str, object] | None = None) -> None:
        self.message = message
        self.params = dict(params or {})
        super().__init__(message % self.params)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A host, which is an IP address or a name, and the port of its DNS service."""

    host: str
    port: int = PORT

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "192.0.2.1", "ns1.example.org:5300", "2001:db8::1" or "[2001:db8::1]:53". Raises AddressError."""
        text = text.strip()
        if _is_ip(text):
            return cls(str(ipaddress.ip_address(text)))
        found = _BRACKETED.fullmatch(text) or _PLAIN.fullmatch(text)
        if not found:
            raise _no_address(text)
        return cls(_host(found["host"], text), _port(found["port"], text))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT else f"{host}:{self.port}"


def _host(host: str, text: str) -> str:
    if _is_ip(host):
        return str(ipaddress.ip_address(host))
    # A name that ends in digits would be read as an IPv4 address of an unusual form.
    if text.startswith("[") or not _NAME.fullmatch(host) or host.rstrip(".").rpartition(".")[2].isdigit():
        raise _no_address(text)
    return host.rstrip(".").lower()


def _port(port: str | None, text: str) -> int:
    if port is None:
        return PORT
    if not 1 <= int(port) <= 65535:
        raise AddressError(gettext_noop("“%(address)s” has no port from 1 to 65535."), {"address": cut(text)})
    return int(port)


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # A zone id takes any characters, and means something on one computer only.
    return not getattr(address, "scope_id", None)


def _no_address(text: str) -> AddressError:
    message = gettext_noop("“%(address)s” is no name server's address, as 192.0.2.1 or ns1.example.org:5300 are.")
    return AddressError(message, {"address": cut(text)})

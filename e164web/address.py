"""The address of the site, as browsers see it: scheme, host, port and path, from which all the rest follows."""

import ipaddress
import re
from dataclasses import dataclass

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_HOST = 253  # characters of a name (RFC 1035, section 2.3.4, without the dot at its end)
MAX_PORT = 65_535  # TCP
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
# No percent signs in the path: one server decodes them, and the next one does not. Nor what stands for a folder.
_ADDRESS = re.compile(
    r"(?P<scheme>(?i:https?))://(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<prefix>(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*)/?"
)


@dataclass(frozen=True, kw_only=True)
class SiteAddress:
    """The address of the site, in the form in which browsers send it.

    `host` is in lower case, an IPv6 address without its brackets and as short as can be; `port` is None where it is
    the scheme's own; `prefix` is the path without the slash at its end: empty, or "/enum".
    """

    scheme: str
    host: str
    port: int | None
    prefix: str

    @classmethod
    def parse(cls, text: str) -> "SiteAddress":
        """The address of http://HOST, with :PORT and /PATH if need be. Raises ValueError."""
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise ValueError(text)
        scheme, port = found["scheme"].lower(), int(found["port"]) if found["port"] else None
        if port is not None and not 0 < port <= MAX_PORT:
            raise ValueError(text)
        if port == DEFAULT_PORTS[scheme]:
            port = None
        return cls(scheme=scheme, host=_host(found["host"].lower()), port=port, prefix=found["prefix"])

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the site over TLS."""
        return self.scheme == "https"

    @property
    def named_host(self) -> str:
        """The host as a Host header names it: an IPv6 address in its brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def netloc(self) -> str:
        """Host and port, as a Host header has them."""
        return self.named_host if self.port is None else f"{self.named_host}:{self.port}"

    @property
    def origin(self) -> str:
        """What browsers send as Origin (RFC 6454, section 6.2)."""
        return f"{self.scheme}://{self.netloc}"

    def whole(self, path: str) -> str:
        """The whole address of a path of ours (`reverse`), for mail, the shell and other servers.

        It names the site by its setting: a request's Host may be one that a guesser or a proxy wrote.
        """
        return f"{self.origin}{path}"

    @property
    def is_local(self) -> bool:
        """Whether only browsers on the same machine reach it, as in a trial."""
        return self.host in LOCAL_HOSTS

    @property
    def relying_party(self) -> str:
        """The name that passkeys are bound to (WebAuthn, section 5.1.2); empty where browsers do not do them.

        They want TLS and a name. Only localhost needs no TLS, and it stands for the addresses of this machine too.
        """
        if self.is_local:
            return "localhost"
        is_name = ":" not in self.host and not self.host.rpartition(".")[2].isdecimal()
        return self.host if self.is_https and is_name else ""

    @property
    def shares_its_host(self) -> bool:
        """Whether other programs are likely to be at this host: ours is at a path, or at another port than 443."""
        return bool(self.prefix) or (self.is_https and self.port is not None)

    def __str__(self) -> str:
        return f"{self.origin}{self.prefix}/"


def _host(written: str) -> str:
    if written.startswith("["):
        return str(ipaddress.IPv6Address(written[1:-1]))  # AddressValueError is a ValueError
    name = written.removesuffix(".")
    if not _NAME.fullmatch(name) or len(name) > MAX_HOST:
        raise ValueError(written)
    # Browsers take what ends in a number for an IPv4 address (URL standard, "ends in a number checker").
    return str(ipaddress.IPv4Address(name)) if name.rpartition(".")[2].isdecimal() else name

"""The host and port of a URI (RFC 3986 s3.2.2, RFC 1123 s2.1, RFC 3261 s25.1)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from dashboard.enum.problems import UriError, cut, gettext_noop

MAX_PORT = 65535
MAX_HOST = 253  # RFC 1035 s2.3.4
MAX_LABEL = 63

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PORT = re.compile(r"[0-9]{1,5}")
# IDNA 2003 (Python's codec) and IDNA 2008 (the registries) make different names of these.
_DISPUTED = frozenset("\u00df\u1e9e\u03c2\u200c\u200d")

_MISSING = gettext_noop("The host is missing.")
_BAD_HOST = gettext_noop("“%(host)s” is not a host: write a domain name or an IP address (IPv6 in brackets).")
_BAD_PORT = gettext_noop("The port “%(port)s” must be a number from 1 to %(limit)d.")
_NO_PORT = gettext_noop("After the : behind the host there must be a port.")


def read_host_and_port(text: str) -> tuple[str, int | None]:
    """Return host and port of `host[:port]`, the host in ASCII form. Raises UriError if either is not legal."""
    literal, bracket, after = text.partition("]")
    if text.startswith("[") and bracket:
        host, colon, port = _ipv6(literal[1:]), after[:1], after[1:]
        if colon not in ("", ":"):
            raise _bad_host(text)
    elif text.startswith("[") or (text.count(":") > 1 and _is_ipv6(text)):
        raise _bad_host(text)
    else:
        name, colon, port = text.partition(":")
        host = read_host(name)
    return host, _port(port) if colon else None


def read_host(text: str) -> str:
    """Return a domain name or IPv4 address in ASCII form, without a dot at the end. Raises UriError."""
    if not text:
        raise UriError("host-missing", _MISSING)
    labels = text.removesuffix(".").split(".")
    if len(text) > MAX_HOST or not all(labels):
        raise _bad_host(text)
    host = ".".join(label if label.isascii() else _idna(label, text) for label in labels)
    if labels[-1].isascii() and labels[-1].isdigit():
        return _ipv4(host)
    is_name = all(_LABEL.fullmatch(label) for label in host.split(".")) and not labels[-1][0].isdecimal()
    if not is_name or len(host) > MAX_HOST:
        raise _bad_host(text)
    return host


def is_address(host: str) -> bool:
    """Return whether a host that `read_host_and_port` gave is an IP address rather than a name."""
    return host.startswith("[") or host.replace(".", "").isdigit()


def _ipv4(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError as error:
        raise _bad_host(text) from error


def _is_ipv6(text: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(text))
    except ValueError:
        return False


def _ipv6(text: str) -> str:
    try:
        if "%" not in text:  # a zone index means something on one machine only
            return f"[{ipaddress.IPv6Address(text)}]"
    except ValueError:
        pass
    raise _bad_host(text)


def _idna(label: str, host: str) -> str:
    """Return the ASCII form of a label of letters, digits and marks of any script, as registries allow them."""
    plain = unicodedata.normalize("NFC", label.lower())
    is_word = all(unicodedata.category(character)[0] in "LM" or character in "0123456789-" for character in plain)
    if len(plain) > MAX_LABEL or not is_word or not _DISPUTED.isdisjoint(plain):
        raise _bad_host(host)
    try:
        encoded = plain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _bad_host(host) from error
    if not encoded.startswith("xn--"):  # a look-alike of an ASCII name
        raise _bad_host(host)
    return encoded


def _port(text: str) -> int:
    if not text:
        raise UriError("port", _NO_PORT)
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= MAX_PORT:
        raise UriError("port", _BAD_PORT, {"port": cut(text), "limit": MAX_PORT})
    return int(text)


def _bad_host(text: str) -> UriError:
    return UriError("host", _BAD_HOST, {"host": cut(text)})

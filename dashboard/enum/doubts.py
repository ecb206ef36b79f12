"""What is legal in a record and hardly what its owner means: said with what it will be taken for, and asked twice."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from dashboard.enum.hosts import is_address
from dashboard.enum.problems import Problem, gettext_noop
from dashboard.enum.target import Target

# Names that no public DNS has: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, and what people use for the same.
# Those of documentation (RFC 2606) are not among them: guides and samples are full of them.
_RESERVED = frozenset(
    {"alt", "corp", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain"}
    | {"localhost", "onion", "private", "test"}
)
# RFC 5737, RFC 3849, RFC 9637
_DOCUMENTATION = tuple(
    map(ipaddress.ip_network, ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"])
)
_RINGS_ALONE = frozenset({"sip", "sips", "xmpp"})  # where a host without a user is nobody in particular
_TRANSPORTS = frozenset({"udp", "tcp", "tls", "sctp", "tls-sctp", "ws", "wss"})
_PARAMETER = re.compile(r";(transport|user)=([^;?]*)", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?(?:[0-9().*-]|%23|\{number\}|\{rest\})+(?:;.*)?")
_SHORTEST = 7  # digits of a number with its country code, to be a subscriber's anywhere

_WORD = gettext_noop(
    "“%(host)s” is taken for the name of a machine, not of a person, and without a dot only the caller's own network "
    "can know it. Write %(host)s@ and a domain behind it if you mean somebody."
)
_NO_DOT = gettext_noop("“%(host)s” has no dot: outside the network of its owner nobody finds a machine of that name.")
_HOST_ALONE = gettext_noop("This rings the machine %(host)s itself and nobody in particular: there is no user@.")
_RESERVED_NAME = gettext_noop("Names that end in .%(ending)s are reserved: no public DNS leads to %(host)s.")
_ALIAS = gettext_noop(
    "“%(user)s” names no host (RFC 3508): only callers whose own gatekeeper knows it get there. Write user@host, or "
    "@host for the host itself."
)
_LOOPBACK = gettext_noop("%(host)s is the caller's own machine, whoever calls.")
_EXAMPLE = gettext_noop("%(host)s is reserved for documentation: nobody has this address.")
_MULTICAST = gettext_noop("%(host)s is a multicast address: nobody in particular has it.")
_PRIVATE = gettext_noop("%(host)s is a private address: only callers in the same network get there.")
_NO_TRANSPORT = gettext_noop(
    "“%(transport)s” is no transport that telephone systems know: udp, tcp, tls, ws, wss are."
)
_NO_TELEPHONE = gettext_noop("“user=phone” says that “%(user)s” is a telephone number, which it is not.")
_SHORT = gettext_noop("+%(digits)s is too short for a number with its country code.")
_LOCAL = gettext_noop(
    "“%(number)s” is a local number: only callers to whom its phone-context means something get there."
)
_ZERO = gettext_noop("No country code begins with 0.")


def doubts_in(target: Target, digits: str) -> Iterator[Problem]:
    """Yield a concern for each thing that cannot well be meant in a record of the number `digits`."""
    if target.scheme == "tel":
        yield from _number_doubts(target, digits)
    elif target.scheme == "h323" and not target.host:
        yield Problem.concern("alias", _ALIAS, user=target.user)
    for each in (target, *target.others):
        if each.host:
            yield from _address_doubts(each) if is_address(each.host) else _name_doubts(each)
    if target.scheme in ("sip", "sips"):
        yield from _parameter_doubts(target)


def _number_doubts(target: Target, digits: str) -> Iterator[Problem]:
    if not target.user.startswith("+"):
        yield Problem.concern("local-number", _LOCAL, number=target.user)
    elif target.digits and len(target.digits) < _SHORTEST:
        yield Problem.concern("short-number", _SHORT, digits=target.digits)
    # Some private trees have such numbers, and then the number that is written to is one of them.
    if target.digits.startswith("0") and not digits.startswith("0"):
        yield Problem.concern("leading-zero", _ZERO)


def _name_doubts(target: Target) -> Iterator[Problem]:
    host = target.host.lower()
    ending = next((name for name in _RESERVED if host == name or host.endswith("." + name)), None)
    if ending == "localhost":
        yield Problem.concern("loopback", _LOOPBACK, host=target.host)
    elif "." not in host:
        is_word = not target.user and target.scheme in _RINGS_ALONE
        yield Problem.concern("bare-word", _WORD if is_word else _NO_DOT, host=target.host)
    elif ending:
        yield Problem.concern("reserved-name", _RESERVED_NAME, ending=ending, host=target.host)
    if "." in host and not target.user and target.scheme in _RINGS_ALONE:
        yield Problem.concern("host-alone", _HOST_ALONE, host=target.host)


def _address_doubts(target: Target) -> Iterator[Problem]:
    address = ipaddress.ip_address(target.host.strip("[]"))
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback or address.is_unspecified:
        yield Problem.concern("loopback", _LOOPBACK, host=target.host)
    elif any(address in network for network in _DOCUMENTATION if network.version == address.version):
        yield Problem.concern("documentation-address", _EXAMPLE, host=target.host)
    elif address.is_multicast:
        yield Problem.concern("multicast-address", _MULTICAST, host=target.host)
    elif not address.is_global:
        yield Problem.concern("private-address", _PRIVATE, host=target.host)
    if not target.user and target.scheme in _RINGS_ALONE:
        yield Problem.concern("host-alone", _HOST_ALONE, host=target.host)


def _parameter_doubts(target: Target) -> Iterator[Problem]:
    for name, value in _PARAMETER.findall(target.tail.partition("?")[0]):
        if name.lower() == "transport" and value.lower() not in _TRANSPORTS:
            yield Problem.concern("transport", _NO_TRANSPORT, transport=value)
        is_phone = name.lower() == "user" and value.lower() == "phone"
        if is_phone and target.user and not _TELEPHONE.fullmatch(target.user):
            yield Problem.concern("user-phone", _NO_TELEPHONE, user=target.user)

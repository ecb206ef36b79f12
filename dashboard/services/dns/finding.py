"""Whom to ask about a zone: its name servers and the resolvers.

Administrators choose name servers, resolvers and suffixes; nobody else can make this ask somewhere. Their own
settings may name any address. What the DNS says about a suffix is less trusted: name servers found there are asked
at port 53 only, and never at addresses that lead back to this machine or to the link (cloud metadata, broadcasts).
Private networks are allowed, for private trees such as dn42's live there.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers import Address, AddressError, Answer, Key, ZoneFacts
from dashboard.services.dns.asking import Patience, Question, Response, ask_all
from dashboard.services.dns.words import Remark

MAX_TARGETS = 8  # servers and resolvers of a page, together
MIN_RESOLVERS = 2  # of these, where there are so many
SYSTEM = Path("/etc/resolv.conf")
LOCAL = Address("127.0.0.1")
SYSTEM_RESOLVERS = 3  # as many as the C library asks (resolv.conf(5), MAXNS)

NO_SERVER = gettext_noop(
    "This registry publishes %(suffix)s to no name server yet. An administrator can add one, or name resolvers that "
    "find the zone elsewhere."
)
NONE_FOUND = gettext_noop("No name server was found for %(suffix)s: only resolvers are asked.")
NOT_ASKED = gettext_noop("%(server)s is not asked: its address %(address)s belongs to this machine or its link.")
TOO_MANY = gettext_noop("%(count)d more name servers or resolvers are not asked.")


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody who is asked: a name server of the zone, or a resolver. `name` is empty where only the address is
    known. A server that knows us by a key is asked with it.
    """

    address: Address
    is_resolver: bool
    name: str = ""
    key: Key | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.name else str(self.address)


@dataclass(frozen=True, slots=True)
class Targets:
    """Who is asked about a zone, servers first, and what there is to say about that."""

    targets: tuple[Target, ...]
    remarks: tuple[Remark, ...] = ()


def resolvers() -> tuple[Address, ...]:
    """The configured resolvers (E164WEB_RESOLVERS), or those of the system, one at least.

    A system that names none has one of its own (resolv.conf(5)). What is no address is left out.
    """
    configured = tuple(_addresses(settings.E164WEB.resolvers))
    return configured or tuple(_addresses(_of_system()))[:SYSTEM_RESOLVERS] or (LOCAL,)


def targets_of(zone: ZoneFacts, patience: Patience) -> Targets:
    """Who is asked about this zone: its servers, found in the DNS where none are known, and the resolvers.

    Nobody, where we are the zone's only source and publish it nowhere: public resolvers would be told about numbers
    of which they can know nothing. Resolvers that an administrator has named may know a zone that was carried on.
    """
    if zone.is_ours and not zone.servers and (zone.problem or not settings.E164WEB.resolvers):
        return Targets((), () if zone.problem else (Remark(NO_SERVER, {"suffix": zone.origin}),))
    asked = resolvers()
    if zone.servers:
        servers = [Target(address, is_resolver=False, key=zone.keys.get(address)) for address in zone.servers]
        return _limited(servers, asked, [])
    servers, remarks = _found(zone.origin, asked, patience)
    if not servers:
        remarks.append(Remark(NONE_FOUND, {"suffix": zone.origin}))
    return _limited(servers, asked, remarks)


def _limited(servers: Sequence[Target], resolvers_: Sequence[Address], remarks: list[Remark]) -> Targets:
    room = MAX_TARGETS - min(MIN_RESOLVERS, len(resolvers_))
    chosen = [*servers[:room], *(Target(address, is_resolver=True) for address in resolvers_)][:MAX_TARGETS]
    left_out = len(servers) + len(resolvers_) - len(chosen)
    if left_out:
        remarks = [*remarks, Remark(TOO_MANY, {"count": left_out})]
    return Targets(tuple(chosen), tuple(remarks))


def _found(origin: str, resolvers_: Sequence[Address], patience: Patience) -> tuple[list[Target], list[Remark]]:
    """The name servers that the resolvers name for a zone, each with one address."""
    for name in _and_above(origin):
        responses = ask_all([Question(resolver, name, "NS", recurse=True) for resolver in resolvers_], patience)
        answer = next((one for one in responses.values() if isinstance(one, Answer) and one.rdatas), None)
        if answer is not None:
            hosts = sorted(name.rstrip(".").lower() for name in _contents(answer, "target"))[:MAX_TARGETS]
            return _with_addresses(hosts, answer.server, patience)
    return [], []


def _and_above(origin: str) -> Iterator[str]:
    """A zone's name, and the names above it that may be the zone in which it lies; no top-level domain."""
    labels = origin.split(".")
    for place in range(max(1, len(labels) - 1)):
        yield ".".join(labels[place:])


def _with_addresses(hosts: Sequence[str], resolver: Address, patience: Patience) -> tuple[list[Target], list[Remark]]:
    responses = ask_all(
        [Question(resolver, host, rdtype, recurse=True) for rdtype in ("A", "AAAA") for host in hosts], patience
    )
    targets: list[Target] = []
    remarks: list[Remark] = []
    for host in hosts:
        # IPv4 first: where there is no IPv6, every server that has both would seem to be down.
        asked = [Question(resolver, host, rdtype, recurse=True) for rdtype in ("A", "AAAA")]
        found = [address for question in asked for address in _contents(responses.get(question), "address")]
        fit = [text for text in found if may_be_asked(text)]
        if fit:
            targets.append(Target(Address(fit[0]), is_resolver=False, name=host))
        elif found:
            remarks.append(Remark(NOT_ASKED, {"server": host, "address": found[0]}))
    return targets, remarks


def may_be_asked(address: str) -> bool:
    """Whether a name server that was only found in the DNS may be asked at this IP address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return not (ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved)


def _contents(response: Response | None, attribute: str) -> list[str]:
    """One part of each record of an answer, as text."""
    return [str(getattr(rdata, attribute)) for rdata in response.rdatas] if isinstance(response, Answer) else []


def _addresses(texts: Iterable[str]) -> Iterator[Address]:
    for text in texts:
        try:
            yield Address.parse(text)
        except AddressError:
            continue


def _of_system() -> list[str]:
    """The resolvers that resolv.conf(5) names."""
    try:
        lines = SYSTEM.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]

"""The zones, their delegations and name servers: changing them, and what the rest of the site is told about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dashboard import vault
from dashboard.enum import check_number
from dashboard.nameservers import Address, AddressError, Key, TsigKeyError, ZoneFacts
from dashboard.registry.layout import Layout, of_a_sample
from dashboard.registry.models import BLOCK, ZONE, Delegation, NameServer, Number, Zone, first_zone
from dashboard.registry.models.zone import DEFAULT_HOST, read_hosts
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.content import owner_name
from dashboard.vault import SealError

DN42: Final = "tel.dn42"  # where its registry has objects of their own for prefixes of numbers

# What of a zone is in every record of every number.
_IN_EVERY_RECORD: Final = ("ttl", "publishes_caller_names")
# Of a name server; the rest is the publisher's.
_OF_A_PERSON: Final = ("zone", "address", "is_enabled", "refusals", "retry_at", "problem", "problem_at")


class NotPrepared(Exception):
    """What the environment asks for contradicts what is stored, or itself; the message is for the administrator."""


def facts(names: Sequence[str]) -> list[ZoneFacts]:
    """What there is to know, from outside, about the zone of each number or block (as in Number.name).

    Of a number that others serve, to whom we have delegated it, that is only where their zone begins.
    """
    first, layout = Zone.current(), Layout.current()
    digits = [name.removesuffix(BLOCK) for name in names]
    samples = set(Number.objects.filter(is_sample=True, digits__in=digits).values_list("digits", flat=True))
    of_zones = {zone.pk: _facts(zone, layout) for zone in layout.zones}
    return [_facts_of(name, samples, of_zones, first, layout) for name in names]


def suffix() -> str:
    """What the numbers of this registry count from."""
    return Zone.current().suffix


def _facts_of(
    name: str, samples: Collection[str], of_zones: Mapping[int, ZoneFacts], first: Zone, layout: Layout
) -> ZoneFacts:
    place = layout.place_of(name)
    facts = of_zones[place.pk if isinstance(place, Zone) else first.pk]
    if isinstance(place, Delegation):
        origin = owner_name(place.digits, first.suffix)
        return ZoneFacts(suffix=first.suffix, origin=origin, problem=layout.why_not(name))
    if place is None:
        return replace(facts, servers=(), problem=layout.why_not(name))
    return replace(facts, problem=of_a_sample()) if name.removesuffix(BLOCK) in samples else facts


def _facts(zone: Zone, layout: Layout) -> ZoneFacts:
    servers = {server.place: _key_of(server) for server in NameServer.objects.filter(zone=zone, is_enabled=True)}
    return ZoneFacts(
        suffix=zone.suffix,
        origin=zone.origin,
        servers=tuple(servers),
        rules=zone.rules,
        caller_names=zone.publishes_caller_names,
        ttl=zone.ttl,
        is_ours=True,
        cuts=tuple(layout.cuts_of(zone)),
        keys={place: key for place, key in servers.items() if key},
    )


def _key_of(server: NameServer) -> Key | None:
    """The key; None where it cannot be opened, which the publisher says."""
    try:
        return server.key
    except SealError:
        return None


def prepare(suffix: str, apex: str, name_servers: Sequence[str], key: str) -> list[NameServer]:
    """Make the first zone and these name servers where they are missing; return those that were made.

    Suffix and apex ("": the suffix) count when the zone is made; they are changed in the admin later. `key` is the
    servers' TSIG key as `Key.parse` reads it; those that exist get it too, if it is another one. To be called again
    with the same. Raises NotPrepared.
    """
    with transaction.atomic():
        zone, is_new = Zone.objects.get_or_create(pk=ZONE, defaults=first_zone(suffix, apex))
        try:
            if is_new:
                zone.full_clean()
            return [made for address in name_servers if (made := _prepare_server(zone, address, key))]
        except ValidationError as error:
            raise NotPrepared(" ".join(error.messages)) from error


def _prepare_server(zone: Zone, address: str, text: str) -> NameServer | None:
    """Make the server, or give the one that exists the key. Returns it if it was made."""
    try:
        key = Key.parse(text) if text else None
        address = str(Address.parse(address))
    except (TsigKeyError, AddressError) as error:
        raise NotPrepared(gettext(error.message) % error.params) from error
    server = NameServer.objects.filter(zone=zone, address=address).first()
    if server is not None:
        if key is not None and not _has_key(server, key):
            save_name_server(server, key)
        return None
    if key is None:
        message = gettext("The name server %(address)s needs a TSIG key: nothing is sent unsigned.")
        raise NotPrepared(message % {"address": address})
    server = NameServer(zone=zone, address=address)
    server.full_clean()
    save_name_server(server, key)
    return server


def _has_key(server: NameServer, key: Key) -> bool:
    return _key_of(server) == key


def save_zone(zone: Zone) -> None:
    """Save a zone, new or changed, and have everything published that the change concerns.

    Another suffix is the other zones' too, which keep their place below it.
    """
    with queue.locked():
        before = Zone.objects.filter(pk=zone.pk).first()
        if before is None:
            # The first one has a key of its own choice, of which PostgreSQL's counter knows nothing.
            zone.pk = max(Zone.objects.values_list("pk", flat=True)) + 1
            zone.save(force_insert=True)
            queue.enqueue_under(zone.prefix)
            return
        zone.save(
            update_fields=[
                field.name for field in Zone._meta.concrete_fields if field.editable and not field.primary_key
            ]
        )
        for other in Zone.objects.exclude(pk=zone.pk).exclude(suffix=zone.suffix):
            moved = with_suffix(other, zone.suffix)
            Zone.objects.filter(pk=other.pk).update(suffix=moved.suffix, apex=moved.apex)
            _start_over(other)
        if before.origin != zone.origin or before.suffix != zone.suffix:
            _start_over(zone)
            for prefix in {before.prefix, zone.prefix}:
                queue.enqueue_under(prefix)
        elif any(getattr(before, name) != getattr(zone, name) for name in _IN_EVERY_RECORD):
            for server in zone.name_servers.all():
                queue.enqueue_all(server.pk)


def _start_over(zone: Zone) -> None:
    for server in zone.name_servers.all():
        queue.start_over(server.pk)


def with_suffix(zone: Zone, suffix: str) -> Zone:
    """The zone as it is when numbers count from another suffix: an apex below the old one moves along."""
    below = zone.origin.removesuffix(f".{zone.suffix}")
    apex = f"{below}.{suffix}" if zone.apex and below != zone.origin else zone.apex
    return Zone(
        pk=zone.pk,
        suffix=suffix,
        apex=apex,
        hosts=zone.hosts,
        max_digits=zone.max_digits,
        leading_zero=zone.leading_zero,
    )


def delete_zone(zone: Zone) -> None:
    """Forget a zone, which has no name servers any more. Its numbers are published by the next one above, if any."""
    with queue.locked():
        prefix = zone.prefix
        zone.delete()
        queue.enqueue_under(prefix)


def save_delegation(delegation: Delegation) -> None:
    """Save a delegation, new or changed, and have published what it concerns."""
    with queue.locked():
        before = Delegation.objects.filter(pk=delegation.pk).first()
        delegation.save()
        for digits in {delegation.digits, before.digits if before else delegation.digits}:
            queue.enqueue_under(digits)


def delete_delegation(delegation: Delegation) -> None:
    """Take a delegation back: its numbers are ours to publish again."""
    with queue.locked():
        digits = delegation.digits
        delegation.delete()
        queue.enqueue_under(digits)


def refuse_narrower_rules(zone: Zone) -> None:
    """Refuse rules under which a number of the zone would be none. Raises ValidationError."""
    others = [other.prefix for other in Zone.objects.exclude(pk=zone.pk) if len(other.prefix) > len(zone.prefix)]
    # What a number is, one function decides; the database only hands them out.
    stored = Number.objects.filter(digits__startswith=zone.prefix).values_list("digits", flat=True)
    count = sum(
        1
        for digits in stored.iterator(chunk_size=10_000)
        if not digits.startswith(tuple(others)) and check_number(digits, zone.rules)
    )
    if count:
        message = ngettext(
            "%(count)s number of the registry breaks these rules.",
            "%(count)s numbers of the registry break these rules.",
            count,
        )
        raise ValidationError(message, code="rules", params={"count": number_format(count, force_grouping=True)})


def refuse_contradiction(zone: Zone) -> None:
    """Refuse a zone whose suffix or apex the other zones cannot go along with. Raises ValidationError."""
    others = list(Zone.objects.exclude(pk=zone.pk))
    if zone.pk is None and others and zone.suffix != others[0].suffix:
        message = _("All zones of this registry count from the same suffix, %(suffix)s.")
        params = {"suffix": others[0].suffix}
        raise ValidationError({"suffix": ValidationError(message, code="suffix", params=params)})
    for other in others:
        moved = with_suffix(other, zone.suffix)
        if moved.origin == zone.origin:
            message = _("There is a zone with the apex %(apex)s already.")
            raise ValidationError({"apex": ValidationError(message, code="unique", params={"apex": zone.origin})})
        try:
            moved.clean()
        except ValidationError as error:
            message = _("The zone %(zone)s shares the suffix, and cannot go along. %(reason)s")
            params = {"zone": other.origin, "reason": " ".join(error.messages)}
            raise ValidationError({"suffix": ValidationError(message, code="others", params=params)}) from None


def refuse_lost_delegation(delegation: Delegation) -> None:
    """Refuse a delegation out of no zone, or without the addresses that it needs. Raises ValidationError."""
    layout = Layout.current()
    zone = layout.zone_above(delegation.digits)
    if zone is None:
        message = _("No zone of this registry is above these numbers; they begin at %(apexes)s.")
        params = {"apexes": ", ".join(zone.origin for zone in layout.zones)}
        raise ValidationError({"digits": ValidationError(message, code="no-zone", params=params)})
    origin = owner_name(delegation.digits, zone.suffix)
    for host in delegation.servers:
        if not host.addresses and (host.name == origin or host.name.endswith(f".{origin}")):
            message = _("%(name)s is below %(origin)s itself, so nobody would find it without its address.")
        elif host.addresses and not zone.contains(host.name):
            message = _("%(name)s is not inside the zone %(zone)s, where its address would mean nothing.")
        else:
            continue
        params = {"name": host.name, "origin": origin, "zone": zone.origin}
        raise ValidationError({"hosts": ValidationError(message, code="glue", params=params)})


def registration(zone: Zone) -> list[str]:
    """What the zone above must know of a zone, as lines of a registry object such as dn42's."""
    named = [host for host in read_hosts(zone.hosts) if host.name != DEFAULT_HOST]
    hosts = [" ".join((host.name, *host.addresses)) for host in named]
    hosts = hosts or [gettext("(the names of your servers: enter them below, under “Zone file”)")]
    is_of_dn42 = zone.suffix == DN42 and zone.prefix
    kind, name = ("telephony", f"+{zone.prefix}") if is_of_dn42 else ("domain", zone.origin)
    return [_line(kind, name), *(_line("nserver", host) for host in hosts)]


def _line(key: str, value: str) -> str:
    return f"{key + ':':<20}{value}"


def unpublished(limit: int, beginning: str = "") -> tuple[list[str], int]:
    """Why numbers are in no zone of ours: a sentence for each of the first ones, and how many there are.

    `beginning`: only numbers that begin with these digits. Sample numbers are not among them.
    """
    layout = Layout.current()
    found = layout.unpublished().filter(digits__startswith=beginning)
    return [f"{number}: {layout.why_not(number.name)}" for number in found[:limit]], found.count()


def save_name_server(server: NameServer, key: Key | None) -> None:
    """Save a name server, new or changed; with no key it keeps the one that it has. It may be sent to again.

    A server at another address gets every number, and needs a key: a secret is not sent somewhere else because an
    address was changed.
    """
    with queue.locked():
        before = NameServer.objects.filter(pk=server.pk).first()
        moved = before is None or before.address != server.address or before.zone_id != server.zone_id
        if moved and key is None:
            raise ValueError("a name server at another address needs its key anew")
        server.refusals, server.retry_at, server.problem, server.problem_at = 0, None, "", None
        server.save(update_fields=None if before is None else _OF_A_PERSON)
        if key is not None:
            server.key_name = str(key)
            server.sealed = vault.seal(server, f"{key.algorithm}:{key.name}:{key.secret}")
            server.save(update_fields=["key_name", "sealed"])
        if moved:
            queue.start_over(server.pk)


def resume(servers: Iterable[NameServer]) -> int:
    """Have servers tried at once that had refused; return how many there were. So is what waits for them."""
    refusing = [server.pk for server in servers if server.is_refusing]
    with transaction.atomic():
        NameServer.objects.filter(pk__in=refusing).update(refusals=0, retry_at=None, problem="", problem_at=None)
        for server_id in refusing:
            queue.hurry(server_id)
    return len(refusing)


def send_everything(server: NameServer) -> None:
    """Have everything sent to a server that it should have, or should not have any more."""
    with queue.locked():
        queue.enqueue_all(server.pk)
        queue.enqueue_ours(server.pk)

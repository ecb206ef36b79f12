"""The zone and its name servers: changing them, and what the rest of the site is told about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from dashboard import vault
from dashboard.enum import check_number
from dashboard.nameservers import Address, AddressError, Key, TsigKeyError, ZoneFacts
from dashboard.registry.models import ZONE, NameServer, Number, Zone
from dashboard.registry.publishing import queue
from dashboard.vault import SealError

# What of a zone is in every record of every number.
_IN_EVERY_RECORD: Final = ("ttl", "publishes_caller_names")
# Of a name server; the rest is the publisher's.
_OF_A_PERSON: Final = ("address", "is_enabled", "is_stopped", "problem", "problem_at")


class NotPrepared(Exception):
    """What the environment asks for contradicts what is stored, or itself; the message is for the administrator."""


def facts() -> ZoneFacts:
    """What there is to know about the zone, from outside."""
    zone = Zone.current()
    servers = NameServer.objects.filter(is_enabled=True)
    return ZoneFacts(
        suffix=zone.suffix,
        servers=tuple(server.place for server in servers),
        rules=zone.rules,
        caller_names=zone.publishes_caller_names,
        ttl=zone.ttl,
        is_ours=True,
    )


def prepare(suffix: str, name_servers: Sequence[str], key: str) -> list[NameServer]:
    """Make the zone and these name servers where they are missing; return those that were made.

    The suffix counts when the zone is made; it is changed in the admin later. `key` is the servers' TSIG key as
    `Key.parse` reads it; those that exist get it too, if it is another one. To be called again with the same.
    Raises NotPrepared.
    """
    with transaction.atomic():
        zone, is_new = Zone.objects.get_or_create(pk=ZONE, defaults={"suffix": suffix})
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
    server = NameServer.objects.filter(address=address).first()
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
    try:
        return server.key == key
    except SealError:
        return False


def save_zone(zone: Zone) -> None:
    """Save a changed zone, and have everything published that the change concerns."""
    with queue.locked():
        before = Zone.objects.get(pk=zone.pk)
        zone.save(
            update_fields=[
                field.name for field in Zone._meta.concrete_fields if field.editable and not field.primary_key
            ]
        )
        if before.suffix != zone.suffix:
            for server in zone.name_servers.all():
                queue.start_over(server.pk)
        elif any(getattr(before, name) != getattr(zone, name) for name in _IN_EVERY_RECORD):
            queue.enqueue_all()


def refuse_narrower_rules(zone: Zone) -> None:
    """Refuse rules under which a number that is there would be none. Raises ValidationError."""
    # What a number is, one function decides; the database only hands them out.
    stored = Number.objects.values_list("digits", flat=True).iterator(chunk_size=10_000)
    count = sum(1 for digits in stored if check_number(digits, zone.rules))
    if count:
        message = ngettext(
            "%(count)s number of the registry breaks these rules.",
            "%(count)s numbers of the registry break these rules.",
            count,
        )
        raise ValidationError(message, code="rules", params={"count": number_format(count, force_grouping=True)})


def save_name_server(server: NameServer, key: Key | None) -> None:
    """Save a name server, new or changed; with no key it keeps the one that it has. It may be sent to again.

    A server at another address gets every number, and needs a key: a secret is not sent somewhere else because an
    address was changed.
    """
    with queue.locked():
        before = NameServer.objects.filter(pk=server.pk).first()
        moved = before is None or before.address != server.address
        if moved and key is None:
            raise ValueError("a name server at another address needs its key anew")
        server.is_stopped, server.problem, server.problem_at = False, "", None
        server.save(update_fields=None if before is None else _OF_A_PERSON)
        if key is not None:
            server.key_name = str(key)
            server.sealed = vault.seal(server, f"{key.algorithm}:{key.name}:{key.secret}")
            server.save(update_fields=["key_name", "sealed"])
        if moved:
            queue.start_over(server.pk)


def resume(servers: Iterable[NameServer]) -> int:
    """Let servers be sent to again that had refused; return how many there were. What waits is tried at once."""
    stopped = [server.pk for server in servers if server.is_stopped]
    with transaction.atomic():
        NameServer.objects.filter(pk__in=stopped).update(is_stopped=False, problem="", problem_at=None)
        for server_id in stopped:
            queue.hurry(server_id)
    return len(stopped)


def send_everything(server: NameServer) -> None:
    """Have everything sent to a server that it should have, or should not have any more."""
    with queue.locked():
        queue.enqueue_all(server.pk)
        queue.enqueue_ours(server.pk)

"""Webhooks: added, given another secret, switched on and off, removed; and what was sent to them, sent again."""

import base64
import re
import secrets
import uuid
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access, vault
from dashboard.enum.problems import gettext_noop
from dashboard.models import Event, Fate, OutboxMessage, User, Webhook, WebhookSecret
from dashboard.platform.public import is_reachable
from dashboard.services import audit
from dashboard.services.telling import whose

BOTH_SIGN = timedelta(hours=24)  # for so long the secret that was replaced signs too
MOST = 10  # webhooks of one person or team
NOT_VISIBLE_ASCII = re.compile(r"[^!-~]")
SECRET_BYTES = 32  # Standard Webhooks: between 24 and 64


class _Problem(Exception):
    message = ""
    params: dict[str, object] = {}


class AddressRefused(_Problem):
    """No message can be sent to this address; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooManyWebhooks(_Problem):
    """Whoever it is for has as many as anybody may have."""

    message = gettext_noop("There are %(count)s webhooks already: remove one first.")
    params = {"count": MOST}


class AddressKnown(_Problem):
    """Whoever it is for has a webhook with this address, perhaps of a form that was sent twice."""

    message = gettext_noop(
        "There is a webhook with this address already. If you have not kept its secret, replace it on its page."
    )


class SecretReplaced(_Problem):
    """The secret that the person saw was replaced since, perhaps by a form that was sent twice."""

    message = gettext_noop(
        "The secret was replaced since you opened this page, so it was not replaced again: the one before that would "
        "have stopped at once."
    )


class SwitchedOff(_Problem):
    """Nothing is sent to a webhook that is switched off."""

    message = gettext_noop("The webhook is switched off: switch it on first.")


NO_HTTPS = gettext_noop("The address must begin with https:// and name a host, in ASCII.")
WITH_NAME = gettext_noop("The address must hold neither a user name nor a fragment.")
NOT_PUBLIC = gettext_noop(
    "This is no public address. An administrator can allow networks (E164WEB_WEBHOOK_NETWORKS)."
)


def check_address(address: str) -> None:
    """Refuse what nothing can be sent to. Raises AddressRefused. Where a name leads is seen whenever it is used."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or NOT_VISIBLE_ASCII.search(address):
        raise AddressRefused(NO_HTTPS)
    if "@" in parts.netloc or parts.fragment:
        raise AddressRefused(WITH_NAME)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return
    if not is_reachable(host, settings.E164WEB.webhook_networks):
        raise AddressRefused(NOT_PUBLIC)


def add_webhook(person: User, address: str, *, team: int | None) -> tuple[Webhook, str]:
    """Add a webhook for oneself, or for a team that one manages. Returns it, and its secret, this once.

    Raises Http404 and PermissionDenied, AddressRefused, AddressKnown and TooManyWebhooks.
    """
    check_address(address)
    with transaction.atomic():
        if team is not None:
            owner = access.locked_team(person, team, access.MANAGE)
            webhook = Webhook(team=owner, address=address)
            others = Webhook.objects.filter(team=owner)
        else:
            owner = None
            access.lock(User, person.pk)
            webhook = Webhook(user=person, address=address)
            others = Webhook.objects.filter(user=person)
        if others.filter(address=address).exists():
            raise AddressKnown
        if others.count() >= MOST:
            raise TooManyWebhooks
        webhook.save(force_insert=True)
        secret = _new_secret(webhook)
        audit.note("webhook.added", by=person, team=owner, words=address)
    return webhook, secret


def secret_of(webhook: Webhook) -> int:
    """Which secret signs, beside one that was replaced."""
    return webhook.secrets.filter(ends_at=None).values_list("pk", flat=True).first() or 0


def replace_secret(person: User, pk: int, *, seen: int | None = None) -> str:
    """Sign with another secret, and for 24 hours with the last one too. Returns the new one, this once.

    `seen` is the one that the person saw signing. Raises SecretReplaced, Http404 and PermissionDenied.
    """
    with transaction.atomic():
        webhook = _locked(person, pk)
        if seen is not None and seen != secret_of(webhook):
            raise SecretReplaced
        ends = timezone.now() + BOTH_SIGN
        current = webhook.secrets.filter(ends_at=None)
        # One that was replaced before signs no longer: two is what receivers expect.
        webhook.secrets.exclude(ends_at=None).delete()
        current.update(ends_at=ends)
        secret = _new_secret(webhook)
        audit.note("webhook.secret", by=person, team=webhook.team, words=webhook.address)
    return secret


def switch(person: User, pk: int, *, on: bool) -> Webhook:
    """Send messages to a webhook, or no longer. What was to be sent while it is off is not sent later."""
    with transaction.atomic():
        webhook = _locked(person, pk)
        if webhook.is_on != on:
            webhook.is_on, webhook.why_off = on, ""
            webhook.failures, webhook.failing_since, webhook.due_at = 0, None, timezone.now()
            webhook.save()
            if not on:
                drop_waiting(webhook)
            audit.note("webhook.on" if on else "webhook.off", by=person, team=webhook.team, words=webhook.address)
    return webhook


def drop_waiting(webhook: Webhook) -> None:
    """Do not send what waits for a webhook."""
    waiting = OutboxMessage.objects.filter(webhook=webhook, fate=Fate.WAITING)
    waiting.update(fate=Fate.GIVEN_UP, done_at=timezone.now())


def remove_webhook(person: User, pk: int) -> Webhook:
    """Remove a webhook, its secrets, and what was sent to it."""
    with transaction.atomic():
        webhook = _locked(person, pk)
        Webhook.objects.filter(pk=pk).delete()
        audit.note("webhook.removed", by=person, team=webhook.team, words=webhook.address)
    return webhook


def send_test(person: User, pk: int) -> None:
    """Send a message that tells of nothing. Raises SwitchedOff."""
    with transaction.atomic():
        webhook = _locked(person, pk)
        if not webhook.is_on:
            raise SwitchedOff
        uid = uuid.uuid4()
        OutboxMessage.objects.create(key=f"test {uid}", uid=uid, event=Event.TEST, webhook=webhook)
        Webhook.objects.filter(pk=pk).update(due_at=timezone.now())


def send_again(person: User, pk: int, message: int) -> None:
    """Send a message once more, whatever became of it: with the same id. Raises Http404 and SwitchedOff."""
    with transaction.atomic():
        webhook = _locked(person, pk)
        if not webhook.is_on:
            raise SwitchedOff
        now = timezone.now()
        found = whose.messages_to(person, webhook).filter(pk=message)
        again = found.update(fate=Fate.WAITING, done_at=None, due_at=now, first_tried_at=None, attempts=0)
        if not again:
            raise Http404(_("There is no such message."))
        Webhook.objects.filter(pk=pk).update(due_at=now)


def _locked(person: User, pk: int) -> Webhook:
    """A webhook that this person manages, which nobody else changes until the transaction ends."""
    access.lock(Webhook, pk)
    return whose.webhook(person, pk, access.MANAGE)


def _new_secret(webhook: Webhook) -> str:
    """A new secret, in the form that receivers' libraries take (Standard Webhooks)."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    row = WebhookSecret.objects.create(webhook=webhook)
    row.sealed = vault.seal(row, secret)
    row.save(update_fields=["sealed"])
    return secret

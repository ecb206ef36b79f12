"""What waits in the outbox is sent: letters to people, messages to webhooks.

A message is marked as told after it was sent. So whoever is killed between the two has it sent once more, and never
not at all. Its lock (`services.background.working`) sees to it that no two send the same at one time.
"""

import json
import logging
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from standardwebhooks import Webhook as Signer

from dashboard import access, client, vault
from dashboard.enum.problems import gettext_noop
from dashboard.models import Delivery, Fate, OutboxMessage, User, Webhook
from dashboard.platform import time_zones
from dashboard.services.background import pauses
from dashboard.services.background.saying import Told, link, payload, sentence, told_by
from dashboard.services.telling import drop_waiting, note_switched_off

GIVES_UP = timedelta(days=3)
LETTERS_EVERY = timedelta(minutes=1)  # to one person at most; what comes meanwhile goes together
KEPT = timedelta(days=30)  # of messages that are done, with the log of their deliveries
IN_A_LETTER = 1_000  # messages
MOST = 100  # messages to one webhook before others have their turn
TURN = 10.0  # seconds after which others have it too: one that answers slowly must not hold up everybody's

NOTHING_TAKEN = gettext_noop("it took no message for three days.")
GONE = gettext_noop("it answered that it is gone (410).")
HTTP_GONE = 410

logger = logging.getLogger(__name__)


def _due() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(fate=Fate.WAITING, due_at__lte=timezone.now())


def people_to_write_to() -> list[int]:
    """Who is to get a letter now."""
    lately = timezone.now() - LETTERS_EVERY
    just_told = OutboxMessage.objects.filter(fate=Fate.TOLD, done_at__gt=lately, user__isnull=False).values("user")
    due = _due().filter(user__isnull=False).exclude(user__in=just_told)
    return list(due.order_by().values_list("user", flat=True).distinct())


def write_to(pk: int) -> None:
    """Send one person what waits for them, in one letter."""
    person = User.objects.filter(pk=pk).first()
    waiting = list(_due().filter(user=pk).order_by("created_at", "pk")[:IN_A_LETTER])
    if person is None or not waiting:
        return
    # Nobody is told by a letter any more who does not want one, or has no address, or where none are sent.
    is_wanted = person.is_active and person.email_notices and person.email and settings.E164WEB.mail_server
    about = {message.credential_id for message in waiting} if is_wanted else set()
    may_know = {pk for pk in about if pk is None or access.may_know(person, pk)}
    known = [message for message in waiting if message.credential_id in may_know]
    news = [told for told in told_by(known) if told.is_news]
    messages = [told.message for told in news]
    _done([message for message in waiting if message not in messages], Fate.DROPPED)
    if not news:
        return
    try:
        _send(person, news)
    except (OSError, ValueError) as error:  # no server, or no address that a letter can have
        logger.warning("A letter was not sent: %s", type(error).__name__)
        _postpone(messages)
    else:
        _done(messages, Fate.TOLD)


def _send(person: User, told: Sequence[Told]) -> None:
    """In the receiver's language and time zone; without any of their own, in those of this site."""
    language = person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    zone = time_zones.find(person.time_zone) or timezone.get_default_timezone()
    with translation.override(language), timezone.override(zone):
        parts = [f"{sentence(one)}\n{link(one.message)}" for one in told]
        subject = sentence(told[0])
        if len(told) > 1:
            subject = ngettext("%(count)d message", "%(count)d messages", len(told)) % {"count": len(told)}
        ends = _("You get this because you, or a team of yours, watch it: %(watches)s") % {
            "watches": settings.E164WEB.url.whole(reverse("watches"))
        }
    body = "\n\n".join([*parts, f"-- \ne164web, {settings.E164WEB.url}\n{ends}"])
    line = " ".join(subject.split())
    EmailMessage(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{line}", body, None, [person.email]).send()


def _done(messages: Iterable[OutboxMessage], fate: Fate) -> None:
    pks = [message.pk for message in messages]
    if pks:
        OutboxMessage.objects.filter(pk__in=pks).update(fate=fate, done_at=timezone.now())


def _postpone(messages: Iterable[OutboxMessage]) -> None:
    """Try again later, and not for ever."""
    now = timezone.now()
    for message in messages:
        message.attempts += 1
        message.first_tried_at = message.first_tried_at or now
        message.due_at = pauses.after(pauses.RECEIVER, message.attempts)
        if now - message.first_tried_at >= GIVES_UP:
            message.fate, message.done_at = Fate.GIVEN_UP, now
        message.save(update_fields=["attempts", "first_tried_at", "due_at", "fate", "done_at"])


def webhooks_to_send_to() -> list[int]:
    """The webhooks for which something waits."""
    due = _due().filter(webhook__is_on=True, webhook__due_at__lte=timezone.now())
    return list(due.order_by().values_list("webhook", flat=True).distinct())


def send_to(pk: int) -> None:
    """Send a webhook what waits for it, in order, until it does not take something."""
    ends = time.monotonic() + TURN
    for _turn in range(MOST):
        webhook = Webhook.objects.select_related("user", "team").filter(pk=pk, is_on=True).first()
        if webhook is None or webhook.due_at > timezone.now():
            return
        message = _due().select_related("credential__registry").filter(webhook=pk).order_by("due_at", "pk").first()
        if message is None:
            return
        _send_one(webhook, message)
        if time.monotonic() >= ends:
            return


def _send_one(webhook: Webhook, message: OutboxMessage) -> None:
    (told,) = told_by([message])
    whose = webhook.user or webhook.team
    knows = whose is not None and (message.credential_id is None or access.may_know(whose, message.credential_id))
    if not knows or not told.is_news:
        _done([message], Fate.DROPPED)
        return
    status, problem = _posted(webhook, told)
    with transaction.atomic():
        # Somebody may have switched it off or removed it meanwhile.
        stored = Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
        if stored is None or not OutboxMessage.objects.filter(pk=message.pk).exists():
            return
        Delivery.objects.create(message=message, attempt=message.attempts + 1, status=status, problem=problem)
        if status is not None and 200 <= status < 300:
            _done([message], Fate.TOLD)
            stored.failures, stored.failing_since = 0, None
            stored.save(update_fields=["failures", "failing_since"])
        else:
            _failed(stored, message, status)


def _posted(webhook: Webhook, told: Told) -> tuple[int | None, str]:
    """The status of the answer, or what kept it from coming."""
    body = json.dumps(payload(told), separators=(",", ":"))
    reach = client.Reach(allowed=settings.E164WEB.webhook_networks, ca_bundle=settings.E164WEB.webhook_ca)
    try:
        return client.post(webhook.address, body.encode(), _headers(webhook, told.message, body), reach), ""
    except client.WebhookFailure as failure:
        return None, failure.code
    except vault.SealError:
        return None, "sealed"


def _headers(webhook: Webhook, message: OutboxMessage, body: str) -> dict[str, str]:
    """What Standard Webhooks asks for, with a signature by each secret that is good. Raises vault.SealError."""
    now = timezone.now().astimezone(UTC)
    good = [row for row in webhook.secrets.select_related("webhook") if row.ends_at is None or row.ends_at > now]
    identity = f"msg_{message.uid.hex}"
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Signer(vault.unseal(row)).sign(identity, now, body) for row in good),
    }


def _failed(webhook: Webhook, message: OutboxMessage, status: int | None) -> None:
    """Later, with growing pauses, for the message and for all others to the same webhook; and at last no more."""
    now = timezone.now()
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.due_at = pauses.after(pauses.RECEIVER, webhook.failures)
    if status == HTTP_GONE or now - webhook.failing_since >= GIVES_UP:
        webhook.is_on, webhook.why_off = False, GONE if status == HTTP_GONE else NOTHING_TAKEN
    webhook.save()
    _postpone([message])
    if not webhook.is_on:
        drop_waiting(webhook)
        note_switched_off(webhook)


def forget() -> None:
    """Forget messages that were done long ago, and secrets that sign no longer."""
    now = timezone.now()
    old = OutboxMessage.objects.exclude(fate=Fate.WAITING).filter(done_at__lt=now - KEPT)
    OutboxMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:1000])).delete()
    for webhook in Webhook.objects.filter(secrets__ends_at__lt=now).distinct():
        webhook.secrets.filter(ends_at__lt=now).delete()

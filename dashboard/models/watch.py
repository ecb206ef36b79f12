"""Who wants to be told of what, and what waits to be told."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.models.change import Change
from dashboard.models.credential import Credential
from dashboard.models.note import MAX_TAGS
from dashboard.models.registry import Registry
from dashboard.models.user import User
from dashboard.models.whose import Whose

MAX_NUMBER = 40  # characters of a number as the history has it
MAX_WEBHOOK_ADDRESS = 500


class Kind(models.TextChoices):
    """What one may want to be told of."""

    CHANGED = "changed", _("changes by others")
    SEEN = "seen", _("changes made elsewhere")
    WORSE = "worse", _("systems that can no longer call")
    DNS = "dns", _("a DNS that differs for 10 minutes")
    REGISTRY = "registry", _("a registry that does not answer")


class Email(models.TextChoices):
    """When a letter goes out."""

    NOW = "now", _("at once")
    DAILY = "daily", _("once a day, all together")
    NONE = "none", _("never")


class Watch(Whose):
    """A person or a team that wants to be told of one number of a credential, of those with a `tag`, or of all.

    `kinds` are values of Kind, separated by blanks. With `to_webhooks`, all webhooks of whoever watches get it too.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="watches")
    number_id = models.BigIntegerField(null=True)
    number = models.CharField(_("number"), max_length=MAX_NUMBER, blank=True)
    tag = models.CharField(_("tag"), max_length=MAX_TAGS, blank=True)
    kinds = models.CharField(max_length=100)
    email = models.CharField(_("e-mail"), max_length=5, choices=Email, default=Email.NOW)
    to_webhooks = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Whose.Meta):
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["credential__label", "number", "tag", "pk"]

    def __str__(self) -> str:
        return f"{self.credential} {self.words}".strip()

    @property
    def words(self) -> str:
        """Which numbers, for the audit trail; empty for all."""
        return self.number or self.tag

    @property
    def asked_for(self) -> list[Kind]:
        """What it tells of."""
        return [kind for kind in Kind if kind in self.kinds.split()]


class Webhook(Whose):
    """An address to which messages are sent, signed.

    After a failure all its messages wait until `due_at`; nothing was taken since `failing_since`. One that is
    switched off says why in `why_off`, an English sentence to translate.
    """

    address = models.CharField(_("address"), max_length=MAX_WEBHOOK_ADDRESS)
    is_on = models.BooleanField(default=True)
    why_off = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Whose.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["address", "pk"]

    def __str__(self) -> str:
        return self.address


class WebhookSecret(models.Model):
    """What messages to a webhook are signed with, sealed; one that was replaced until `ends_at`."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField(editable=False)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.pk}"

    @property
    def seal_owner(self) -> str:
        """What the sealed secret is bound to: this row, and where messages go."""
        return f"webhook-secret:{self.pk}:{self.webhook_id}:{self.webhook.address}"


class Event(models.TextChoices):
    """What a message may tell of: what is watched, and what concerns a webhook itself."""

    CHANGED = Kind.CHANGED
    SEEN = Kind.SEEN
    WORSE = Kind.WORSE
    DNS = Kind.DNS
    REGISTRY = Kind.REGISTRY
    TEST = "test"
    OFF = "off"


class Fate(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", _("waiting")
    TOLD = "told", _("told")
    DROPPED = "dropped", _("not sent")  # whoever would be told may not know it any more, or it was nothing after all
    GIVEN_UP = "given-up", _("given up")


class OutboxMessage(models.Model):
    """What one receiver is to be told, stored in the transaction of what it tells of.

    The receiver is a person, by e-mail, or a webhook. `key` names the event and the receiver, so that nobody is told
    of one event twice; `uid` is what a receiver of a webhook knows the message by, however often it comes. `change`
    is the key of a Change: the history may forget it before.
    """

    key = models.CharField(max_length=200, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=10, choices=Event)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, null=True, related_name="+")
    number_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=MAX_NUMBER, blank=True)
    change = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, null=True, related_name="messages")
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    first_tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["fate", "due_at"], name="outbox_due")]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One attempt to give a message to a webhook: the HTTP status, or what kept it from having one.

    Of the reply nothing else is stored. `problem` is a code of `client.WebhookFailure`.
    """

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveIntegerField()
    status = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.status or self.problem}"


class WatchedNumber(models.Model):
    """A number that is looked at now and then, since somebody watches it. The DNS differs since `dns_since`."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="+")
    number_id = models.BigIntegerField()
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    dns_since = models.DateTimeField(null=True)
    dns_told = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential", "number_id"], name="watched_number_once")]

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.number_id}"


class RegistryState(models.Model):
    """How a registry answered the background process last, and when that asks it again.

    It has not answered since `silent_since`, null where it does.
    """

    registry = models.OneToOneField(Registry, on_delete=models.CASCADE, related_name="state")
    failures = models.PositiveIntegerField(default=0)
    silent_since = models.DateTimeField(null=True)
    is_told = models.BooleanField(default=False)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.registry}: {self.failures}"


class SettlingPause(models.Model):
    """A change that could not be settled although its registry answers: when it is tried again."""

    change = models.OneToOneField(Change, on_delete=models.CASCADE, related_name="pause")
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.change_id}: {self.failures}"

"""The history: every write, committed before it is sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.user import User


class Outcome(models.TextChoices):
    """What is known about a write."""

    SENT = "sent", _("sent")  # committed, and then the process stopped or is still waiting
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    NOT_APPLIED = "not-applied", _("not applied")
    UNKNOWN = "unknown", _("unknown")


class Command(models.TextChoices):
    """The commands of the protocol that write."""

    NEW = "new", _("add")
    UPDATE = "update", _("change")
    DELETE = "delete", _("delete")
    DELETEALL = "deleteall", _("delete all")


class Change(models.Model):
    """One write: who, when, which number, before, after and outcome.

    ``before`` and ``after`` are lists of records as `dashboard.services.history` writes them. Names are copied, so
    that the history outlives the credential and the person.
    """

    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="changes")
    person = models.CharField(_("who"), max_length=150)
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="changes")
    credential_label = models.CharField(_("credential"), max_length=100)
    registry_name = models.CharField(_("registry"), max_length=100)
    command = models.CharField(_("command"), max_length=10, choices=Command)
    number_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=40)
    record_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.SENT)
    words = models.TextField(_("what was said"), blank=True)
    # The form's own token: the same POST twice is one write.
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "submission"], name="change_submitted_once")]
        indexes = [models.Index(fields=["credential", "number_id", "settled_at"], name="change_open_of_number")]

    def __str__(self) -> str:
        return f"{self.command} {self.number} {self.outcome}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled: nobody knows yet if the registry did it."""
        return self.settled_at is None

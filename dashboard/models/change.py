"""The history: every write, committed before it is sent."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.fields import RecordsField, RequestIdField
from dashboard.models.job import Job
from dashboard.models.searching import MAX_DIGITS, searched_text
from dashboard.models.token import MAX_TOKEN_NAME
from dashboard.models.user import MAX_USERNAME, User
from dashboard.protocol import RecordState

MAX_REASON = 200  # characters


class Outcome(models.TextChoices):
    """What is known about a write."""

    SENT = "sent", _("sent")  # committed, and then the process stopped or is still waiting
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    NOT_APPLIED = "not-applied", _("not applied")
    UNKNOWN = "unknown", _("unknown")


class Command(models.TextChoices):
    """The commands of the protocol that write, and what was found to be otherwise than at the last look."""

    NEW = "new", _("add")
    UPDATE = "update", _("change")
    DELETE = "delete", _("delete")
    DELETEALL = "deleteall", _("delete all")
    SEEN = "seen", _("seen")


class Change(models.Model):
    """One write: who, when, which number, before, after and outcome.

    ``before`` holds all records of the number as they were when the command was sent, and ``after`` what they become
    if it is applied; `outcome` says whether it was. Changes, deletions and moves of version 0.1 kept only the one
    record: their ``is_whole`` is false. Names are copied, so that the history outlives the credential and the person.

    What one form sends with several ``commands`` has one ``batch``; both are null for a write by itself.
    ``undoes`` is the change that this one takes back, and ``was_id`` the id that its record had before it was
    deleted. ``reason`` is what the person said that it is for. ``job`` is the one that it is a part of, if any.

    What changed elsewhere has the command "seen": it has no person, and happened between ``looked_at``, the look
    before, and ``created_at``.
    """

    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="changes")
    person = models.CharField(_("who"), max_length=MAX_USERNAME)
    # Of the token with which a program acted for the person; empty where they did it themselves.
    token_name = models.CharField(_("token"), max_length=MAX_TOKEN_NAME, blank=True)
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="changes")
    credential_label = models.CharField(_("credential"), max_length=100)
    registry_name = models.CharField(_("registry"), max_length=100)
    command = models.CharField(_("command"), max_length=10, choices=Command)
    number_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=MAX_DIGITS)
    record_id = models.BigIntegerField(null=True)
    before = RecordsField(default=list)
    after = RecordsField(default=list)
    is_whole = models.BooleanField(default=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.SENT)
    words = models.TextField(_("what was said"), blank=True)
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)
    batch = models.UUIDField(null=True, db_index=True, editable=False)
    commands = models.PositiveIntegerField(null=True, editable=False)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone_by")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    was_id = models.BigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    request_id = RequestIdField()
    # The form's own token: the same POST twice is one write.
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    # What the history is searched by; in small letters (`dashboard.models.searching`).
    text = models.TextField(default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "submission"], name="change_submitted_once")]
        indexes = [
            models.Index(fields=["credential", "number_id", "settled_at"], name="change_open_of_number"),
            models.Index(fields=["id"], condition=models.Q(settled_at=None), name="change_open"),
            models.Index(fields=["outcome", "id"], name="change_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.command} {self.number} {self.outcome}"

    def save(self, *args: Any, update_fields: Any = None, **options: Any) -> None:  # noqa: ANN401 -- Django's own
        """Store it, with the text by which it is found as it is now."""
        self.text = self.searched
        fields = None if update_fields is None else {*update_fields, "text"}
        super().save(*args, update_fields=fields, **options)

    @property
    def searched(self) -> str:
        """What it is found by, as it is now."""
        said = (self.person, self.token_name, self.credential_label, self.registry_name, self.reason, self.words)
        return searched_text(self.number, said, [*self.gone, *self.come])

    @classmethod
    def forget(cls, before: datetime, at_most: int) -> int:
        """Delete some of the settled changes that were made before. How many, which is 0 where none is left."""
        old = cls._default_manager.filter(created_at__lt=before, settled_at__isnull=False).order_by("created_at")
        ids = list(old.values_list("pk", flat=True)[:at_most])
        cls._default_manager.filter(pk__in=ids).delete()
        return len(ids)

    @classmethod
    def found(cls, ids: Iterable[int]) -> "models.QuerySet[Change]":
        """Those with these ids, which were found among what a person may see (`dashboard.models.searching`)."""
        return cls._default_manager.filter(pk__in=list(ids))

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled: nobody knows yet if the registry did it."""
        return self.settled_at is None

    def leave_open(self, words: str) -> None:
        """Store why nobody knows the outcome, unless somebody has settled it meanwhile, who knows more."""
        self.outcome, self.words = Outcome.UNKNOWN, words
        still_open = type(self)._default_manager.filter(pk=self.pk, settled_at=None)
        still_open.update(outcome=self.outcome, words=self.words, text=self.searched)

    @property
    def gone(self) -> list[RecordState]:
        """The records that the write takes away, or the one that it changes as it was before."""
        return self._concerned(self.before, self.after)

    @property
    def come(self) -> list[RecordState]:
        """The records that the write adds, or the one that it changes as it is afterwards."""
        return self._concerned(self.after, self.before)

    def _concerned(self, these: list[RecordState], those: list[RecordState]) -> list[RecordState]:
        if self.command == Command.UPDATE:
            return [record for record in these if record.id == self.record_id]
        return [record for record in these if record not in those]

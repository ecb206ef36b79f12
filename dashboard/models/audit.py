"""The audit trail: what happened that is no change of records, as a chain in which nothing can be altered unseen."""

import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Any, NoReturn, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard import vault
from dashboard.models.credential import MAX_LABEL, Credential
from dashboard.models.team import MAX_TEAM_NAME, Team
from dashboard.models.user import MAX_USERNAME, User

logger = logging.getLogger(__name__)

MAX_EVENT = 60
MAX_ADDRESS = 64
MAX_WORDS = 1_000
DIGEST_LENGTH = hashlib.sha256().digest_size * 2
FORMAT = "e164web audit 1"  # of what is hashed; another order or another field needs another
PURPOSE = "end of the audit trail"


class AppendOnlyError(Exception):
    """Somebody tried to change or to remove an event."""

    def __init__(self) -> None:
        super().__init__("The audit trail is append-only.")


class Kept(models.QuerySet["AuditEvent"]):
    """Events as one reads them: they cannot be changed or removed together either."""

    def update(self, **values: object) -> NoReturn:
        """Raises AppendOnlyError."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Raises AppendOnlyError."""
        raise AppendOnlyError


class AuditEvent(models.Model):
    """One thing that happened: what, when, by whom and from where, and about what.

    `digest` is the SHA-256 of everything that the row says, and of the digest before it. Names are copied, so that
    they outlive what they name; the links only help to find events, and are no part of what is hashed, since they
    become null. They have no constraint in the database: to note something waits for nobody who is changing what it
    is about.
    """

    # The sequence, without gaps.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    event = models.CharField(_("what"), max_length=MAX_EVENT, db_index=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    by_name = models.CharField(_("who"), max_length=MAX_USERNAME, blank=True)
    # Empty for the shell.
    address = models.CharField(_("from"), max_length=MAX_ADDRESS, blank=True)
    about = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    about_name = models.CharField(_("about"), max_length=MAX_USERNAME, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    team_name = models.CharField(_("team"), max_length=MAX_TEAM_NAME, blank=True)
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    credential_name = models.CharField(_("credential"), max_length=MAX_LABEL, blank=True)
    words = models.TextField(_("words"), blank=True)
    previous = models.CharField(max_length=DIGEST_LENGTH, blank=True)  # empty for the first
    digest = models.CharField(max_length=DIGEST_LENGTH)

    objects = models.Manager.from_queryset(Kept)()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.event}"

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's own
        """Store it once. Raises AppendOnlyError afterwards."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **options)

    def delete(self, *args: object, **options: object) -> NoReturn:
        """Raises AppendOnlyError."""
        raise AppendOnlyError

    @classmethod
    def append(cls, **facts: Any) -> Self:  # noqa: ANN401 -- fields of several kinds
        """Add an event at the end, which whoever does so holds until their transaction ends."""
        with transaction.atomic():
            head = AuditHead.locked()
            event = cls(number=head.count + 1, previous=head.digest, at=_now(), **facts)
            event.digest = event.expected_digest()
            event.save(force_insert=True)
            head.move_to(event.number, event.digest)
        return event

    def expected_digest(self) -> str:
        """The digest that belongs to what the row says now."""
        at: datetime = self.at
        said = [
            *(FORMAT, self.previous, self.number, at.astimezone(UTC).isoformat(timespec="milliseconds"), self.event),
            *(self.by_name, self.address, self.about_name, self.team_name, self.credential_name, self.words),
        ]
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode("ascii")).hexdigest()


def _now() -> datetime:
    """The time in milliseconds: more does not survive `dumpdata`, which writes JSON."""
    now = timezone.now()
    return now.replace(microsecond=now.microsecond // 1_000 * 1_000)


class AuditHead(models.Model):
    """The end of the trail, one row: how many events there are, and the digest of the last.

    It is signed with keys that are not in the database (`dashboard.vault`), so that who can only write there can
    neither remove events at the end unseen nor make up others. An end that was tampered with stays without a
    signature, whatever is noted later, until an administrator who has the keys accepts it.
    """

    count = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    signatures = models.TextField(blank=True)
    # The number of the last event before somebody tampered with the end, as far as that is known.
    broken_after = models.BigIntegerField(null=True)

    ONLY = 1  # its primary key

    def __str__(self) -> str:
        return f"{self.count}: {self.digest}"

    @classmethod
    def locked(cls) -> Self:
        """The end, which nobody else can move before this transaction ends. With one that was tampered with, it goes
        on after the last event that is there.
        """
        head, _made = cls.objects.select_for_update().get_or_create(pk=cls.ONLY)
        last = AuditEvent.objects.first()
        if not head.is_signed or (last and last.number > head.count):
            logger.error("The end of the audit trail was tampered with: run manage.py verify_audit")
            head.count, head.digest = (last.number, last.digest) if last else (0, "")
            head.signatures = ""
            head.broken_after = head.count if head.broken_after is None else head.broken_after
        return head

    @property
    def is_signed(self) -> bool:
        """Whether an installation with one of our keys wrote it."""
        return vault.is_signed(PURPOSE, self._signed, self.signatures)

    @property
    def _signed(self) -> str:
        return f"{self.count} {self.digest}"

    def move_to(self, number: int, digest: str) -> None:
        """Store that this is the last event now."""
        goes_on = self.is_signed
        self.count, self.digest = number, digest
        self.signatures = vault.sign(PURPOSE, self._signed) if goes_on else ""
        self.save()

    def accept(self) -> None:
        """Sign the end as it is now."""
        self.broken_after = None
        self.signatures = vault.sign(PURPOSE, self._signed)
        self.save()

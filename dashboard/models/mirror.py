"""The mirror: what registries said last, a row for each number, so that all of it can be searched at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.fields import RecordsField
from dashboard.models.searching import MAX_DIGITS
from dashboard.protocol import Number
from dashboard.protocol.values import MAX_TELEPHONE


class Mirror(models.Model):
    """How far the mirror of a credential is: when it was refreshed, and what is under way.

    `wanted_at` is when somebody asked for the refresh that is under way or waits, and null where none does. That
    began at `began_at`; `listed_at` is when the registry said last which numbers there are. Of `total` numbers `done`
    were looked at since it began. `finished_at` is the end of the last whole refresh, and `failure` why the last one
    did not get on, or which numbers it could not read; after `failures` in a row it waits until `due_at`. A refresh
    that is under way moves that on with each step, so one that was due a while ago has nobody who does it.

    `used_at` is when somebody last looked at the credential's numbers, to the hour.
    """

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, related_name="mirror")
    wanted_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mirror")
        verbose_name_plural = _("mirrors")
        indexes = [models.Index(fields=["due_at"], condition=Q(wanted_at__isnull=False), name="mirror_due")]

    def __str__(self) -> str:
        return f"{self.credential}: {self.done}/{self.total}"


class MirroredNumber(models.Model):
    """What a number had when last seen; what changes elsewhere is noticed by it (`services.history.seeing`).

    `digits` is the whole number, without a plus; empty where only its id is known, from before there was a mirror.
    `fingerprint` is that of the records, and empty where these are not known: the number was listed and never looked
    at (then `seen_at` is null), or only their count is known, from version 0.1. Where a write of our own came after
    the last look, `is_expected` is true: then they are what was sent, and a registry may keep that in an order and a
    case of its own. `changed_at` is when something of it changed last, as far as is known.

    `problems` are the names of the telephone systems that cannot use some of its records, or find nothing to call
    where others do, with blanks between and around; `dns_state` is what the DNS said of it last
    (`services.dns.State`). `text` is what it is searched by.

    On rows that a search shows `label` is that of their credential, and `note` and `tags` are what people noted.
    """

    label: str
    note: str
    tags: str

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="mirrored_numbers")
    number_id = models.BigIntegerField()
    country = models.CharField(max_length=MAX_TELEPHONE, blank=True)
    area = models.CharField(max_length=MAX_TELEPHONE, blank=True)
    local = models.CharField(max_length=MAX_TELEPHONE, blank=True)
    digits = models.CharField(max_length=MAX_DIGITS, blank=True)
    record_count = models.PositiveIntegerField(default=0)
    records = RecordsField(default=list)
    fingerprint = models.CharField(max_length=90, blank=True)
    is_expected = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    problems = models.CharField(max_length=200, blank=True)
    dns_state = models.CharField(max_length=12, blank=True)
    text = models.TextField(default="", editable=False)

    class Meta:
        verbose_name = _("mirrored number")
        verbose_name_plural = _("mirrored numbers")
        constraints = [models.UniqueConstraint(fields=["credential", "number_id"], name="mirrored_number_once")]
        indexes = [
            models.Index(fields=["credential", "digits", "id"], name="mirrored_digits"),
            models.Index(fields=["digits", "id"], name="mirrored_order"),
            models.Index(fields=["digits", "id"], name="mirrored_problems", condition=models.Q(problems__gt="")),
            models.Index(fields=["dns_state", "digits", "id"], name="mirrored_dns"),
            models.Index(fields=["record_count", "digits", "id"], name="mirrored_records"),
            models.Index(fields=["changed_at"], name="mirrored_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.digits or self.number_id}: {self.record_count}"

    @property
    def number(self) -> Number:
        """The number, as the registry wrote its fields."""
        return Number(id=self.number_id, country=self.country, area=self.area, local=self.local)

    @property
    def was_looked_at(self) -> bool:
        """Whether its records are known."""
        return bool(self.fingerprint)

    @property
    def is_block(self) -> bool:
        """Whether it stands for all numbers that begin with its digits."""
        return self.local.rstrip().endswith("*")

    @property
    def name(self) -> str:
        """A plus and its digits, with a star behind for a block."""
        return f"+{self.digits}{'*' * self.is_block}"

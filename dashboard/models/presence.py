"""Which processes run, on all machines that share the database."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

MAX_NAME, MAX_MACHINE, MAX_VERSION, DIGEST = 80, 100, 30, 32
LATE = timedelta(minutes=1)  # without a sign of life, after which a process is taken for dead
FORGOTTEN = timedelta(days=1)


class Presence(models.Model):
    """One server, background process or publisher: where it runs, and with which keys, which are named by digests.

    `name` is that of its announcement on its own machine (`e164web.servers`).
    """

    class Kind(models.TextChoices):
        """What it does."""

        SERVE = "serve", "serve"
        WORK = "work", "work"
        PUBLISH = "publish", "publish"

    name = models.CharField(max_length=MAX_NAME, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    machine = models.CharField(max_length=MAX_MACHINE)
    version = models.CharField(max_length=MAX_VERSION)
    secret = models.CharField(max_length=DIGEST)
    keys = models.TextField()  # with blanks between
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.machine}"

    @classmethod
    def lively(cls) -> "models.QuerySet[Presence]":
        """Those that were seen lately."""
        return cls._default_manager.filter(seen_at__gt=timezone.now() - LATE)

    @classmethod
    def forget(cls) -> None:
        """Remove those that have not been seen for long."""
        cls._default_manager.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()

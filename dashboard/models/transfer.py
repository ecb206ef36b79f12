"""Imports: what somebody wants to bring in, as it came, and its lines until a job is made of them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.models.credential import Credential
from dashboard.models.fields import RawsField
from dashboard.models.job import Job
from dashboard.models.searching import MAX_DIGITS
from dashboard.models.user import User

MAX_FILE_NAME = 100  # characters that are shown of a file's name
MAX_SERVICE_NAME = 255
MAX_FIELD = 20


class Format(models.TextChoices):
    """What a text is that is brought in."""

    CSV = "csv", _("CSV")
    JSON_LINES = "jsonl", _("JSON lines")
    ZONE = "zone", _("zone file")


class Import(models.Model):
    """A text with records, for the numbers of a credential.

    `name` is what its file was called, which is shown and means nothing. `options` say how it is read
    (`services.transfer.options`). `job` is the preview that is made of it, None until somebody has said which column
    is what. Of `lines` with a record `problems` have one. `read_at` is when all of it had been read. `submission` is
    made of the form's token and what came with it, so that two clicks are one import, and another text is another.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, null=True, related_name="+")
    format = models.CharField(_("format"), max_length=5, choices=Format)
    name = models.CharField(_("file"), max_length=MAX_FILE_NAME, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # octets
    options: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    submission = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.name or self.format}"


class ImportChunk(models.Model):
    """A part of an import's text, as it came. It is kept until the preview is made."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    place = models.PositiveIntegerField()
    octets = models.BinaryField()

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        constraints = [models.UniqueConstraint(fields=["of", "place"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.of_id}: {self.place}"


class ImportLine(models.Model):
    """A record that a line of an import names, or what is wrong with the line.

    `name` is the number's digits, with a star behind those of a block; empty where not known. `order` is that of the
    zone that it comes from. With `field` and `words` the line has a problem; one that `is_left_out` keeps its
    number from nothing. A line of a number that is to have no records has no service. One that is kept as a raw
    record has that in `raws`, alone.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=MAX_DIGITS + 1, blank=True)
    order = models.PositiveIntegerField(null=True)
    preference = models.PositiveIntegerField(default=0)
    service = models.CharField(max_length=MAX_SERVICE_NAME, blank=True)
    hostdata = models.TextField(blank=True)
    raws = RawsField(null=True)
    field = models.CharField(max_length=MAX_FIELD, blank=True)
    words = models.TextField(blank=True)
    is_left_out = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        indexes = [models.Index(fields=["of", "name", "id"], name="import_line_name")]

    def __str__(self) -> str:
        return f"{self.of_id}: {self.line}"


class ColumnMapping(models.Model):
    """Which column of a table is what, as a person said it for tables with the same heading (`digest`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    options: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="column_mapping_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest[:8]}"

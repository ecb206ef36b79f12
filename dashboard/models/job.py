"""Jobs: many writes that one person has seen together before any is sent."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.enum import Naptr
from dashboard.models.credential import Credential
from dashboard.models.fields import RawsField, RecordsField, RequestIdField
from dashboard.models.searching import MAX_DIGITS
from dashboard.models.token import MAX_TOKEN_NAME, Token
from dashboard.models.user import MAX_USERNAME, User

MAX_REASON = 200  # characters, as of a change
MAX_QUERY = 500  # characters


class Action(models.TextChoices):
    """What a job does with each number."""

    POINT = "point", _("point to another host")
    REPLACE = "replace", _("replace text")
    PREFERENCE = "preference", _("set the preference")
    ADD = "add", _("add a record")
    REMOVE = "remove", _("remove a service")
    TEMPLATE = "template", _("put a template on")
    TAG = "tag", _("tag")
    IMPORT = "import", _("import")
    UNDO = "undo", _("undo")


class JobState(models.TextChoices):
    """How far a job is. Until it is started it is a preview, and nothing of it is sent."""

    PREPARING = "preparing", _("is being prepared")
    PREVIEW = "preview", _("waits to be started")
    APPROVAL = "approval", _("waits for a second person")
    SCHEDULED = "scheduled", _("starts later")
    RUNNING = "running", _("is under way")
    PAUSED = "paused", _("pauses")
    CANCELLED = "cancelled", _("cancelled")
    FINISHED = "finished", _("finished")


class Result(models.TextChoices):
    """What is known of a number of a job: the first three in its preview, the others as it runs."""

    WAITING = "waiting", _("waits")  # it will be changed
    SAME = "same", _("nothing to change")
    CANNOT = "cannot", _("cannot be done")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")  # refused, or not sent: nothing was changed
    CONFLICT = "conflict", _("was changed meanwhile")
    UNKNOWN = "unknown", _("unknown")


class Job(models.Model):
    """Many writes: what is to be done (`action` with its `fields`), for whom, and how far it is.

    The numbers are those of `query`, or were chosen one by one. `mirrored_at` is the oldest look at the numbers that
    the preview is made from. `starts_at` is when it starts by itself. Where a team demands it, `approved_by` is the
    second person. `undoes` is the job that this one takes back. `failure` says why it could not be prepared, or why
    it waits: a silent registry is asked again at `goes_on_at`, and `pauses` counts such waits in a row. `uses` are
    the credentials of its numbers, and `token` is the one with which a program made it.
    """

    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="jobs")
    person = models.CharField(_("who"), max_length=MAX_USERNAME)
    token_name = models.CharField(_("token"), max_length=MAX_TOKEN_NAME, blank=True)
    token = models.ForeignKey(Token, on_delete=models.SET_NULL, null=True, related_name="+")
    uses: "models.ManyToManyField[Credential, Any]" = models.ManyToManyField(Credential, related_name="+")
    action = models.CharField(_("action"), max_length=10, choices=Action)
    fields: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    query = models.CharField(_("search"), max_length=MAX_QUERY, blank=True)
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.PREPARING)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone_by")
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    failure = models.TextField(blank=True)
    goes_on_at = models.DateTimeField(null=True)
    pauses = models.PositiveIntegerField(default=0)
    mirrored_at = models.DateTimeField(null=True)
    request_id = RequestIdField()
    created_at = models.DateTimeField(auto_now_add=True)
    prepared_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "id"], name="job_state")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_action_display()}, {self.get_state_display()}"

    @property
    def is_about_tags(self) -> bool:
        """Whether it tags, or takes tagging back: then nothing is sent to a registry."""
        return self.action == Action.TAG or (self.action == Action.UNDO and bool(self.fields.get("tags")))


class JobNumber(models.Model):
    """One number of a job, in its order (`place`): what it has, what it is to have, and what came of it.

    `seen` is the fingerprint of `before`, which the writer compares with what it finds. `worse` are the names of the
    telephone systems that could call before and cannot after, with blanks between and around. `concerns` are the
    sentences that a person has read, and `accepted` their digest. `words` say why it cannot be done, or what came of
    it. `submission` makes the same write, sent twice, one; `tries` counts how often its registry did not answer. A
    number that an import makes has no `number_id` yet. `tags`, where a job is about them, are those before and those
    afterwards: of the preview, and then as it was done; jobs of before that was kept have none.

    Where raw records come or go, `raws_before` are all that it has and `raws_after` all that it is to have;
    `raws_done` is stored in the transaction in which that happened. All three are None for other numbers.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="numbers")
    place = models.PositiveIntegerField()
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="+")
    number_id = models.BigIntegerField(null=True)
    digits = models.CharField(_("number"), max_length=MAX_DIGITS)
    before = RecordsField(default=list)
    after = RecordsField(default=list)
    raws_before = RawsField(null=True)
    raws_after = RawsField(null=True)
    raws_done = models.BooleanField(null=True)
    seen = models.CharField(max_length=90, blank=True)
    worse = models.CharField(max_length=200, blank=True)
    concerns: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    accepted = models.CharField(max_length=90, blank=True)
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.WAITING)
    words = models.TextField(blank=True)
    tags: "models.JSONField[list[list[str]] | None, list[list[str]] | None]" = models.JSONField(null=True)
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("number of a job")
        verbose_name_plural = _("numbers of a job")
        constraints = [models.UniqueConstraint(fields=["job", "place"], name="job_number_once")]
        indexes = [models.Index(fields=["job", "result", "place"], name="job_number_result")]

    def __str__(self) -> str:
        return f"{self.digits}: {self.get_result_display()}"

    @property
    def raws_come(self) -> list[Naptr]:
        """The raw records that it is to have and has not."""
        return [one for one in self.raws_after or () if one not in (self.raws_before or ())]

    @property
    def raws_gone(self) -> list[Naptr]:
        """Those that it has and is not to have."""
        return [one for one in self.raws_before or () if one not in (self.raws_after or ())]

"""What people decide about a job: it is made, started, approved, pauses, goes on, ends, is tried again or undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, Job, JobNumber, JobState, Result, User
from dashboard.models.job import MAX_QUERY, MAX_REASON, Action
from dashboard.services import audit, embedded
from dashboard.services.bulk.actions import read_action
from dashboard.services.bulk.approving import demands, may_approve
from dashboard.services.bulk.preparing import numbers_found, prepare
from dashboard.services.bulk.results import unsafe
from dashboard.services.bulk.running import run
from dashboard.services.bulk.whose import insist_edits, insist_own, job, reaches_all

ENDED = (JobState.CANCELLED, JobState.FINISHED)
MAX_CHOSEN = 10_000  # numbers that are chosen one by one; a search finds any number of them

_NOT_NOW = gettext_noop("This cannot be done now: the job %(state)s.")
_STARTED = gettext_noop("It was started before, and nothing is done twice: the job %(state)s.")
_NOTHING = gettext_noop("There is nothing to do: no number would be changed.")
_UNREAD = gettext_noop("Some numbers become unsafe. Read what is said there, and say that you have read it.")
_TAGS = gettext_noop(
    "Which tags its numbers had before was not kept yet when this was done: add or remove them again instead."
)
_NO_IMPORT = gettext_noop("This preview is made anew where the first one came from: an import, or another job.")
_NO_NUMBERS = gettext_noop("Choose at least one number.")
_MANY = gettext_noop("At most %(limit)d numbers can be chosen one by one; use a search.")
_LONG = gettext_noop("At most %(limit)d characters of a search, and a reason in one line of at most %(reason)d.")
_NOT_REACHED = gettext_noop("This token does not reach every number of the job.")
_NOT_SECOND = gettext_noop(
    "A second person must approve this: somebody else who may change records in the team that demands it."
)


class NotNow(Exception):
    """It cannot be done as things are; `message` and `params` make a sentence."""

    def __init__(self, message: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(message % dict(params or {}))
        self.message = message
        self.params = dict(params or {})


class Unread(NotNow):
    """Some numbers become unsafe, and nobody has said that they have read it."""


def make(
    person: User,
    action: str,
    fields: Mapping[str, Any],
    *,
    query: str = "",
    numbers: Sequence[str] = (),
    reason: str = "",
) -> Job:
    """Make a job, and have its preview prepared. `numbers` are "credential:number", for who has no query.

    Raises actions.Unfit, NotNow, PermissionDenied for who may only read, and what the search raises.
    """
    insist_edits(person)
    read_action(action, fields)
    if not query and not numbers:
        raise NotNow(_NO_NUMBERS)
    if not query and len(numbers) > MAX_CHOSEN:
        raise NotNow(_MANY, {"limit": MAX_CHOSEN})
    if len(query) > MAX_QUERY or len(reason) > MAX_REASON or not (reason + query).isprintable():
        raise NotNow(_LONG, {"limit": MAX_QUERY, "reason": MAX_REASON})
    stored = dict(fields) | ({} if query else {"numbers": list(dict.fromkeys(numbers))})
    made = _new(person, action=action, fields=stored, query=query, reason=reason)
    numbers_found(person, made)  # which raises what is wrong with the search
    return _prepared(made)


def start(person: User, pk: int, *, at: datetime | None = None, has_read: bool = False) -> Job:
    """Start a job whose preview was seen, now or at a time; where a team demands it, a second person is waited for.

    Raises Unread, NotNow, Http404 and PermissionDenied.
    """
    with transaction.atomic():
        found = _own_locked(person, pk)
        if found.state not in {JobState.PREVIEW, JobState.APPROVAL}:
            has_begun = found.state in {JobState.SCHEDULED, JobState.RUNNING}
            raise NotNow(_STARTED if has_begun else _NOT_NOW, {"state": found.get_state_display()})
        waiting = JobNumber.objects.filter(job=found, result=Result.WAITING)
        if not waiting.exists():
            raise NotNow(_NOTHING)
        for credential in waiting.exclude(credential=None).order_by().values_list("credential", flat=True).distinct():
            access.credential(person, credential, access.EDIT)
        if not reaches_all(person, found):
            raise PermissionDenied(_(_NOT_REACHED))
        _insist_raws(person, waiting)
        if not has_read and found.state == JobState.PREVIEW and waiting.filter(unsafe()).exists():
            raise Unread(_UNREAD)
        if found.state == JobState.PREVIEW:
            found.starts_at = at
            if person.token is not None:
                found.token, found.token_name = person.token, person.token.name
        if demands(found):
            found.state = JobState.APPROVAL
            found.save()
        else:
            _go(found)
        _note("job.started", person, found)
    return found


def _insist_raws(person: User, waiting: QuerySet[JobNumber]) -> None:
    """Raise PermissionDenied where raw records would come or go that are not this person's to decide about."""
    ways = set[tuple[Credential, bool]]()
    for item in waiting.filter(raws_after__isnull=False).select_related("credential__registry"):
        if item.credential is not None:
            both = ((False, item.raws_come), (True, item.raws_gone))
            ways |= {(item.credential, away) for away, some in both if some}
    for credential, away in ways:
        embedded.insist_raws(person, credential, away=away)


def approve(person: User, pk: int) -> Job:
    """Approve somebody else's job, which then starts. Raises NotNow, Http404 and PermissionDenied."""
    with transaction.atomic():
        found = _locked(person, pk)
        if not may_approve(person, found):
            raise PermissionDenied(_(_NOT_SECOND))
        _insist_state(found, JobState.APPROVAL)
        found.approved_by = person
        _go(found)
        _note("job.approved", person, found)
    return found


def pause(person: User, pk: int) -> Job:
    """Let a job pause: what is on its way comes to its end, and no further number is written. Raises as `start`."""
    return _turned(person, pk, JobState.PAUSED, JobState.RUNNING, JobState.SCHEDULED)


def resume(person: User, pk: int) -> Job:
    """Let a job that pauses go on. Raises as `start`."""
    return _turned(person, pk, JobState.RUNNING, JobState.PAUSED)


def cancel(person: User, pk: int) -> Job:
    """End a job; what it has done stays done. Raises as `start`."""
    return _turned(person, pk, JobState.CANCELLED, *(state for state in JobState if state not in ENDED))


def try_again(person: User, pk: int) -> Job:
    """Write those numbers of a finished job again that failed, or of which nobody knows. Raises as `start`.

    What somebody else has changed is not among them: that needs a preview of its own (`look_again`).
    """
    with transaction.atomic():
        found = _own_locked(person, pk, JobState.FINISHED)
        failed = JobNumber.objects.filter(job=found, result__in=[Result.FAILED, Result.UNKNOWN])
        if not failed.update(result=Result.WAITING, words="", tries=0):
            raise NotNow(_NOTHING)
        found.state, found.finished_at = JobState.RUNNING, None
        _enqueue(found)
        _note("job.tried-again", person, found)
    return found


def look_again(person: User, pk: int) -> Job:
    """A new job, with a preview, for those numbers of a job that others changed meanwhile. Raises as `make`."""
    found = job(person, pk)
    insist_own(person, found)
    if found.action in {Action.UNDO, Action.IMPORT}:
        raise NotNow(_NO_IMPORT)
    conflicts = JobNumber.objects.filter(job=found, result=Result.CONFLICT).exclude(credential=None)
    chosen = [f"{one}:{number}" for one, number in conflicts.values_list("credential", "number_id")]
    fields = {name: value for name, value in found.fields.items() if name != "numbers"}
    return make(person, found.action, fields, numbers=chosen, reason=found.reason)


def prepare_anew(person: User, pk: int) -> Job:
    """Make the preview of a job anew, from what is known by now. Raises as `start`."""
    with transaction.atomic():
        found = _own_locked(person, pk, JobState.PREVIEW)
        if found.action == Action.IMPORT:
            raise NotNow(_NO_IMPORT)
        JobNumber.objects.filter(job=found).delete()
        found.state, found.prepared_at, found.mirrored_at = JobState.PREPARING, None, None
        return _prepared(found)


def undo(person: User, pk: int, *, with_theirs: bool = False, reason: str = "") -> Job:
    """A new job, with a preview, that takes back what a job has done. Raises NotNow, Http404 and PermissionDenied."""
    found = job(person, pk)
    insist_edits(person, found)
    _insist_state(found, *ENDED, JobState.PAUSED)
    if found.started_at is None:
        raise NotNow(_NOTHING)
    done = JobNumber.objects.filter(job=found, result=Result.DONE)
    if found.is_about_tags and done.filter(tags__isnull=True).exists():
        raise NotNow(_TAGS)
    fields = {"with_theirs": with_theirs, "tags": found.is_about_tags}
    with transaction.atomic():
        made = _new(person, action=Action.UNDO, fields=fields, reason=reason, undoes=found)
        _prepared(made)
        _note("job.undone", person, found)
    return made


def _new(person: User, **values: Any) -> Job:  # noqa: ANN401 -- fields of a job
    token = person.token
    return Job(
        user=person,
        person=person.get_username(),
        token=token,
        token_name=token.name if token is not None else "",
        **values,
    )


def _prepared(made: Job) -> Job:
    with transaction.atomic():
        made.save()
        prepare.enqueue(made.pk)
    return made


def _locked(person: User, pk: int) -> Job:
    """A job that nobody else decides about until the transaction ends. Raises Http404."""
    access.lock(Job, pk)
    return job(person, pk)


def _own_locked(person: User, pk: int, *states: JobState) -> Job:
    """The same for one's own. Raises PermissionDenied too, and NotNow in other states, where some are given."""
    found = _locked(person, pk)
    insist_own(person, found)
    if states:
        _insist_state(found, *states)
    return found


def _insist_state(found: Job, *states: JobState) -> None:
    if found.state not in states:
        raise NotNow(_NOT_NOW, {"state": found.get_state_display()})


def _turned(person: User, pk: int, state: JobState, *states: JobState) -> Job:
    with transaction.atomic():
        found = _own_locked(person, pk, *states)
        found.state = state
        if state == JobState.RUNNING:
            _go(found)
        elif state == JobState.CANCELLED:
            found.finished_at = timezone.now()
        found.goes_on_at, found.pauses = None, 0
        found.save()
        _note(f"job.{state.value}", person, found)
    return found


def _go(found: Job) -> None:
    """Let a job run, now or when it is to start."""
    now = timezone.now()
    if found.starts_at is not None and found.starts_at > now:
        found.state = JobState.SCHEDULED
        run.using(run_after=found.starts_at).enqueue(found.pk)
        found.save()
        return
    found.state, found.started_at = JobState.RUNNING, found.started_at or now
    _enqueue(found)


def _enqueue(found: Job) -> None:
    found.goes_on_at, found.pauses, found.failure = None, 0, ""
    found.save()
    run.enqueue(found.pk)


def _note(event: str, person: User, found: Job) -> None:
    """What somebody decided, once for each credential: those who look after it see it."""
    count = JobNumber.objects.filter(job=found).count()
    words = f"job {found.pk}: {Action(found.action).value}, {count} numbers"
    used = list(found.uses.all())
    for credential in used:
        audit.note(event, by=person, credential=credential, words=words)
    if not used:
        audit.note(event, by=person, words=words)

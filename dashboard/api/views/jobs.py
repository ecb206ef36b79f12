"""Many numbers changed at once: a preview, and then a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpResponse
from django.urls import reverse
from ninja import Path, Query

from dashboard import models
from dashboard.api.jobs import BulkWrite, Job, JobNumber, JobNumbers, Jobs, StartWrite, UndoJobWrite
from dashboard.api.operations import BODY, ProgramRequest, operation, reply
from dashboard.api.problems import FieldProblem, Refusal
from dashboard.protocol import MAX_ID
from dashboard.services import bulk
from dashboard.services.search import QueryError
from dashboard.services.sentences import say

TAG = "Jobs"
PAGE_SIZE = 25
JobId = Annotated[int, Path(ge=0, le=MAX_ID, description="The id of a job.")]
Before = Annotated[int | None, Query(ge=0, le=MAX_ID, description="Only jobs older than this one: “next”.")]
State = Annotated[
    Literal["", "preparing", "preview", "approval", "scheduled", "running", "paused", "cancelled", "finished"],
    Query(description="Only those that are so far."),
]
After = Annotated[int, Query(ge=0, le=MAX_ID, description="Only numbers behind this place: “next”.")]
Result = Annotated[
    Literal["", "waiting", "unsafe", "same", "cannot", "done", "failed", "conflict", "unknown"],
    Query(description="Only those of which this is known."),
]


@contextmanager
def _refusing() -> Iterator[None]:
    """What a service says becomes a Refusal."""
    try:
        yield
    except bulk.Unfit as unfit:
        errors = [FieldProblem(field=f"fields.{one.field}", code="unfit", message=say(one)) for one in unfit.problems]
        raise Refusal("invalid", str(unfit), errors=errors) from None
    except QueryError as problem:
        raise Refusal.of_fields("invalid", "query", "query", say(problem)) from None
    except bulk.Unread as unread:
        raise Refusal.of_fields("invalid", "has_read", "unread", say(unread)) from None
    except bulk.NotNow as refusal:
        raise Refusal("not-now", say(refusal)) from None


def _made(request: ProgramRequest, job: models.Job) -> HttpResponse:
    place = reverse("api:job_detail", kwargs={"job": job.pk})
    return reply(Job.of(request.user, job), status=HTTPStatus.CREATED, location=place)


@operation("POST", "/bulk", Job, *BODY, HTTPStatus.CONFLICT, tag=TAG, others={HTTPStatus.CREATED: Job})
def bulk_make(request: ProgramRequest, body: BulkWrite) -> HttpResponse:
    """Have a preview made of a change of many numbers. Nothing is sent until it is started."""
    with _refusing():
        job = bulk.make(
            request.user,
            body.action,
            body.fields.given,
            query=body.query,
            numbers=body.numbers,
            reason=body.reason,
        )
    return _made(request, job)


@operation("GET", "/jobs", Jobs, tag=TAG)
def job_list(request: ProgramRequest, state: State = "", before: Before = None) -> Jobs:
    """The jobs with credentials that you see, newest first, twenty-five at a time."""
    found = bulk.jobs(request.user).order_by("-pk")
    found = found.filter(state=state) if state else found
    found = found.filter(pk__lt=before) if before is not None else found
    shown = list(found[: PAGE_SIZE + 1])
    jobs = [Job.of(request.user, one) for one in shown[:PAGE_SIZE]]
    return Jobs(jobs=jobs, next=jobs[-1].id if len(shown) > PAGE_SIZE else None)


@operation("GET", "/jobs/{int:job}", Job, tag=TAG)
def job_detail(request: ProgramRequest, job: JobId) -> Job:
    """How far a job is."""
    return Job.of(request.user, bulk.job(request.user, job))


@operation("GET", "/jobs/{int:job}/numbers", JobNumbers, tag=TAG)
def job_numbers(request: ProgramRequest, job: JobId, after: After = 0, result: Result = "") -> JobNumbers:
    """The numbers of a job, fifty at a time: what would become of each, or what came of it."""
    rows, more = bulk.Results(request.user, bulk.job(request.user, job)).behind(after, result)
    return JobNumbers(numbers=[JobNumber.of(row) for row in rows], next=rows[-1].item.place if more else None)


@operation("POST", "/jobs/{int:job}/start", Job, *BODY, HTTPStatus.CONFLICT, tag=TAG)
def job_start(request: ProgramRequest, job: JobId, body: StartWrite) -> Job:
    """Start a job, now or at a time. Where a team demands a second person, it waits for one."""
    with _refusing():
        return Job.of(request.user, bulk.start(request.user, job, at=body.starts_at, has_read=body.has_read))


@operation("POST", "/jobs/{int:job}/approve", Job, HTTPStatus.CONFLICT, tag=TAG)
def job_approve(request: ProgramRequest, job: JobId) -> Job:
    """Approve somebody else's job that waits for a second person; it starts then."""
    with _refusing():
        return Job.of(request.user, bulk.approve(request.user, job))


@operation("POST", "/jobs/{int:job}/pause", Job, HTTPStatus.CONFLICT, tag=TAG)
def job_pause(request: ProgramRequest, job: JobId) -> Job:
    """Let a job pause; what is on its way comes to its end."""
    with _refusing():
        return Job.of(request.user, bulk.pause(request.user, job))


@operation("POST", "/jobs/{int:job}/resume", Job, HTTPStatus.CONFLICT, tag=TAG)
def job_resume(request: ProgramRequest, job: JobId) -> Job:
    """Let a job go on that pauses."""
    with _refusing():
        return Job.of(request.user, bulk.resume(request.user, job))


@operation("POST", "/jobs/{int:job}/cancel", Job, HTTPStatus.CONFLICT, tag=TAG)
def job_cancel(request: ProgramRequest, job: JobId) -> Job:
    """End a job. What it has done stays done."""
    with _refusing():
        return Job.of(request.user, bulk.cancel(request.user, job))


@operation(
    "POST",
    "/jobs/{int:job}/undo",
    Job,
    *BODY,
    HTTPStatus.CONFLICT,
    tag=TAG,
    others={HTTPStatus.CREATED: Job},
)
def job_undo(request: ProgramRequest, job: JobId, body: UndoJobWrite) -> HttpResponse:
    """Have a preview made of taking back a whole job."""
    with _refusing():
        made = bulk.undo(request.user, job, with_theirs=body.with_theirs, reason=body.reason)
    return _made(request, made)

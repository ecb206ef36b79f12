"""A job is prepared: for each of its numbers it is found out from the mirror what would become of it, and stored.

Nothing is sent. A process that is killed meanwhile leaves the numbers that it has stored, and another goes on.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task

from dashboard import access
from dashboard.enum import NaptrError
from dashboard.models import Change, Job, JobNumber, JobState, MirroredNumber, Outcome, User
from dashboard.models.job import Action
from dashboard.platform import locks
from dashboard.platform.stopping import insist
from dashboard.services.bulk.actions import Unfit
from dashboard.services.bulk.judging import Judge
from dashboard.services.bulk.wanting import retagged, wants_of
from dashboard.services.bulk.whose import NobodyActs, acting
from dashboard.services.search import QueryError, find
from dashboard.services.search.walking import beyond
from dashboard.services.sentences import filled, say

CHUNK = 200  # numbers that are judged and stored together
LOCKED: Final = timedelta(seconds=10)  # until a job that another process has for long is tried again


def lock_of(job: int) -> str:
    """The name of the lock under which a job is prepared or goes on."""
    return f"job {job}"


def later(task_: "Task[[int], None]") -> "Task[[int], None]":
    """The task for a job that another process has for long, who may be dead: PostgreSQL keeps the locks of a machine
    without power for a while.
    """
    return task_.using(run_after=timezone.now() + LOCKED)


@task()
def prepare(job: int) -> None:
    """Find out what would become of each number of a job that is being prepared."""
    with locks.held(lock_of(job), locks.after(settings.E164WEB.deadline)) as has_it:
        found = Job.objects.filter(pk=job, state=JobState.PREPARING).select_related("token").first()
        if found is None or found.action == Action.IMPORT:
            return
        if not has_it:
            later(prepare).enqueue(job)
            return
        try:
            person = acting(found)
            with translation.override(language_of(person)):
                _prepare(found, person)
        except NobodyActs as problem:
            preparation_failed(found, filled(str(problem), {}))
        except Unfit as problem:
            preparation_failed(found, " ".join(map(say, problem.problems)))
        except (NaptrError, QueryError) as problem:
            preparation_failed(found, say(problem))


def language_of(person: User) -> str:
    """The language in which sentences for a person are stored."""
    known = dict(settings.LANGUAGES)
    return person.language if person.language in known else settings.LANGUAGE_CODE


def end_of_preparation(job: Job) -> None:
    """Show what was prepared: the numbers of the job are stored, whoever made them, and wait to be looked at."""
    with transaction.atomic():
        numbers = JobNumber.objects.filter(job=job)
        job.uses.set(numbers.exclude(credential=None).order_by().values_list("credential", flat=True).distinct())
        job.state, job.prepared_at, job.failure = JobState.PREVIEW, timezone.now(), ""
        # Somebody may have cancelled it meanwhile.
        if access.lock(Job, job.pk, state=JobState.PREPARING):
            job.save(update_fields=["state", "prepared_at", "failure", "mirrored_at"])


def _prepare(job: Job, person: User) -> None:
    judge = Judge(person, job, wants_of(person, job))
    last = JobNumber.objects.filter(job=job).order_by("-place").first()
    place = last.place + 1 if last is not None else 1
    rows = _after(person, job, last)
    while some := list(islice(rows, CHUNK)):
        insist()
        made = judge.all(some, place)
        with transaction.atomic():
            if not access.lock(Job, job.pk, state=JobState.PREPARING):
                return
            JobNumber.objects.bulk_create(made)
            job.mirrored_at = _oldest(job.mirrored_at, some)
            job.save(update_fields=["mirrored_at"])
        place += len(some)
    end_of_preparation(job)


def numbers_found(person: User, job: Job) -> QuerySet[MirroredNumber]:
    """The numbers that a job is for, from the mirror: those that its search finds, or that were chosen. Raises what
    the search does.
    """
    if job.query:
        return find(person, job.query)
    chosen = Q(pk=None)
    for credential, ids in chosen_in(job.fields).items():
        chosen |= Q(credential=credential, number_id__in=ids)
    return access.mirrored(person).filter(chosen)


def chosen_in(fields: dict[str, object]) -> dict[int, list[int]]:
    """The ids of the numbers that were chosen one by one, by credential."""
    chosen = dict[int, list[int]]()
    numbers = fields.get("numbers")
    for text in numbers if isinstance(numbers, list) else ():
        credential, _colon, number_id = str(text).partition(":")
        chosen.setdefault(int(credential), []).append(int(number_id))
    return chosen


def _after(person: User, job: Job, last: JobNumber | None) -> Iterator[MirroredNumber]:
    """The numbers behind the last one that is stored, a chunk at a time, in an order that never changes."""
    if job.action == Action.UNDO:
        yield from _undone(person, job, last)
        return
    everything = numbers_found(person, job).order_by("digits", "pk").select_related("credential__registry")
    place = Q()
    if last is not None:
        row = access.mirrored(person).filter(credential=last.credential_id, number_id=last.number_id or 0).first()
        place = beyond((last.digits.removesuffix("*"), row.pk if row is not None else 0))
    while some := list(everything.filter(place)[:CHUNK]):
        yield from some
        place = beyond((some[-1].digits, some[-1].pk))


def _undone(person: User, job: Job, last: JobNumber | None) -> Iterator[MirroredNumber]:
    """The numbers at which the job that is undone has changed something, in its order."""
    done = JobNumber.objects.filter(job=job.undoes_id).order_by("place")
    place = 0
    if last is not None:
        known = done.filter(credential=last.credential_id, number_id=last.number_id)
        place = known.values_list("place", flat=True).get()
    # A chunk at a time, each a query of its own: SQLite lets nobody write who still reads what others wrote since.
    while some := list(done.filter(place__gt=place)[:CHUNK]):
        place = some[-1].place
        ids = {(one.credential_id, one.number_id) for one in some}
        credentials = {credential for credential, _number in ids if credential is not None}
        done_to: QuerySet[JobNumber] | QuerySet[Change] = retagged(job.undoes_id)
        if not job.is_about_tags:
            done_to = access.changes(person).filter(job=job.undoes_id, outcome=Outcome.APPLIED)
        changed = set[tuple[int | None, int | None]](
            done_to.filter(credential__in=credentials, number_id__in=[number for _credential, number in ids])
            .values_list("credential_id", "number_id")
            .distinct()
            .order_by()
        )
        rows = access.mirrored(person).filter(credential__in=credentials)
        rows = rows.filter(number_id__in=[number for _credential, number in ids])
        found = {(row.credential_id, row.number_id): row for row in rows.select_related("credential__registry")}
        for one in some:
            key = (one.credential_id, one.number_id)
            if (key in changed or one.raws_done) and key in found:
                yield found[key]


def _oldest(known: datetime | None, rows: Sequence[MirroredNumber]) -> datetime | None:
    return min((when for when in (known, *(row.seen_at for row in rows)) if when is not None), default=None)


def preparation_failed(job: Job, words: str) -> None:
    """It cannot be prepared, and ends."""
    Job.objects.filter(pk=job.pk, state=JobState.PREPARING).update(
        state=JobState.CANCELLED, failure=words or _("It could not be prepared."), finished_at=timezone.now()
    )

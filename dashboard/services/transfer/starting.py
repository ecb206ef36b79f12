"""A kept text becomes a job, whose preview is made in the background."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from dashboard.models import Format, Import, Job, JobState, User
from dashboard.models.job import MAX_REASON, Action
from dashboard.services import audit, embedded
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.keeping import credential_of, parts_of, remember
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.preparing import prepare_import
from dashboard.services.transfer.reading import completed
from dashboard.services.transfer.tables import NO_COLUMN


def asks_for_columns(of: Import) -> bool:
    """Whether somebody has to say first which column is what, or to look whether it was found out well."""
    return of.format == Format.CSV


def choose(of: Import, **values: Any) -> Options:  # noqa: ANN401 -- the fields of Options
    """The options of an import with some others, complete again. Raises Unreadable."""
    return completed(replace(Options.of(of.options), **values), Format(of.format), lambda: parts_of(of))


def start_preview(person: User, of: Import, options: Options, *, reason: str = "") -> Job:
    """Make the job of an import, with its preview; of one that has a job already, that one.

    Raises Unreadable where it is not known which column holds the numbers, Http404 and PermissionDenied, also for who
    may not have raw records kept.
    """
    credential = credential_of(person, of)
    if of.format == Format.CSV and "number" not in options.columns:
        raise Unreadable(NO_COLUMN, {"columns": ""})
    if options.keeps_raw:
        embedded.insist_raws(person, credential)
    options = replace(options, makes=options.makes and embedded.makes_numbers(credential))
    with transaction.atomic():
        # Without its job: joined to it, PostgreSQL would show a row that it had to wait for with the job of before.
        locked = Import.objects.select_for_update().get(pk=of.pk)
        if locked.job is not None:
            return locked.job
        token = person.token
        job = Job.objects.create(
            user=person,
            person=person.get_username(),
            token=token,
            token_name=token.name if token is not None else "",
            action=Action.IMPORT,
            fields={"import": of.pk, "name": of.name, "replaces": options.replaces},
            reason=reason[:MAX_REASON],
            state=JobState.PREPARING,
        )
        job.uses.add(credential)
        locked.job, locked.options = job, options.stored()
        locked.save(update_fields=["job", "options"])
        of.job, of.options = job, locked.options
        if of.format == Format.CSV:
            remember(person, of, options)
        prepare_import.enqueue(of.pk)
        audit.note("import.made", by=person, credential=credential, words=f"{of.name or of.format}, job {job.pk}")
    return job

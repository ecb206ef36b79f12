"""One number of a job is written, as carefully as by hand, and what came of it is stored.

Whoever was killed in the middle is followed here: what was sent is settled first, and a number that has what this job
left there is gone on with. Only what somebody else did is a conflict.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.client import Refused, RegistryError
from dashboard.client.errors import TRANSIENT
from dashboard.enum import NaptrError
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Job, JobNumber, Outcome, Result, User
from dashboard.models.job import Action
from dashboard.protocol import Number, RecordState
from dashboard.services import embedded, history
from dashboard.services.bulk.actions import Retag, Tag, read_action
from dashboard.services.bulk.judging import tags_said
from dashboard.services.bulk.keeping import keep_raws
from dashboard.services.bulk.listing import Listings
from dashboard.services.bulk.wanting import applied_by
from dashboard.services.credentials.connection import one_deadline, unrecorded
from dashboard.services.numbers import Listing, NumberRecords
from dashboard.services.numbers.notes import NoteConflict, note_of, write_note
from dashboard.services.records import (
    AlreadySubmitted,
    Conflict,
    Step,
    SubmittedElsewhere,
    Unacceptable,
    Writer,
    plan_set,
)
from dashboard.services.records.planning import alike
from dashboard.services.sentences import say

ROUNDS = 4  # that one number is looked at anew in, where others write to it
_CHANGED = gettext_noop("Somebody else has changed it since the preview, so nothing was sent.")
LOST = 3  # tries whose command was lost on its way, before a person has to say that it is tried again
# What only a person can mend, or time: the number waits. Everything else is about the number itself.
WAITS = TRANSIENT | {
    "",
    "address",
    "busy",
    "ca-bundle",
    "certificate",
    "not-http",
    "redirect",
    "status",
    "tls",
    "web-page",
}


class Silent(Exception):
    """The registry cannot be asked now (`words`), so the number waits."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a number."""

    result: Result
    words: str = ""


def send(person: User, job: Job, item: JobNumber, listings: Listings) -> Came:
    """Write one number, and store what came of it. Raises Silent where it waits on."""
    # As when a mirror is refreshed: a wire view shows what people asked for themselves.
    with one_deadline(), unrecorded():
        try:
            came = _sent(person, job, item, listings)
        except (Http404, PermissionDenied, NaptrError, Unacceptable) as refusal:
            came = Came(Result.FAILED, say(refusal) if isinstance(refusal, NaptrError) else str(refusal))
        except SubmittedElsewhere:
            came = Came(Result.UNKNOWN, _("It was sent before, with a token that does not show it."))
        except RegistryError as failure:
            if isinstance(failure, Refused) or failure.code not in WAITS:
                came = Came(Result.FAILED, say(failure))
            else:
                _store(item, tries=item.tries + 1)
                raise Silent(say(failure)) from None
    _store(item, result=came.result, words=came.words, tries=item.tries + 1)
    return came


def _store(item: JobNumber, **values: object) -> None:
    for name, value in {**values, "tried_at": timezone.now()}.items():
        setattr(item, name, value)
    item.save(update_fields=[*values, "tried_at"])


def _sent(person: User, job: Job, item: JobNumber, listings: Listings) -> Came:
    if item.credential_id is None:
        return Came(Result.FAILED, _("Its credential was removed."))
    credential = access.credential(person, item.credential_id, access.EDIT)
    if job.is_about_tags:
        return _tagged(person, job, item, credential)
    if item.number_id is None:
        narrowing.insist_number(person, item.digits.removesuffix("*"))
        listings.add(credential.pk, _make(item, credential))
    if item.raws_after is not None and not item.raws_done and not keep_raws(person, job, item, credential):
        return Came(Result.CONFLICT, _(_CHANGED))
    for _round in range(ROUNDS):
        try:
            return _written(person, job, item, credential, partial(listings.of, credential.pk))
        except AlreadySubmitted:
            # By this job: in another process, before it was killed, or before it is tried again.
            earlier = _settled(person, job, item, credential)
        if earlier is not None and earlier.outcome in {Outcome.UNKNOWN, Outcome.SENT}:
            return Came(Result.UNKNOWN, earlier.words)
        _renew(item)
    return Came(Result.UNKNOWN, _("It was sent by two processes at once; look at its history."))


def _written(person: User, job: Job, item: JobNumber, credential: Credential, listing: Listing) -> Came:
    """Send what is missing. Raises what the writer does, besides Conflict."""
    number_id = item.number_id or 0
    undone = applied_by(person, credential, job.undoes_id, [number_id])[-1:] if job.action == Action.UNDO else []

    def plan(found: NumberRecords) -> list[Step]:
        same = access.identities(credential, number_id) if undone else {}
        return plan_set(found.states, item.after, same)

    def carry_out(seen: str) -> list[Change]:
        writer = Writer(person, credential, number_id, item.submission, reason=job.reason, job=job, listing=listing)
        return writer.carry_out(plan, seen=seen, accepted=item.accepted, undoes=undone[0] if undone else None)

    try:
        return _outcome(item, carry_out(item.seen))
    except Conflict as conflict:
        found = conflict.found
    if alike(found.states, item.after):
        return _outcome(item, [])
    if not alike(found.states, _left(person, job, item, credential)):
        return Came(Result.CONFLICT, _(_CHANGED))
    try:
        return _outcome(item, carry_out(found.fingerprint))
    except Conflict:
        return Came(Result.CONFLICT, _(_CHANGED))


def _outcome(item: JobNumber, made: Sequence[Change]) -> Came:
    """What came of a number by the last of its changes."""
    if not made:
        return Came(Result.DONE, "" if item.raws_done else _("It was so already."))
    last = made[-1]
    match Outcome(last.outcome):
        case Outcome.APPLIED:
            return Came(Result.DONE, last.words)
        case Outcome.REFUSED:
            return Came(Result.FAILED, _("The registry refused: %(words)s") % {"words": last.words})
        case Outcome.NOT_APPLIED if item.tries + 1 < LOST:
            _store(item, tries=item.tries + 1)
            raise Silent(last.words)
        case Outcome.NOT_APPLIED:
            return Came(Result.FAILED, last.words)
    return Came(Result.UNKNOWN, last.words)


def _settled(person: User, job: Job, item: JobNumber, credential: Credential) -> Change | None:
    """The last change of this job at the number, once it is known what came of all of them; None before the first.

    Raises client.RegistryError, and Silent for a command that may still be on its way.
    """
    last = None
    for change in access.changes_of_job(person, credential, job.pk, [item.number_id or 0]):
        last = change
        if change.is_open:
            on_its_way = timezone.now() - change.created_at < timedelta(seconds=settings.E164WEB.deadline)
            if on_its_way and change.outcome == Outcome.SENT:
                raise Silent(_("What was sent may still be on its way."))
            last = history.settle(person, change)
    return last


def _left(person: User, job: Job, item: JobNumber, credential: Credential) -> Sequence[RecordState]:
    """How this job has left the number, or how its preview showed it."""
    applied = applied_by(person, credential, job.pk, [item.number_id or 0])
    left: list[RecordState] = applied[-1].after if applied else item.before
    return left


def _renew(item: JobNumber) -> None:
    """What is sent now is another submission, unless another process says so first."""
    new = uuid.uuid4()
    if JobNumber.objects.filter(pk=item.pk, submission=item.submission).update(submission=new):
        item.submission = new
    else:
        item.refresh_from_db(fields=["submission"])


def _make(item: JobNumber, credential: Credential) -> Number:
    """Make the number that an import brings. Raises NumberError, and client.NotSent."""
    made = embedded.make_number(credential, item.digits)
    item.number_id = made.id
    item.save(update_fields=["number_id"])
    return made


def _tagged(person: User, job: Job, item: JobNumber, credential: Credential) -> Came:
    """Tags are kept here, and nothing is sent. What the number had is stored with what it has: an undo needs both."""
    number_id = item.number_id or 0
    number = Number(id=number_id, country=item.digits.removesuffix("*"), area="", local="")
    does = _retagging(job, item)
    for _round in range(ROUNDS):
        note = note_of(credential, number_id)
        tags = [note.tag_list, does.tags(note.tag_list)]
        came = Came(Result.DONE, tags_said(*tags))
        try:
            with transaction.atomic():
                text, version = note.text, note.version
                write_note(person, credential, number, text=text, tags=" ".join(tags[1]), version=version)
                _store(item, result=came.result, words=came.words, tags=tags)
        except NoteConflict:
            continue
        return came
    return Came(Result.CONFLICT, _("Somebody else writes its note at the same time."))


def _retagging(job: Job, item: JobNumber) -> Tag | Retag:
    """What a job does with the tags of a number: an undo does what its preview showed."""
    if job.action == Action.TAG:
        return cast("Tag", read_action(job.action, job.fields))
    known, wanted = item.tags or ([], [])
    return Retag(known=known, wanted=wanted)

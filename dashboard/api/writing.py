"""How a write is answered: by what is known about it, once."""

import uuid
from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.api.operations import ProgramRequest, reply
from dashboard.api.problems import RETRY_AFTER, Refusal, of_review
from dashboard.api.values import Change, Number, RecordData, Written
from dashboard.models import Change as Made
from dashboard.models import Credential, Outcome
from dashboard.models.change import Command
from dashboard.protocol import RecordData as Draft
from dashboard.protocol import RecordState
from dashboard.services.history.words import not_applied
from dashboard.services.numbers import NumberRecords, fingerprint
from dashboard.services.records import AlreadySubmitted, Conflict, SubmittedElsewhere, Unacceptable, Writer

REFUSED = {Outcome.REFUSED: "refused", Outcome.NOT_APPLIED: "not-applied"}


def write(
    request: ProgramRequest,
    credential: Credential,
    number_id: int,
    send: Callable[[Writer], Sequence[Made]],
    *,
    key: uuid.UUID | None,
    reason: str,
    sent: Sequence[Draft],
    record_id: int | None = None,
    is_whole: bool = False,
) -> HttpResponse:
    """Send something with a writer. `sent` are the records that the program wants, all of a number where it
    `is_whole`, and `record_id` is the one that it wants something of. Raises Refusal.
    """
    writer = Writer(request.user, credential, number_id, key, reason=reason)
    return write_with(
        request,
        lambda: send(writer),
        is_same=lambda changes: (
            (changes[0].credential_id, changes[0].number_id) == (credential.pk, number_id)
            and (_is_set(changes, sent) if is_whole else _is_one(changes[0], sent, record_id))
        ),
        sent=sent,
        record_id=record_id,
    ) or nothing_sent(writer.found.states)


def write_with(
    request: ProgramRequest,
    send: Callable[[], Sequence[Made]],
    *,
    is_same: Callable[[Sequence[Made]], bool],
    sent: Sequence[Draft] = (),
    record_id: int | None = None,
) -> HttpResponse | None:
    """Send something, or answer with what came of the same request before; None where there was nothing to send.

    `is_same` says whether changes are what this request asks for. Raises Refusal.
    """
    try:
        changes = send()
    except AlreadySubmitted as earlier:
        changes = access.sent_together(earlier.change)
        if _is_interrupted(changes):
            raise Refusal("interrupted", changes=[Change.of(change) for change in changes]) from None
        if not is_same(changes):
            raise Refusal("other-request") from None
    except SubmittedElsewhere:
        raise Refusal("other-request") from None
    except Conflict as conflict:
        raise conflict_of(conflict.found, sent, record_id) from None
    except Unacceptable as refusal:
        raise of_review(refusal.review.errors, refusal.review.concerns, refusal.review.digest) from None
    return _answer(changes) if changes else None


def nothing_sent(records: Sequence[RecordState]) -> HttpResponse:
    """The answer where all is as it should be already."""
    written = Written.of([], records)
    return reply(written, etag=written.fingerprint)


def _answer(changes: Sequence[Made]) -> HttpResponse:
    last = changes[-1]
    written = Written.of(changes, last.after)
    if code := REFUSED.get(Outcome(last.outcome)):
        headers = {"Retry-After": str(RETRY_AFTER)} if last.outcome == Outcome.NOT_APPLIED else {}
        detail = not_applied(last)
        if len(changes) > 1:
            detail += " " + _("What was sent before it took effect.")
        raise Refusal(code, detail, headers, changes=[Change.of(change) for change in changes])
    if last.outcome != Outcome.APPLIED:
        place = reverse("api:change_detail", kwargs={"change": last.pk})
        return reply(written, status=HTTPStatus.ACCEPTED, location=place)
    if len(changes) > 1:
        return reply(written, etag=written.fingerprint)
    return _of_one(last, written)


def _of_one(change: Made, written: Written) -> HttpResponse:
    """The answer to a write of one record, which has the ETag of that record."""
    record = next((one for one in change.after if one.id == change.record_id), None)
    if record is None:
        return reply(written, etag=written.fingerprint)
    place = ""
    if change.command == Command.NEW and change.credential_id is not None:
        where = {"credential": change.credential_id, "number": str(change.number_id), "record": change.record_id}
        place = reverse("api:record_detail", kwargs=where)
    status = HTTPStatus.CREATED if change.command == Command.NEW else HTTPStatus.OK
    return reply(written, status=status, etag=fingerprint([record]), location=place)


def conflict_of(found: NumberRecords, sent: Sequence[Draft], record_id: int | None) -> Refusal:
    """Both versions: what was to be written, and what the registry has now, with the ETag of what was addressed."""
    record = found.find(record_id) if record_id is not None else None
    etag = found.fingerprint if record_id is None else fingerprint([record]) if record is not None else ""
    headers = {"ETag": f'"{etag}"'} if etag else {}
    wanted = [RecordData.of_draft(draft) for draft in sent]
    return Refusal("conflict", headers=headers, sent=wanted, current=Number.of(found))


def _is_interrupted(changes: Sequence[Made]) -> bool:
    """Whether a process was killed between two of the commands of one request. The writer, which waits for what is
    under way, has found that none is.
    """
    last = changes[-1]
    return last.outcome == Outcome.APPLIED and len(changes) < (last.commands or 1)


def _is_set(changes: Sequence[Made], sent: Sequence[Draft]) -> bool:
    """Whether these changes were to give a number these records. Of a set that did not come to its end nobody knows
    what else was asked for.
    """
    last = changes[-1]
    return last.outcome != Outcome.APPLIED or _alike(last.after, sent)


def _is_one(change: Made, sent: Sequence[Draft], record_id: int | None) -> bool:
    """Whether a change was to add this record, or to do this to the one with an id."""
    same = change.command == Command.NEW if record_id is None else change.record_id == record_id
    return same and _alike(change.come, sent)


def _alike(records: Sequence[Draft], sent: Sequence[Draft]) -> bool:
    return sorted(one.content for one in records) == sorted(one.content for one in sent)

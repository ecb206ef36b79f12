"""Records: read, added, changed, deleted, one by one and as a whole set."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from django.http import HttpResponse

from dashboard import access
from dashboard.api.callers import Preview
from dashboard.api.operations import REGISTRY, VERSIONED, WRITE, ProgramRequest, operation, reply
from dashboard.api.parameters import (
    CredentialId,
    DryRun,
    IfMatch,
    Key,
    NumberName,
    RecordId,
    number_id_of,
    seen,
    seen_if_any,
)
from dashboard.api.values import Number, Record, RecordWrite, SetWrite, Written
from dashboard.api.writing import conflict_of, write
from dashboard.models import Credential
from dashboard.protocol import RecordData, RecordState
from dashboard.services import numbers
from dashboard.services.numbers import NumberRecords
from dashboard.services.records import Conflict, foreseeing, plan_set

RECORDS = "/credentials/{int:credential}/numbers/{number}/records"
RECORD = RECORDS + "/{int:record}"
TAG = "Records"


@operation("GET", RECORDS, Number, *REGISTRY, tag=TAG)
def record_list(request: ProgramRequest, credential: CredentialId, number: NumberName) -> HttpResponse:
    """The records of a number, in the order in which telephone systems try them."""
    of = access.credential(request.user, credential, access.SEE)
    found = Number.of(numbers.see_number(request.user, of, number_id_of(request.user, of, number)))
    return reply(found, etag=found.fingerprint)


@operation(
    "POST",
    RECORDS,
    Preview,
    *WRITE,
    tag=TAG,
    others={HTTPStatus.CREATED: Written, HTTPStatus.ACCEPTED: Written},
)
def record_add(
    request: ProgramRequest,
    credential: CredentialId,
    number: NumberName,
    body: RecordWrite,
    key: Key = None,
    dry_run: DryRun = False,
) -> HttpResponse:
    """Add a record to a number.

    200 is the answer to a dry run, 201 to a record that was added.
    """
    of = access.credential(request.user, credential, access.EDIT)
    place = number_id_of(request.user, of, number)
    if dry_run:
        return _foreseen(request, of, place, foreseeing.adding(body.draft), [body.draft])
    return write(
        request,
        of,
        place,
        lambda writer: [writer.add(body.draft, accepted=body.accept)],
        key=key,
        reason=body.reason,
        sent=[body.draft],
    )


@operation("PUT", RECORDS, Written | Preview, *VERSIONED, *WRITE, tag=TAG, others={HTTPStatus.ACCEPTED: Written})
def record_set(
    request: ProgramRequest,
    credential: CredentialId,
    number: NumberName,
    body: SetWrite,
    if_match: IfMatch = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> HttpResponse:
    """Give a number exactly these records, with as few commands as that takes.

    `If-Match` is the ETag of the number; a dry run does without. It stops at the first command that the registry does
    not carry out: the answer then says how far it came, and the same request with the new ETag goes on from there.
    """
    of = access.credential(request.user, credential, access.EDIT)
    place = number_id_of(request.user, of, number)
    wanted = [given.draft.placed(given.id) for given in body.records]
    if dry_run:
        return _foreseen(request, of, place, foreseeing.setting(wanted, seen_if_any(if_match)), wanted)
    mark = seen(if_match)
    return write(
        request,
        of,
        place,
        lambda writer: writer.carry_out(
            lambda found: plan_set(found.states, _with_own_ids(found, wanted)), seen=mark, accepted=body.accept
        ),
        key=key,
        reason=body.reason,
        sent=wanted,
        is_whole=True,
    )


@operation("GET", RECORD, Record, *REGISTRY, tag=TAG)
def record_detail(
    request: ProgramRequest, credential: CredentialId, number: NumberName, record: RecordId
) -> HttpResponse:
    """One record."""
    of = access.credential(request.user, credential, access.SEE)
    found = numbers.see_number(request.user, of, number_id_of(request.user, of, number))
    one = Record.of(found.record(record))
    return reply(one, etag=one.fingerprint)


@operation("PUT", RECORD, Written | Preview, *VERSIONED, *WRITE, tag=TAG, others={HTTPStatus.ACCEPTED: Written})
def record_change(
    request: ProgramRequest,
    credential: CredentialId,
    number: NumberName,
    record: RecordId,
    body: RecordWrite,
    if_match: IfMatch = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> HttpResponse:
    """Change a record.

    `If-Match` is the ETag of the record; a dry run does without.
    """
    of = access.credential(request.user, credential, access.EDIT)
    place = number_id_of(request.user, of, number)
    if dry_run:
        plan = foreseeing.changing(record, body.draft, seen_if_any(if_match))
        return _foreseen(request, of, place, plan, [body.draft], record)
    mark = seen(if_match)
    return write(
        request,
        of,
        place,
        lambda writer: [writer.update(record, body.draft, seen=mark, accepted=body.accept)],
        key=key,
        reason=body.reason,
        sent=[body.draft],
        record_id=record,
    )


@operation("DELETE", RECORD, Written | Preview, *VERSIONED, tag=TAG, others={HTTPStatus.ACCEPTED: Written})
def record_delete(
    request: ProgramRequest,
    credential: CredentialId,
    number: NumberName,
    record: RecordId,
    if_match: IfMatch = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> HttpResponse:
    """Delete a record.

    `If-Match` is the ETag of the record; a dry run does without. To delete all records of a number at once, PUT an
    empty set.
    """
    of = access.credential(request.user, credential, access.EDIT)
    place = number_id_of(request.user, of, number)
    if dry_run:
        return _foreseen(request, of, place, foreseeing.deleting(record, seen_if_any(if_match)), [], record)
    mark = seen(if_match)
    return write(
        request,
        of,
        place,
        lambda writer: [writer.delete(record, seen=mark)],
        key=key,
        reason="",
        sent=[],
        record_id=record,
    )


def _with_own_ids(found: NumberRecords, wanted: Sequence[RecordState]) -> list[RecordState]:
    """The same records, without ids that the number does not have: the history would follow them to what a registry
    gives such an id one day.
    """
    ids = {record.id for record in found.records}
    return [replace(one, id=one.id if one.id in ids else None) for one in wanted]


def _foreseen(
    request: ProgramRequest,
    credential: Credential,
    number_id: int,
    plan: foreseeing.Plan,
    sent: Sequence[RecordData],
    record_id: int | None = None,
) -> HttpResponse:
    """What would become of a write, with the ETag that it has to name. Raises Refusal."""
    try:
        foresight = foreseeing.foresee(request.user, credential, number_id, plan)
    except Conflict as conflict:
        raise conflict_of(conflict.found, sent, record_id) from None
    found = foresight.found
    etag = found.fingerprint if record_id is None else numbers.fingerprint([found.record(record_id)])
    return reply(Preview.of(foresight), etag=etag)

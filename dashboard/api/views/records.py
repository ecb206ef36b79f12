"""Records: read, added, changed, deleted, one by one and as a whole set."""

import uuid
from collections.abc import Callable, Sequence
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
from dashboard.models import Change as Made
from dashboard.models import Credential
from dashboard.protocol import RecordData, RecordState
from dashboard.services import numbers
from dashboard.services.numbers import NumberRecords
from dashboard.services.records import Conflict, Writer, foreseeing, plan_set

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
    return _write(
        request,
        credential,
        number,
        plan=lambda: foreseeing.adding(body.draft),
        send=lambda writer: [writer.add(body.draft, accepted=body.accept)],
        sent=[body.draft],
        dry_run=dry_run,
        key=key,
        reason=body.reason,
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
    wanted = [given.draft.placed(given.id) for given in body.records]
    return _write(
        request,
        credential,
        number,
        plan=lambda: foreseeing.setting(wanted, seen_if_any(if_match)),
        send=lambda writer: writer.carry_out(
            lambda found: plan_set(found.states, _with_own_ids(found, wanted)),
            seen=seen(if_match),
            accepted=body.accept,
        ),
        sent=wanted,
        dry_run=dry_run,
        key=key,
        reason=body.reason,
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
    return _write(
        request,
        credential,
        number,
        plan=lambda: foreseeing.changing(record, body.draft, seen_if_any(if_match)),
        send=lambda writer: [writer.update(record, body.draft, seen=seen(if_match), accepted=body.accept)],
        sent=[body.draft],
        record_id=record,
        dry_run=dry_run,
        key=key,
        reason=body.reason,
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
    return _write(
        request,
        credential,
        number,
        plan=lambda: foreseeing.deleting(record, seen_if_any(if_match)),
        send=lambda writer: [writer.delete(record, seen=seen(if_match))],
        sent=[],
        record_id=record,
        dry_run=dry_run,
        key=key,
    )


def _write(
    request: ProgramRequest,
    credential: int,
    number: str,
    *,
    plan: Callable[[], foreseeing.Plan],
    send: Callable[[Writer], Sequence[Made]],
    sent: Sequence[RecordData],
    dry_run: bool,
    key: uuid.UUID | None,
    reason: str = "",
    record_id: int | None = None,
    is_whole: bool = False,
) -> HttpResponse:
    """Answer with what a write made, or what would become of it. Raises Refusal, Http404 and client.RegistryError.

    What it is of is looked for before `plan` and `send` ask what the program has seen.
    """
    of = access.credential(request.user, credential, access.EDIT)
    place = number_id_of(request.user, of, number)
    if dry_run:
        return _foreseen(request, of, place, plan(), sent, record_id)
    return write(request, of, place, send, key=key, reason=reason, sent=sent, record_id=record_id, is_whole=is_whole)


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

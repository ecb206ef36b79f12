"""The history: every write, undo, and settling those of which nobody knows yet."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import AfterValidator, AwareDatetime

from dashboard import access
from dashboard.api.callers import UndoPreview
from dashboard.api.operations import REGISTRY, VERSIONED, WRITE, ProgramRequest, operation, reply
from dashboard.api.parameters import (
    ChangeId,
    CredentialId,
    DryRun,
    IfMatch,
    Key,
    NumberName,
    number_id_of,
    seen,
)
from dashboard.api.problems import Refusal
from dashboard.api.values import NO_NUL, Change, Changes, UndoWrite, Written
from dashboard.api.writing import nothing_sent, write_with
from dashboard.enum import Sought
from dashboard.models import Change as Made
from dashboard.protocol import MAX_ID
from dashboard.services import undo
from dashboard.services.history import Wanted, find, page_of, settle

TAG = "History"
MAX_TEXT = 150  # characters


def _in_utc(time: datetime) -> datetime:
    """The same time as databases are asked for it. Raises ValueError for one that is in no year there."""
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("There is no such time in UTC.") from None


Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Before = Annotated[int | None, Query(ge=0, le=MAX_ID, description="Only changes older than this one: “next”.")]
Of = Annotated[int | None, Query(ge=0, le=MAX_ID, description="The id of a credential.")]
Digits = Annotated[str, Query(pattern=r"^(?:\+?[0-9]{1,40})?$", description="All digits of a number.")]
Text = Annotated[
    str, Query(max_length=MAX_TEXT, pattern=NO_NUL, description="Words that are all somewhere in what a change says.")
]
Service = Annotated[
    str, Query(max_length=MAX_TEXT, pattern=NO_NUL, description="The name of a service.", examples=["SIP"])
]
Host = Annotated[
    str, Query(max_length=MAX_TEXT, pattern=NO_NUL, description="A part of host data.", examples=["pbx.example.org"])
]
Person = Annotated[str, Query(max_length=MAX_TEXT, pattern=NO_NUL, description="A user name.")]
Result = Annotated[
    Literal["", "sent", "applied", "refused", "not-applied", "unknown"], Query(description="What is known.")
]
Since = Annotated[Time | None, Query(description="Not before this time.")]
Until = Annotated[Time | None, Query(description="Before this time.")]
Open = Annotated[bool, Query(description="Only those of which nobody knows yet.")]


@operation("GET", "/history", Changes, tag=TAG)
def change_list(
    request: ProgramRequest,
    q: Text = "",
    credential: Of = None,
    number: Digits = "",
    service: Service = "",
    host: Host = "",
    person: Person = "",
    outcome: Result = "",
    since: Since = None,
    until: Until = None,
    open: Open = False,  # noqa: A002 -- its name in the address
    before: Before = None,
) -> Changes:
    """The history, newest first: every write, and what was seen to have changed elsewhere."""
    of = access.credentials(request.user).filter(pk=credential).first() if credential is not None else None
    if credential is not None and of is None:
        return Changes(changes=[], next=None)
    wanted = Wanted(
        text=q,
        credential=of,
        number=Sought(equals=(digits,)) if (digits := number.removeprefix("+")) else Sought(),
        service=service,
        host=host,
        person=person,
        outcome=outcome,
        since=since,
        before=until,
        is_open=open,
    )
    return _page(request, wanted, before)


@operation("GET", "/credentials/{int:credential}/numbers/{number}/history", Changes, *REGISTRY, tag=TAG)
def number_history(
    request: ProgramRequest, credential: CredentialId, number: NumberName, before: Before = None
) -> Changes:
    """The history of a number, newest first."""
    of = access.credential(request.user, credential, access.SEE)
    wanted = Wanted(credential=of, number_id=number_id_of(request.user, of, number))
    return _page(request, wanted, before)


@operation("GET", "/history/{int:change}", Change, tag=TAG)
def change_detail(request: ProgramRequest, change: ChangeId) -> Change:
    """One change."""
    return Change.of(access.change(request.user, change))


@operation("POST", "/history/{int:change}/settle", Change, *REGISTRY, tag=TAG)
def change_settle(request: ProgramRequest, change: ChangeId) -> Change:
    """Ask the registry whether a change took effect, where nobody knows yet."""
    return Change.of(settle(request.user, access.change(request.user, change)))


@operation(
    "POST",
    "/history/{int:change}/undo",
    Written | UndoPreview,
    *VERSIONED,
    *WRITE,
    HTTPStatus.CONFLICT,
    tag=TAG,
    others={HTTPStatus.CREATED: Written, HTTPStatus.ACCEPTED: Written},
)
def change_undo(
    request: ProgramRequest,
    change: ChangeId,
    body: UndoWrite,
    if_match: IfMatch = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> HttpResponse:
    """Take back a change, and all that was sent with it.

    What others changed since at the same records stays as it is, unless `with_theirs` says otherwise; a dry run shows
    both. `If-Match` is the ETag of that dry run, which is the number's. Without anything to take back any more
    nothing is sent, and the answer has no changes.
    """
    made = access.change(request.user, change)
    try:
        if dry_run:
            plan = undo.plan_undo(request.user, made, with_theirs=body.with_theirs)
            return reply(UndoPreview.of_undo(plan), etag=plan.found.fingerprint)
        mark = seen(if_match)
        answer = write_with(
            request,
            lambda: undo.undo(
                request.user,
                made,
                seen=mark,
                accepted=body.accept,
                with_theirs=body.with_theirs,
                submission=key,
                reason=body.reason,
            ),
            is_same=lambda changes: changes[0].undoes_id == made.pk,
        )
        return answer if answer is not None else _nothing_undone(request, made)
    except undo.NotUndoable as problem:
        raise Refusal.of_fields("invalid", "change", "not-undoable", str(problem)) from None


def _nothing_undone(request: ProgramRequest, change: Made) -> HttpResponse:
    """The answer where there was nothing to send. Raises Refusal where that is because of others."""
    plan = undo.plan_undo(request.user, change)
    if plan.theirs:
        raise Refusal("others")
    return nothing_sent(plan.found.states)


def _page(request: ProgramRequest, wanted: Wanted, before: int | None) -> Changes:
    page = page_of(find(request.user, wanted), before=before)
    return Changes(changes=[Change.of(change) for change in page.shown], next=page.older)

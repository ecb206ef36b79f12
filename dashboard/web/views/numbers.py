"""The list of a credential's numbers, and the page of one number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.shortcuts import render

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import known_services
from dashboard.models import Change, Credential, NumberNote
from dashboard.protocol import Record
from dashboard.services import credentials as credential_services
from dashboard.services import mirror
from dashboard.services import numbers as services
from dashboard.services.numbers import NumberRecords, fingerprint
from dashboard.services.numbers.formatting import writing
from dashboard.services.records.callers import Callers
from dashboard.services.records.carried import carry
from dashboard.services.records.preview import Preview, as_drafted, as_it_is
from dashboard.web.forms.notes import NoteForm
from dashboard.web.forms.records import ReasonForm, RecordForm
from dashboard.web.forms.services import Options, options_of
from dashboard.web.views.number_rows import countries_of
from dashboard.web.views.requests import PersonRequest, page

NO_PREVIEW = Preview(naptr="", uri="", known=True)


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One record on the page: its form, what that becomes in the DNS, and what to know of it.

    `record` is None for one that is to be added, and for one that is gone though somebody typed into it. `now` is
    what the registry has where that is not what the person who typed was shown, and `by` the write of somebody else
    that made it so, where one is known. `outcomes` say what came of sending it, and `has_focus` marks the row that
    people should see first.
    """

    record: Record | None
    form: RecordForm
    preview: Preview
    now: Preview | None = None
    by: Change | None = None
    outcomes: Sequence[Message] = ()
    has_focus: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether somebody else deleted the record while it was edited."""
        return self.record is None and self.form.record_id is not None

    @property
    def is_changed(self) -> bool:
        """Whether somebody else changed or deleted the record while it was edited."""
        return self.now is not None or self.is_gone

    @property
    def path(self) -> str:
        """Where its form is sent, below the address of the number; one that is gone says which of the page it was."""
        if self.record is not None:
            return f"records/{self.record.id}/"
        return f"add/?row={self.form.key}" if self.is_gone else "add/"

    @property
    def focus(self) -> str:
        """The field that has the focus: the first at fault, or that of a new record which is filled in first."""
        if not self.has_focus or self.is_changed or self.form.second_look or self.form.non_field_errors():
            return ""
        faulty = next((name for name in self.form.errors if name in self.form.fields), "")
        return faulty or ("service" if self._is_asked_for else "" if self.outcomes else "hostdata")

    @property
    def wants_attention(self) -> bool:
        """Whether somebody has to do something about it, or has just asked for it."""
        return bool(self.form.errors or self.form.second_look or self.is_changed or self._is_asked_for)

    @property
    def _is_asked_for(self) -> bool:
        """Whether somebody has just asked for the form of a new record."""
        return self.form.record_id is None and not self.form.is_bound


@page("GET")
def number_list(request: PersonRequest, pk: int) -> HttpResponse:
    """A page of the numbers that match the search."""
    credential = access.credential(request.user, pk, access.SEE)
    credential_services.with_teams(request.user, [credential])
    found, fresh = mirror.list_numbers(
        request.user,
        credential,
        query=request.GET.get("q", "")[:100],
        sort=request.GET.get("sort", services.DEFAULT_SORT),
        page=request.GET.get("page", "1"),
    )
    context = {
        "credential": credential,
        "found": found,
        "fresh": fresh,
        "countries": countries_of(credential, found),
        "asked": urlencode([("number", row.number.id) for row in found.rows]),
    }
    return render(request, "dashboard/numbers.html", context)


def render_number(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    typed: Mapping[str, RecordForm] = MappingProxyType({}),
    *,
    reason: ReasonForm | None = None,
    note: NoteForm | None = None,
    note_now: NumberNote | None = None,
    focus: str = "",
    answered: Callers | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a number. `typed` are the forms that somebody typed into or asked for, by key.

    `reason` is the form with what the changes are for, `note` the one that somebody wrote a note into, and `note_now`
    what somebody else noted meanwhile. `focus` is the key of the record that people come for, where nothing else is
    more urgent. `answered` is who can call it by the records of the block that answers for it.
    """
    found = replace(found, dialled=request.POST.get("dialled", request.GET.get("dialled", "")))
    offered = services_offered(request, credential)
    if credential.may < access.OWN:
        credential_services.with_teams(request.user, [credential])
    said = defaultdict[str, list[Message]](list)
    for message in get_messages(request):
        for tag in (message.extra_tags or "").split():
            said[tag].append(message)
    rows = [
        *(
            _row(found, record, offered, typed.get(str(record.id)), said[f"record-{record.id}"])
            for record in found.records
        ),
        *(_row_without_record(found, form) for form in typed.values() if _is_without_record(form, found)),
    ]
    callers = Callers.of(found)
    noted = note_now or services.note_of(credential, found.number.id)
    context: dict[str, Any] = {
        "credential": credential,
        "found": found,
        "number": found.number,
        "written": writing(found.number, found.suffix),
        "rows": _with_focus(rows, focus),
        "beside": [message.extra_tags for row in rows for message in row.outcomes],
        "neighbours": [problem for row in rows for problem in row.form.review.about_others],
        "callers": callers,
        "answered": answered,
        "carried": carry(callers),
        "reason": reason or ReasonForm(),
        "noted": noted,
        "note_form": note or (NoteForm(shown=noted) if "note" in request.GET else None),
        "note_now": note_now,
    }
    return render(request, "dashboard/number.html", context, status=status)


def _row(
    found: NumberRecords, record: Record, offered: Options, typed: RecordForm | None, outcomes: Sequence[Message]
) -> RecordRow:
    if typed is None:
        form = RecordForm(services=offered, record=record)
        return RecordRow(record=record, form=form, preview=as_it_is(found, record), outcomes=outcomes)
    now = by = None
    if typed.carried_fingerprint not in {"", seen := fingerprint([record])}:
        now, by = as_it_is(found, record), found.history.last_to(record.id)
        typed.renew(fingerprint=seen)
    preview = _preview(found, typed, record)
    return RecordRow(record=record, form=typed, preview=preview, now=now, by=by, outcomes=outcomes)


def _is_without_record(form: RecordForm, found: NumberRecords) -> bool:
    return form.record_id is None or found.find(form.record_id) is None


def _row_without_record(found: NumberRecords, form: RecordForm) -> RecordRow:
    """A record that is to be added, or was deleted by somebody else while this person edited it."""
    by = None if form.record_id is None else found.history.last_to(form.record_id)
    return RecordRow(record=None, form=form, preview=_preview(found, form), by=by)


def _preview(found: NumberRecords, form: RecordForm, record: Record | None = None) -> Preview:
    """What becomes of what somebody typed; nothing yet where they have not, or no record can be made of it."""
    draft = form.draft
    return as_drafted(found, draft, record) if draft is not None and form.is_typed else NO_PREVIEW


def _with_focus(rows: Sequence[RecordRow], focus: str) -> list[RecordRow]:
    """Mark the row that people should see first: where something is to be done, then where something was done."""
    urgent = [row for row in rows if row.wants_attention]
    done = [row for row in rows if row.outcomes]
    first = next(iter([*urgent, *done, *(row for row in rows if row.form.key == focus)]), None)
    return [replace(row, has_focus=True) if row is first else row for row in rows]


def services_offered(request: PersonRequest, credential: Credential) -> Options:
    """What the registry supports; the services that we know where it would not say."""
    try:
        names = credential_services.services_of(request.user, credential)
    except RegistryError:
        names = []
    return options_of(names or [service.name for service in known_services()])

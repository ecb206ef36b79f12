"""Pages that add, change and move records: bind the form, one call of the writer, answer by what came of it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Change, Credential, Outcome
from dashboard.services import numbers
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords, fingerprint, is_of
from dashboard.services.numbers.formatting import is_block
from dashboard.services.records import (
    AlreadySubmitted,
    Conflict,
    Direction,
    Review,
    Unacceptable,
    Writer,
    next_preference,
)
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.preview import preview
from dashboard.web.forms.records import MoveForm, RecordForm
from dashboard.web.views.numbers import render_number, services_offered
from dashboard.web.views.outcomes import (
    STATUS,
    applied,
    changed_meanwhile,
    moved,
    not_applied,
    sent_before,
    with_open_changes,
)
from dashboard.web.views.requests import PersonRequest, page


@page("GET", "POST")
def record_add(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Add a record to a number."""
    credential = access.credential(request.user, pk, access.EDIT)
    services = services_offered(request, credential)
    if request.method == "POST":
        form = RecordForm(request.POST, services=services)
        return _written(
            request, credential, number_id, form, lambda it: it.add(form.clean_draft, accepted=form.accepted)
        )
    found = numbers.show_number(request.user, credential, number_id)
    form = RecordForm(services=services, initial={"preference": next_preference(found.records)})
    return _looked_ahead(request, credential, found, form, 200)


@page("GET", "POST")
def record_edit(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Change a record."""
    credential = access.credential(request.user, pk, access.EDIT)
    if request.method == "POST":
        form = RecordForm(request.POST, services=services_offered(request, credential), record_id=record_id)
        return _written(
            request,
            credential,
            number_id,
            form,
            lambda writer: writer.update(record_id, form.clean_draft, seen=form.seen, accepted=form.accepted),
        )
    found = numbers.show_number(request.user, credential, number_id)
    form = RecordForm(services=services_offered(request, credential), record=found.record(record_id))
    return _shown(request, credential, found, form, 200)


@page("POST")
def record_move(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Move a record a place up or down."""
    credential = access.credential(request.user, pk, access.EDIT)
    form = MoveForm(request.POST)
    if not form.is_valid():
        found = numbers.show_number(request.user, credential, number_id)
        text = _("The record was not moved: the form was incomplete. Load the page again.")
        return changed_meanwhile(request, credential, found, text, 422)
    writer = Writer(request.user, credential, number_id, form.cleaned_data["submission"])
    direction, seen = Direction(form.cleaned_data["direction"]), form.cleaned_data["fingerprint"]
    try:
        made = writer.move(record_id, direction, seen=seen)
    except AlreadySubmitted as earlier:
        return sent_before(request, earlier, pk, number_id)
    except Conflict as conflict:
        text = _("The records changed meanwhile, so nothing was moved. These are the records as they are now.")
        return changed_meanwhile(request, credential, conflict.found, text)
    return moved(request, credential, writer.found, made)


def _written(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    form: RecordForm,
    write: Callable[[Writer], Change],
) -> HttpResponse:
    """Write the record and answer by what is known about it. Nothing that was typed is lost."""
    if not form.is_valid() or "preview" in request.POST:
        return _not_sent(request, credential, number_id, form)
    writer = Writer(request.user, credential, number_id, form.submission_id)
    try:
        change = write(writer)
    except AlreadySubmitted as earlier:
        return sent_before(request, earlier, credential.pk, number_id)
    except Conflict as conflict:
        return _conflicted(request, credential, conflict.found, form)
    except Unacceptable as refusal:
        form.show(refusal.review)
        return _shown(request, credential, with_open_changes(credential, refusal.found), form, 422)
    if change.outcome == Outcome.APPLIED:
        return applied(request, credential, change)
    form.add_error(None, not_applied(change))
    found = with_open_changes(credential, writer.found)
    return _shown(request, credential, found, form, STATUS[Outcome(change.outcome)])


def _not_sent(request: PersonRequest, credential: Credential, number_id: int, form: RecordForm) -> HttpResponse:
    """A form that asks for a preview, or that says something wrong."""
    found = numbers.show_number(request.user, credential, number_id)
    status = 200 if "preview" in request.POST else 422
    if form.record_id is not None and found.find(form.record_id) is None:
        if not is_of(request.POST.get("fingerprint", ""), form.record_id):
            raise Http404(_("This number has no such record."))
        # What was typed for a record that is gone is offered as a new one.
        form = RecordForm(request.POST, services=services_offered(request, credential))
        form.add_error(None, _("Somebody else deleted this record meanwhile. Here it can be added again."))
        status = 422
    return _looked_ahead(request, credential, found, form, status)


def _looked_ahead(
    request: PersonRequest, credential: Credential, found: NumberRecords, form: RecordForm, status: int
) -> HttpResponse:
    """The number's page with a form, and what the first record of a number would change for other numbers."""
    if form.record_id is None:
        form.show(Review(notes=tuple(effect_of_first(connect(request.user, credential), found))))
    return _shown(request, credential, found, form, status)


def _shown(
    request: PersonRequest, credential: Credential, found: NumberRecords, form: RecordForm, status: int
) -> HttpResponse:
    """The number's page with a form on it, and what was found out about its draft."""
    if form.is_bound:
        form.renew()
    return render_number(request, credential, found, bound=form, status=status)


def _conflicted(
    request: PersonRequest, credential: Credential, found: NumberRecords, form: RecordForm
) -> HttpResponse:
    """Both versions side by side; nothing was sent. "Use mine" posts the same again, with what it has now seen."""
    now = found.find(form.record_id) if form.record_id is not None else None
    form.renew(fingerprint=fingerprint([now]) if now is not None else "")
    digits, block = found.number.digits, is_block(found.number)
    context = {
        "credential": credential,
        "number": found.number,
        "form": form,
        "yours": form.clean_draft,
        "yours_preview": preview(digits, form.clean_draft, is_block=block),
        "now": now,
        "now_preview": preview(digits, now, is_block=block) if now is not None else None,
    }
    return render(request, "dashboard/conflict.html", context, status=409)

"""Pages that add, change, move and preview records: load the number live, bind the form, one service call."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum import NaptrDraft, Problem, check_draft, said_of
from dashboard.models import Change, Credential, Outcome
from dashboard.services import numbers
from dashboard.services import records as services
from dashboard.services.dns.zones import suffix_of
from dashboard.services.history import AlreadySubmitted, Conflict, fingerprint, is_of, open_changes
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import digits_in
from dashboard.services.records.callers import Prospect, prospect
from dashboard.services.records.carried import carried
from dashboard.services.records.neighbours import effect_on_others
from dashboard.services.records.preview import preview
from dashboard.web.forms.records import MoveForm, RecordForm
from dashboard.web.views.numbers import render_number, service_names
from dashboard.web.views.outcomes import (
    STATUS,
    applied,
    changed_meanwhile,
    moved,
    not_applied,
    sent_before,
    shown_again,
    submitted_before,
    was_deleted,
)
from dashboard.web.views.requests import PersonRequest, page

MAX_DIGITS = 15  # E.164
MAX_PREVIEWED = 1_000  # characters of host data; what is longer fits no record


@page("GET", "POST")
def record_add(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Add a record to a number."""
    credential = access.credential(request.user, pk)
    if done := submitted_before(request, pk, number_id):
        return done
    found = numbers.show_number(request.user, credential, number_id)
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        number=found.number,
        services=service_names(request, credential),
        others=found.records,
        suffix=suffix_of(credential.registry),
        initial={"preference": services.next_preference(found.records)},
    )
    neighbours = _neighbours(request, credential, found)

    def write() -> Change:
        return services.add_record(
            request.user, credential, found.number, form.clean_draft, submission=form.submission_id
        )

    return _shown_or_written(request, credential, found, form, write, neighbours)


@page("GET", "POST")
def record_edit(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Change a record."""
    credential = access.credential(request.user, pk)
    if done := submitted_before(request, pk, number_id):
        return done
    found = numbers.show_number(request.user, credential, number_id)
    if was_deleted(request, found, record_id):
        return submitted_before(request, pk, number_id) or _deleted(request, credential, found)
    data = request.POST if request.method == "POST" else None
    record = found.record(record_id)
    form = RecordForm(
        data,
        number=found.number,
        services=service_names(request, credential),
        record=record,
        others=found.others(record),
        suffix=suffix_of(credential.registry),
    )

    def write() -> Change:
        return services.update_record(
            request.user, credential, number_id, record_id, form.clean_draft, form.seen, submission=form.submission_id
        )

    return _shown_or_written(request, credential, found, form, write)


@page("POST")
def record_move(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Move a record a place up or down."""
    credential = access.credential(request.user, pk)
    if done := submitted_before(request, pk, number_id):
        return done
    form = MoveForm(request.POST)
    if not form.is_valid():
        text = _("The record was not moved: the form was incomplete. Load the page again.")
        return shown_again(request, credential, number_id, text, 422)
    try:
        made = services.move_record(
            request.user,
            credential,
            number_id,
            record_id,
            services.Direction(form.cleaned_data["direction"]),
            form.cleaned_data["fingerprint"],
            submission=form.cleaned_data["submission"],
        )
    except AlreadySubmitted as earlier:
        return sent_before(request, pk, number_id, earlier.change)
    except Conflict as conflict:
        return _not_moved(request, credential, number_id, record_id, form, conflict)
    return moved(request, credential, number_id, made)


@page("GET")
def record_preview(request: PersonRequest) -> HttpResponse:
    """What a record would become. Asks no registry, so that it can follow every key stroke.

    The page's form brings the number's other records along (`carried`): with them it also says what becomes of the
    number's callers.
    """
    get = request.GET
    preference = get.get("preference", "")
    draft = NaptrDraft(
        preference=int(preference) if preference.isascii() and preference.isdecimal() and len(preference) < 6 else 0,
        service=get.get("service", "")[:MAX_PREVIEWED],
        hostdata=get.get("hostdata", "")[:MAX_PREVIEWED].strip(),
    )
    digits = digits_in(get.get("number", ""))[:MAX_DIGITS]
    coming = _prospect(get.get("carried", ""), get.get("fingerprint", ""), draft)
    context = {"preview": preview(digits, draft, coming), "problems": check_draft(draft, digits)}
    return render(request, "dashboard/parts/preview.html", context)


def _prospect(text: str, seen: str, draft: NaptrDraft) -> Prospect | None:
    """What a draft changes for callers, by the records that the page carried; `seen` says which one it replaces."""
    now = carried(text)
    if now is None:
        return None
    replaced = next((record.id for record in now.records if is_of(seen, record.id)), None)
    return prospect(now.number, now.records, draft, record_id=replaced, suffix=now.suffix)


def _neighbours(request: PersonRequest, credential: Credential, found: NumberRecords) -> list[Problem]:
    """What the first record of a number changes for other numbers; nothing for a further record."""
    if found.records:
        return []
    effect = effect_on_others(request.user, credential, found.number)
    return said_of(effect, comes=True) if effect is not None else []


def _shown_or_written(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    form: RecordForm,
    write: Callable[[], Change],
    neighbours: Sequence[Problem] = (),
) -> HttpResponse:
    """Show the form, or write the record and answer by what is known about it. Nothing that was typed is lost.

    `neighbours` is what it changes for other numbers.
    """
    if request.method != "POST" or "preview" in request.POST:
        return _shown(request, credential, found, form, 200, neighbours)
    if not form.is_valid():
        # The first of two clicks may be why: it has just written the very same record.
        before = submitted_before(request, credential.pk, found.number.id)
        return before or _shown(request, credential, found, form, 422, neighbours)
    concerns = [*form.concerns, *(problem for problem in neighbours if problem.code == "hides")]
    if concerns and not form.accepts(concerns):
        form.look_again(concerns)
        return _shown(request, credential, found, form, 422, neighbours)
    try:
        change = write()
    except AlreadySubmitted as earlier:
        return sent_before(request, credential.pk, found.number.id, earlier.change)
    except Conflict as conflict:
        return _conflicted(request, credential, found, form, conflict)
    if change.outcome == Outcome.APPLIED:
        return applied(request, credential, change)
    form.add_error(None, not_applied(change))
    found = replace(found, open_changes=open_changes(credential, found.number.id))
    return _shown(request, credential, found, form, STATUS[Outcome(change.outcome)])


def _shown(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    form: RecordForm,
    status: int,
    neighbours: Sequence[Problem] = (),
) -> HttpResponse:
    if form.is_bound:
        form.renew()
    return render_number(request, credential, found, bound=form, neighbours=neighbours, status=status)


def _conflicted(
    request: PersonRequest, credential: Credential, found: NumberRecords, form: RecordForm, conflict: Conflict
) -> HttpResponse:
    """Both versions side by side; nothing was sent. "Use mine" posts the same again, with what it has now seen."""
    now = conflict.now[0] if conflict.now else None
    form.renew(fingerprint=fingerprint([now]) if now is not None else "")
    context = {
        "credential": credential,
        "number": found.number,
        "form": form,
        "yours": form.clean_draft,
        "yours_preview": preview(found.number.digits, form.clean_draft),
        "now": now,
        "now_preview": preview(found.number.digits, now) if now is not None else None,
    }
    return render(request, "dashboard/conflict.html", context, status=409)


def _deleted(request: PersonRequest, credential: Credential, found: NumberRecords) -> HttpResponse:
    """The record of this form is gone. What was typed is offered as a new one; nothing was sent."""
    form = RecordForm(
        request.POST,
        number=found.number,
        services=service_names(request, credential),
        others=found.records,
        suffix=suffix_of(credential.registry),
    )
    if form.is_valid():
        return _conflicted(request, credential, found, form, Conflict([]))
    form.add_error(None, _("Somebody else deleted this record meanwhile. Here it can be added again."))
    return _shown(request, credential, found, form, 422)


def _not_moved(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    record_id: int,
    form: MoveForm,
    conflict: Conflict,
) -> HttpResponse:
    gone = all(record.id != record_id for record in conflict.now)
    if gone and not is_of(form.cleaned_data["fingerprint"], record_id):
        raise Http404(_("This number has no such record."))
    text = _("The records changed meanwhile, so nothing was moved. These are the records as they are now.")
    return changed_meanwhile(request, credential, number_id, text)

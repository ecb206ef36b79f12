"""Pages that show, add, change and move records: bind the forms, call the writer, answer by what came of it.

All records of a number are one HTML form, so that what was typed for others than the one that is sent comes along and
stays. Each record is a write of its own with an outcome of its own, also where several are saved at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import RegistryError
from dashboard.models import Credential, Outcome
from dashboard.protocol import RecordState
from dashboard.services import numbers
from dashboard.services.credentials.connection import connect
from dashboard.services.history.words import not_applied, sent_before
from dashboard.services.numbers import NumberRecords, is_of
from dashboard.services.records import (
    AlreadySubmitted,
    Conflict,
    Direction,
    Review,
    Unacceptable,
    Writer,
    next_preference,
)
from dashboard.services.records.callers import Callers
from dashboard.services.records.neighbours import answered_by, effect_of_first
from dashboard.web.forms.number import NumberForm, is_key
from dashboard.web.forms.records import NEW, MoveForm, ReasonForm, RecordForm
from dashboard.web.views.mirror import from_mirror
from dashboard.web.views.numbers import render_number, services_offered
from dashboard.web.views.outcomes import (
    STATUS,
    say_applied,
    say_moved,
    say_sent_before,
    with_history,
)
from dashboard.web.views.requests import PersonRequest, page


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of sending one record. `after` are the number's records where it was applied, `found` is the number
    as it was read where it was not, and known by then; `status` is how to answer.
    """

    status: int
    after: Sequence[RecordState] | None = None
    found: NumberRecords | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be sent: it was applied now, or by an earlier click."""
        return self.status == HTTPStatus.FOUND


@page("GET", "POST")
def number_detail(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """One number: its records as forms, in the order in which telephone systems try them.

    POST saves all that was typed, or shows the page without what was typed for one record (`reset`).
    """
    if request.method == "POST":
        return _all_saved(request, access.credential(request.user, pk, access.EDIT), number_id)
    credential = access.credential(request.user, pk, access.SEE)
    try:
        found = numbers.show_number(request.user, credential, number_id)
    except RegistryError as failure:
        return from_mirror(request, credential, number_id, failure)
    return render_number(request, credential, found, answered=_answered_by(request, credential, found))


def _answered_by(request: PersonRequest, credential: Credential, found: NumberRecords) -> Callers | None:
    """Whose records callers get of a number that has none; None also where the registry does not say it now."""
    try:
        return answered_by(request.user, credential, found)
    except RegistryError:
        return None


@page("GET", "POST")
def record_add(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Add a record to a number; `blank` asks for its form, `row` says which one that is gone is added again."""
    credential = access.credential(request.user, pk, access.EDIT)
    if request.method == "POST" and "blank" not in request.POST:
        gone = request.GET.get("row", "")
        return _saved(request, credential, number_id, gone if is_key(gone) else NEW, adding=True)
    services = services_offered(request, credential)
    found = numbers.show_number(request.user, credential, number_id)
    sent = NumberForm(request.POST, services)
    typed = sent.unsent(found.records)
    blank = RecordForm(services=services, initial={"preference": next_preference(found.records)})
    form = typed.setdefault(NEW, blank)
    _look_ahead(request, credential, found, form)
    return render_number(request, credential, found, typed, reason=sent.reason)


@page("GET", "POST")
def record_edit(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Change a record."""
    credential = access.credential(request.user, pk, access.EDIT)
    if request.method == "POST":
        return _saved(request, credential, number_id, str(record_id), adding=False)
    found = numbers.show_number(request.user, credential, number_id)
    found.record(record_id)
    return render_number(request, credential, found, focus=str(record_id))


@page("POST")
def record_move(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Move a record a place up or down."""
    credential = access.credential(request.user, pk, access.EDIT)
    sent = NumberForm(request.POST, services_offered(request, credential), str(record_id))
    form = MoveForm({**sent.forms[str(record_id)].data, "direction": request.POST.get("direction", "")})
    if not form.is_valid() or not sent.reason.is_valid():
        found = numbers.show_number(request.user, credential, number_id)
        _insist_on_record(found, sent.forms[str(record_id)])
        messages.error(request, _("The record was not moved: the form was incomplete. Load the page again."))
        return _shown(request, credential, found, sent, status=422)
    writer = Writer(request.user, credential, number_id, form.cleaned_data["submission"], reason=sent.reason.given)
    direction, seen = Direction(form.cleaned_data["direction"]), form.cleaned_data["fingerprint"]
    try:
        made = writer.move(record_id, direction, seen=seen)
    except AlreadySubmitted as earlier:
        say_sent_before(request, earlier.change)
        sent.forms[str(record_id)].renew()  # what was typed for the record is not sent yet: the move had its token
        return _done(request, credential, number_id, sent)
    except Conflict as conflict:
        text = _("The records changed meanwhile, so nothing was moved. These are the records as they are now.")
        messages.error(request, text)
        return _shown(request, credential, with_history(request, credential, conflict.found), sent, status=409)
    if made:
        sent.follow(made[0].before, made[-1].after)
    say_moved(request, made, record_id)
    request.has_written = bool(made)
    failed = next((change for change in made if change.outcome != Outcome.APPLIED), None)
    if failed is None:
        return _done(request, credential, number_id, sent, made[-1].after if made else writer.found.records)
    found = with_history(request, credential, writer.found)
    return _shown(request, credential, found, sent, status=STATUS[Outcome(failed.outcome)])


def _saved(request: PersonRequest, credential: Credential, number_id: int, key: str, *, adding: bool) -> HttpResponse:
    """Save one record, and answer by what is known about it. Nothing that was typed is lost."""
    page_form = NumberForm(request.POST, services_offered(request, credential), key)
    form = page_form.forms[key]
    if "preview" in request.POST:
        sent = Sent(status=200)
    else:
        sent = _send(request, credential, number_id, form, page_form.reason, adding=adding)
    if sent.is_done:
        page_form.forget(key)
        return _done(request, credential, number_id, page_form, sent.after)
    if sent.found is not None:
        found = with_history(request, credential, sent.found)
    else:
        found = numbers.show_number(request.user, credential, number_id)
        _insist_on_record(found, form)
        if form.record_id is None:
            _look_ahead(request, credential, found, form)
    return _shown(request, credential, found, page_form, {key: form}, status=sent.status)


def _all_saved(request: PersonRequest, credential: Credential, number_id: int) -> HttpResponse:
    """Save each record that was typed into, one after the other; or forget what was typed for one (`reset`)."""
    page_form = NumberForm(request.POST, services_offered(request, credential))
    if "reset" in request.POST:
        page_form.forget(request.POST["reset"])
        return _done(request, credential, number_id, page_form)
    found = numbers.show_number(request.user, credential, number_id)
    kept, statuses = dict[str, RecordForm](), list[int]()
    for key, form in page_form.typed(found.records).items():
        if form.is_empty:
            continue  # a form that was opened and not filled in
        sent = _send(request, credential, number_id, form, page_form.reason, adding=form.record_id is None)
        statuses.append(sent.status)
        if sent.is_done:
            page_form.forget(key)
        else:
            kept[key] = form
    if not statuses:
        _say_nothing_sent(request, page_form)
        if page_form.reason.is_typed:
            return _shown(request, credential, found, page_form)
    if not kept:
        return _done(request, credential, number_id, page_form)
    found = numbers.show_number(request.user, credential, number_id)
    return _shown(request, credential, found, page_form, kept, status=max(statuses))


def _say_nothing_sent(request: PersonRequest, page_form: NumberForm) -> None:
    """The second of two clicks finds nothing left to save: then what the first one did is what people ask about."""
    tokens = [form.submission_id for form in page_form.forms.values() if form.is_valid()]
    earlier = access.all_submitted(request.user, filter(None, tokens))
    for change in earlier:
        say_sent_before(request, change)
    if not earlier:
        messages.info(request, _("Nothing on this page was changed, so nothing was sent."))


def _send(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    form: RecordForm,
    reason: ReasonForm,
    *,
    adding: bool,
) -> Sent:
    """Write one record. What came of it is in the messages where it was applied, and else in the form."""
    if not form.is_valid() or not reason.is_valid():
        return Sent(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    writer = Writer(request.user, credential, number_id, form.submission_id, reason=reason.given)
    try:
        if adding or form.record_id is None:
            change = writer.add(form.clean_draft, accepted=form.accepted)
        else:
            change = writer.update(form.record_id, form.clean_draft, seen=form.seen, accepted=form.accepted)
    except AlreadySubmitted as earlier:
        if earlier.change.outcome == Outcome.APPLIED:
            say_sent_before(request, earlier.change)
            return Sent(status=HTTPStatus.FOUND)
        form.add_error(None, sent_before(earlier.change))
        return Sent(status=STATUS.get(Outcome(earlier.change.outcome), HTTPStatus.BAD_GATEWAY))
    except Conflict as conflict:
        return Sent(status=HTTPStatus.CONFLICT, found=conflict.found)
    except Unacceptable as refusal:
        form.show(refusal.review)
        return Sent(status=HTTPStatus.UNPROCESSABLE_ENTITY, found=refusal.found)
    request.has_written = True
    if change.outcome == Outcome.APPLIED:
        say_applied(request, change)
        return Sent(status=HTTPStatus.FOUND, after=change.after)
    form.add_error(None, not_applied(change))
    return Sent(status=STATUS[Outcome(change.outcome)], found=writer.found)


def _done(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    page_form: NumberForm,
    after: Sequence[RecordState] | None = None,
) -> HttpResponse:
    """Back to the number; with what was typed for other records, where that is not saved yet."""
    if after is not None and not page_form.typed(after):
        return redirect("number", pk=credential.pk, number_id=number_id)
    found = numbers.show_number(request.user, credential, number_id)
    if not page_form.typed(found.records):
        return redirect("number", pk=credential.pk, number_id=number_id)
    return _shown(request, credential, found, page_form)


def _shown(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    page_form: NumberForm,
    sent: Mapping[str, RecordForm] = MappingProxyType({}),
    *,
    status: int = 200,
) -> HttpResponse:
    """The number's page with all that was typed. What was `sent` in vain is shown too, and can be sent again."""
    for key, form in sent.items():
        page_form.forget(key)
        form.renew()
    typed = {**page_form.unsent(found.records), **sent}
    return render_number(request, credential, found, typed, reason=page_form.reason, status=status)


def _insist_on_record(found: NumberRecords, form: RecordForm) -> None:
    """Raises Http404 where the number never had the record, as far as its form says."""
    record_id = form.record_id
    if record_id is not None and found.find(record_id) is None and not is_of(form.carried_fingerprint, record_id):
        raise Http404(_("This number has no such record."))


def _look_ahead(request: PersonRequest, credential: Credential, found: NumberRecords, form: RecordForm) -> None:
    """What the first record of a number would change for other numbers."""
    form.show(Review(notes=tuple(effect_of_first(connect(request.user, credential), found))))

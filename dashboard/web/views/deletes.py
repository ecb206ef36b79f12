"""Confirm pages: GET changes nothing and says exactly what is lost and what callers get afterwards; POST acts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import Problem, effect_problems
from dashboard.models import Change, Credential, Outcome
from dashboard.protocol import Record
from dashboard.services import numbers
from dashboard.services.credentials.connection import connect
from dashboard.services.history.words import not_applied
from dashboard.services.numbers import NumberRecords, fingerprint
from dashboard.services.numbers.formatting import is_block
from dashboard.services.records import AlreadySubmitted, Conflict, Unacceptable, Writer
from dashboard.services.records.callers import prospect_without
from dashboard.services.records.neighbours import effect_on_others
from dashboard.services.records.preview import reached
from dashboard.services.zones import zone_of
from dashboard.web.forms.records import DeleteAllForm, DeleteForm, WriteForm
from dashboard.web.views.numbers import render_number
from dashboard.web.views.outcomes import STATUS, say_applied, say_sent_before, with_history
from dashboard.web.views.requests import PersonRequest, page

NOT_LISTED = gettext_noop("What this changes for other numbers is not known: the registry did not list them.")


@page("GET", "POST")
def record_delete(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Delete a record."""
    credential = access.credential(request.user, pk, access.EDIT)
    form = DeleteForm(request.POST, seen="")
    if request.method == "POST" and form.is_valid():
        return _deleted(request, credential, number_id, form, lambda writer: writer.delete(record_id, seen=form.seen))
    found = numbers.show_number(request.user, credential, number_id)
    record = found.record(record_id)
    if request.method != "POST":
        form = DeleteForm(seen=fingerprint([record]))
    return _asked(request, credential, found, form, record)


@page("GET", "POST")
def record_delete_all(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Delete every record of a number, once the number was typed."""
    credential = access.credential(request.user, pk, access.EDIT)
    zone = zone_of(credential.registry)
    form = DeleteAllForm(request.POST, seen="", zone=zone)
    if request.method == "POST" and form.is_valid():
        return _deleted(
            request,
            credential,
            number_id,
            form,
            lambda writer: writer.delete_all(seen=form.seen, digits=form.cleaned_data["confirm"]),
        )
    found = numbers.show_number(request.user, credential, number_id)
    if request.method != "POST":
        form = DeleteAllForm(seen=found.fingerprint, zone=zone)
    return _asked(request, credential, found, form, None)


def _deleted(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    form: DeleteForm | DeleteAllForm,
    write: Callable[[Writer], Change],
) -> HttpResponse:
    """Do what was confirmed, and answer by what is known about it."""
    writer = Writer(request.user, credential, number_id, form.submission_id, reason=form.given)
    try:
        change = write(writer)
    except AlreadySubmitted as earlier:
        say_sent_before(request, earlier.change)
        return redirect("number", pk=credential.pk, number_id=number_id)
    except Conflict as conflict:
        text = _("The records changed meanwhile, so nothing was deleted. These are the records as they are now.")
        messages.error(request, text)
        return render_number(request, credential, with_history(request, credential, conflict.found), status=409)
    except Unacceptable as refusal:
        form.add_error("confirm", str(refusal))
        return _asked(request, credential, refusal.found, form, None)
    if change.outcome == Outcome.APPLIED:
        say_applied(request, change)
        return redirect("number", pk=credential.pk, number_id=number_id)
    form.add_error(None, not_applied(change))
    record = writer.found.find(change.record_id) if change.record_id is not None else None
    return _asked(request, credential, writer.found, form, record, status=STATUS[Outcome(change.outcome)])


def _asked(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    form: WriteForm,
    record: Record | None,
    *,
    status: int = 422,
) -> HttpResponse:
    """The confirm page of one record, or of all for None; again, with `status`, where the form was sent.

    Which other numbers change their answer, the registry is asked only where the last record goes, and not again.
    """
    digits, block = found.number.digits, is_block(found.number)
    lost, kept = [record] if record else found.records, found.others(record)
    left = kept if record else []
    neighbours: list[Problem] = []
    if form.is_bound:
        form.renew()
    elif lost and not left:
        neighbours = _neighbours(request, credential, found)
    context = {
        "credential": credential,
        "number": found.number,
        "form": form,
        "record": record,
        "lost": reached(digits, lost, is_block=block),
        "left": reached(digits, left, is_block=block),
        "prospect": prospect_without(found, lost),
        "neighbours": neighbours,
        "answered": any(problem.code == "instead" for problem in neighbours),
    }
    template = "dashboard/record_delete.html" if record else "dashboard/record_delete_all.html"
    return render(request, template, context, status=status if form.is_bound else 200)


def _neighbours(request: PersonRequest, credential: Credential, found: NumberRecords) -> list[Problem]:
    """What it changes for other numbers when one loses its last record."""
    try:
        effect = effect_on_others(connect(request.user, credential), found)
    except RegistryError:
        return [Problem("number", "unknown", NOT_LISTED, severity="warning")]
    return effect_problems(effect, comes=False) if effect is not None else []

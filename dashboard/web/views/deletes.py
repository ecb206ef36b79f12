"""Confirm pages: GET changes nothing and says exactly what is lost and what callers get afterwards; POST acts."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import Problem, said_of
from dashboard.models import Change, Credential, Outcome
from dashboard.protocol import Number, Record
from dashboard.services import numbers, records
from dashboard.services.dns.zones import suffix_of
from dashboard.services.history import AlreadySubmitted, Conflict, fingerprint
from dashboard.services.numbers import NumberRecords
from dashboard.services.records.callers import prospect_without
from dashboard.services.records.neighbours import effect_on_others
from dashboard.services.records.preview import reached
from dashboard.web.forms.records import DeleteAllForm, DeleteForm, WriteForm
from dashboard.web.views.outcomes import (
    STATUS,
    applied,
    changed_meanwhile,
    not_applied,
    sent_before,
    submitted_before,
    was_deleted,
)
from dashboard.web.views.requests import PersonRequest, page

NOT_LISTED = gettext_noop("What this changes for other numbers is not known: the registry did not list them.")


@page("GET", "POST")
def record_delete(request: PersonRequest, pk: int, number_id: int, record_id: int) -> HttpResponse:
    """Delete a record."""
    credential = access.credential(request.user, pk)
    if done := submitted_before(request, pk, number_id):
        return done
    found = numbers.show_number(request.user, credential, number_id)
    if was_deleted(request, found, record_id):
        return submitted_before(request, pk, number_id) or _changed(request, credential, number_id)
    record = found.record(record_id)
    data = request.POST if request.method == "POST" else None
    form = DeleteForm(data, seen=fingerprint([record]))

    def write() -> Change:
        return records.delete_record(
            request.user, credential, number_id, record_id, form.seen, submission=form.submission_id
        )

    digits, others = found.number.digits, found.others(record)
    context = {"lost": reached(digits, [record]), "left": reached(digits, others), "record": record}
    context |= _afterwards(request, credential, found, [record])
    return _confirmed(request, "dashboard/record_delete.html", credential, found, form, context, write)


@page("GET", "POST")
def record_delete_all(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Delete every record of a number, once the number was typed."""
    credential = access.credential(request.user, pk)
    if done := submitted_before(request, pk, number_id):
        return done
    found = numbers.show_number(request.user, credential, number_id)
    data = request.POST if request.method == "POST" else None
    form = DeleteAllForm(data, seen=found.fingerprint, number=found.number)

    def write() -> Change:
        return records.delete_all_records(
            request.user, credential, found.number, form.seen, submission=form.submission_id
        )

    context = {"lost": reached(found.number.digits, found.records)}
    context |= _afterwards(request, credential, found, found.records)
    return _confirmed(request, "dashboard/record_delete_all.html", credential, found, form, context, write)


def _afterwards(
    request: PersonRequest, credential: Credential, found: NumberRecords, gone: Sequence[Record]
) -> dict[str, Any]:
    """Who can no longer call, and which other numbers change their answer. The registry is asked for these only
    where the confirm page is shown.
    """
    is_last = 0 < len(gone) == len(found.records)
    neighbours = SimpleLazyObject(lambda: _neighbours(request, credential, found.number) if is_last else [])
    return {
        "prospect": prospect_without(found.number, found.records, gone, suffix_of(credential.registry)),
        "neighbours": neighbours,
        "answered": SimpleLazyObject(lambda: any(problem.code == "instead" for problem in neighbours)),
    }


def _neighbours(request: PersonRequest, credential: Credential, number: Number) -> list[Problem]:
    """What it changes for other numbers when one loses its last record."""
    try:
        effect = effect_on_others(request.user, credential, number)
    except RegistryError:
        return [Problem("number", "unknown", NOT_LISTED, severity="warning")]
    return said_of(effect, comes=False) if effect is not None else []


def _confirmed(
    request: PersonRequest,
    template: str,
    credential: Credential,
    found: NumberRecords,
    form: WriteForm,
    context: dict[str, Any],
    write: Callable[[], Change],
) -> HttpResponse:
    """Show a confirm page, or do what was confirmed and answer by what is known about it."""
    context |= {"credential": credential, "number": found.number, "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        form.renew()
        return render(request, template, context, status=422)
    try:
        change = write()
    except AlreadySubmitted as earlier:
        return sent_before(request, credential.pk, found.number.id, earlier.change)
    except Conflict:
        return _changed(request, credential, found.number.id)
    if change.outcome == Outcome.APPLIED:
        return applied(request, credential, change)
    form.add_error(None, not_applied(change))
    form.renew()
    return render(request, template, context, status=STATUS[Outcome(change.outcome)])


def _changed(request: PersonRequest, credential: Credential, number_id: int) -> HttpResponse:
    text = _("The records changed meanwhile, so nothing was deleted. These are the records as they are now.")
    return changed_meanwhile(request, credential, number_id, text)

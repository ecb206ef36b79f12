"""What a page says after a write: done, not done, not known, changed meanwhile, or sent before."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard.client import RegistryError
from dashboard.models import Change, Credential, Outcome
from dashboard.models.change import Command
from dashboard.services import numbers
from dashboard.services.history import find_submitted, is_of
from dashboard.services.numbers import NumberRecords
from dashboard.web.views.numbers import render_number
from dashboard.web.views.requests import PersonRequest, registry_failed

# A form is shown again where its write did not take effect: the registry said no, or nobody knows.
STATUS = {Outcome.REFUSED: 422, Outcome.NOT_APPLIED: 502, Outcome.UNKNOWN: 502}


def submitted_before(request: PersonRequest, pk: int, number_id: int) -> HttpResponse | None:
    """The answer to a form that was sent before, such as by a double click; None where it was not."""
    if request.method != "POST":
        return None
    try:
        token = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    change = find_submitted(request.user, token)
    return None if change is None else sent_before(request, pk, number_id, change)


def sent_before(request: PersonRequest, pk: int, number_id: int, change: Change) -> HttpResponse:
    """Back to the number, with what came of the form the first time."""
    messages.info(
        request,
        _("This form was sent before and is not sent twice. Its outcome: %(outcome)s.")
        % {"outcome": Outcome(change.outcome).label},
    )
    return redirect("number", pk=pk, number_id=number_id)


def was_deleted(request: PersonRequest, found: NumberRecords, record_id: int) -> bool:
    """Whether a form was sent that showed a record which is gone now. A record that never was is no such thing."""
    seen = request.POST.get("fingerprint", "")
    return request.method == "POST" and not found.has(record_id) and is_of(seen, record_id)


def applied(request: PersonRequest, credential: Credential, change: Change) -> HttpResponse:
    """Back to the number, with one sentence that says what was done."""
    done = {
        Command.NEW: _("The record was added."),
        Command.UPDATE: _("The record was changed."),
        Command.DELETE: _("The record was deleted."),
        Command.DELETEALL: _("All records of this number were deleted."),
    }[Command(change.command)]
    messages.success(request, f"{done} {change.words}".strip())
    return redirect("number", pk=credential.pk, number_id=change.number_id)


def not_applied(change: Change) -> str:
    """One sentence for a write that was not done, or of which nobody knows."""
    said = {"registry": change.registry_name, "words": change.words}
    if change.outcome == Outcome.REFUSED and not change.words:
        return _("%(registry)s refused this and did not say why.") % said
    if change.outcome == Outcome.REFUSED:
        return _("%(registry)s refused this and said: %(words)s") % said
    if change.outcome == Outcome.NOT_APPLIED:
        return _("Nothing was changed. %(words)s") % said
    return _("It is not known whether this took effect. %(words)s The history lets you check it again.") % said


def moved(request: PersonRequest, credential: Credential, number_id: int, made: Sequence[Change]) -> HttpResponse:
    """Back to the number after a move, whose updates end with the first that was not applied."""
    failed = next((change for change in made if change.outcome != Outcome.APPLIED), None)
    if failed is None:
        messages.success(request, _("The record was moved."))
        return redirect("number", pk=credential.pk, number_id=number_id)
    text = not_applied(failed)
    if len(made) > 1:
        text += " " + _("Other records of this number have new preferences already; the history has them all.")
    return shown_again(request, credential, number_id, text, STATUS[Outcome(failed.outcome)], sent=True)


def changed_meanwhile(request: PersonRequest, credential: Credential, number_id: int, text: str) -> HttpResponse:
    """The number as it is now, and why nothing was sent."""
    return shown_again(request, credential, number_id, text, 409)


def shown_again(
    request: PersonRequest, credential: Credential, number_id: int, text: str, status: int, *, sent: bool = False
) -> HttpResponse:
    """The number as it is now, and what became of a form. `sent` says whether a write went out."""
    messages.error(request, text)
    try:
        found = numbers.show_number(request.user, credential, number_id)
    except RegistryError as failure:
        return registry_failed(request, failure, sent=sent)
    return render_number(request, credential, found, status=status)

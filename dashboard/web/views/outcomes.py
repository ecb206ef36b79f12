"""What a page says after a write: done, not done, not known, changed meanwhile, or sent before."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard.models import Change, Credential, Outcome
from dashboard.models.change import Command
from dashboard.services.history import open_changes
from dashboard.services.numbers import NumberRecords
from dashboard.services.records import AlreadySubmitted
from dashboard.web.views.numbers import render_number
from dashboard.web.views.requests import PersonRequest

# A form is shown again where its write did not take effect: the registry said no, or nobody knows.
STATUS = {Outcome.REFUSED: 422, Outcome.NOT_APPLIED: 502, Outcome.UNKNOWN: 502}


def sent_before(request: PersonRequest, earlier: AlreadySubmitted, pk: int, number_id: int) -> HttpResponse:
    """Back to the number, with what came of the form the first time."""
    messages.info(
        request,
        _("This form was sent before and is not sent twice. Its outcome: %(outcome)s.")
        % {"outcome": Outcome(earlier.change.outcome).label},
    )
    return redirect("number", pk=pk, number_id=number_id)


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
    params = {"registry": change.registry_name, "words": change.words}
    if change.outcome == Outcome.REFUSED and not change.words:
        return _("%(registry)s refused this and did not say why.") % params
    if change.outcome == Outcome.REFUSED:
        return _("%(registry)s refused this and said: %(words)s") % params
    if change.outcome == Outcome.NOT_APPLIED:
        return _("Nothing was changed. %(words)s") % params
    return _("It is not known whether this took effect. %(words)s The history lets you check it again.") % params


def moved(
    request: PersonRequest, credential: Credential, found: NumberRecords, made: Sequence[Change]
) -> HttpResponse:
    """Back to the number after a move, whose updates end with the first that was not applied.

    `found` is the number as it was read before the last of them.
    """
    failed = next((change for change in made if change.outcome != Outcome.APPLIED), None)
    if failed is None:
        messages.success(request, _("The record was moved."))
        return redirect("number", pk=credential.pk, number_id=found.number.id)
    text = not_applied(failed)
    if len(made) > 1:
        text += " " + _("Other records of this number have new preferences already; the history has them all.")
    messages.error(request, text)
    found = with_open_changes(credential, found)
    return render_number(request, credential, found, status=STATUS[Outcome(failed.outcome)])


def changed_meanwhile(
    request: PersonRequest, credential: Credential, found: NumberRecords, text: str, status: int = 409
) -> HttpResponse:
    """The number as it is now, and why nothing was sent."""
    messages.error(request, text)
    return render_number(request, credential, with_open_changes(credential, found), status=status)


def with_open_changes(credential: Credential, found: NumberRecords) -> NumberRecords:
    """The same, with what is not settled by now."""
    return replace(found, open_changes=open_changes(credential, found.number.id))

"""Pages that show a plan and send it: a change taken back, a number put back as it was then.

GET changes nothing and shows each command, who can call now and then, and what of others' would be lost. POST sends
what was shown; where that is not done, or only a part of it, the page shows what is left.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Change, Credential, Outcome
from dashboard.services.history.words import not_applied
from dashboard.services.numbers.formatting import writing
from dashboard.services.records import AlreadySubmitted, Conflict, Unacceptable
from dashboard.services.undo import (
    NotRestorable,
    NotUndoable,
    RestorePlan,
    UndoPlan,
    plan_restore,
    plan_undo,
    restore,
    undo,
)
from dashboard.services.undo.differences import compare, differing
from dashboard.web.forms.undo import PlanForm, RestoreForm, UndoForm
from dashboard.web.views.outcomes import STATUS, offering_undo, say_sent_before
from dashboard.web.views.requests import PersonRequest, page, typed_in

Show = Callable[[int], HttpResponse]


@page("GET", "POST")
def change_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a change, and what was sent together with it; `with_theirs` also what others did to its records."""
    change = access.change(request.user, pk)
    if change.credential is None:
        messages.error(request, _("This cannot be undone any more: its credential was removed."))
        return redirect("history")
    credential = access.credential(request.user, change.credential.pk, access.EDIT)
    form = UndoForm(typed_in(request), seen="", initial={"with_theirs": "with_theirs" in request.GET})

    def shown(status: int) -> HttpResponse:
        plan = plan_undo(request.user, change, with_theirs=form.takes_theirs)
        if not plan.theirs:
            del form.fields["with_theirs"]
        did = differing(compare(plan.undone[0].before, plan.undone[-1].after, {}))
        return _shown(request, "change_undo", credential, plan, form, status, change=change, did=did)

    def write() -> list[Change]:
        return undo(
            request.user,
            change,
            seen=form.seen,
            accepted=form.accepted,
            with_theirs=form.takes_theirs,
            submission=form.submission_id,
            reason=form.reason_given,
        )

    try:
        if request.method != "POST" or "preview" in request.POST:
            return shown(200)
        done = _("The change was taken back.")
        return _sent(request, credential, change.number_id, form, write, shown, done)
    except NotUndoable as refusal:
        messages.info(request, str(refusal))
        return redirect("number-history", pk=credential.pk, number_id=change.number_id)


@page("GET", "POST")
def number_restore(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """Put a number back as it was at a moment of its line (`at`)."""
    credential = access.credential(request.user, pk, access.EDIT)
    at = request.POST.get("at", request.GET.get("at", ""))
    if not at:
        messages.info(request, _("Choose the moment as of which the number is put back."))
        return redirect("number-history", pk=credential.pk, number_id=number_id)
    form = RestoreForm(typed_in(request), seen="", at=at)

    def shown(status: int) -> HttpResponse:
        plan = plan_restore(request.user, credential, number_id, at)
        return _shown(request, "number_restore", credential, plan, form, status, then=plan.then)

    def write() -> list[Change]:
        return restore(
            request.user,
            credential,
            number_id,
            at,
            seen=form.seen,
            accepted=form.accepted,
            submission=form.submission_id,
            reason=form.reason_given,
        )

    try:
        if request.method != "POST":
            return shown(200)
        return _sent(request, credential, number_id, form, write, shown, _("The number was put back as it was then."))
    except NotRestorable as refusal:
        messages.error(request, str(refusal))
        return redirect("number-history", pk=credential.pk, number_id=number_id)


def _sent(
    request: PersonRequest,
    credential: Credential,
    number_id: int,
    form: PlanForm,
    write: Callable[[], list[Change]],
    shown: Show,
    done: str,
) -> HttpResponse:
    """Send a plan, and answer by what is known about it: with `done`, or with the plan of what is left."""
    if not form.is_valid():
        return shown(422)
    try:
        made = write()
    except AlreadySubmitted as earlier:
        together = access.sent_together(earlier.change)
        say_sent_before(request, next((one for one in together if one.outcome != Outcome.APPLIED), earlier.change))
        # It may have been killed half way: then there is something left.
        query = urlencode({name: form.data[name] for name in ("at",) if name in form.data})
        return redirect(f"{request.path}?{query}" if query else request.path)
    except Conflict:
        text = _("The records changed meanwhile, so nothing was sent. This is what would be sent now.")
        messages.error(request, text)
        return shown(409)
    except Unacceptable:
        return shown(422)
    request.has_written = bool(made)
    if not made:
        return shown(422)
    last = made[-1]
    if last.outcome == Outcome.APPLIED:
        messages.success(request, done, extra_tags=offering_undo(last))
        return redirect("number", pk=credential.pk, number_id=number_id)
    messages.error(request, _said_of_a_part(made))
    return shown(STATUS[Outcome(last.outcome)])


def _said_of_a_part(made: list[Change]) -> str:
    """What came of a plan whose last command did not take effect."""
    text = not_applied(made[-1])
    if len(made) > 1:
        text += " " + _("What was sent before it took effect. Below is what is left.")
    return text


def _shown(
    request: PersonRequest,
    name: str,
    credential: Credential,
    plan: UndoPlan | RestorePlan,
    form: PlanForm,
    status: int,
    **more: Any,
) -> HttpResponse:
    """A plan with the form that sends it. What was typed stays; what is sent next is what is shown now."""
    if form.is_bound:
        form.renew(fingerprint=plan.found.fingerprint)
    else:
        form.initial["fingerprint"] = plan.found.fingerprint
    context = {
        "credential": credential,
        "number": plan.found.number,
        "written": writing(plan.found.number, plan.found.suffix),
        "plan": plan,
        "prospect": plan.prospect,
        "form": form,
    } | more
    return render(request, f"dashboard/{name}.html", context, status=status)

"""Many numbers changed at once: what is to be done with which, and the preview of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboard.models import Job, JobState
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services import bulk
from dashboard.services.bulk.templates import templates
from dashboard.services.search import QueryError
from dashboard.services.sentences import say
from dashboard.web.forms.bulk import FORMS, ActionForm, StartForm, TemplateForm
from dashboard.web.views.requests import PersonRequest, page

FIRST_ACTION = "point"
EVERYTHING = "records:>=0"  # the search that finds every number


@page("GET", "POST")
def bulk_choose(request: PersonRequest) -> HttpResponse:
    """What is to be done with the numbers of a search (`q`), or with some (`number`, several times).

    A POST with an `action` makes the job, and with `try` shows what would become of the first ten; without an action
    it comes from a list, and asks for one.
    """
    bulk.insist_edits(request.user)
    given = request.POST if request.method == "POST" else request.GET
    query, numbers = _chosen(given)
    action = given.get("action", "")
    is_asked = request.method == "POST" and action in FORMS
    form = _form(request, action if action in FORMS else FIRST_ACTION, given if is_asked else None, query)
    chosen: dict[str, Any] = {"query": query, "numbers": numbers}
    status = 200
    try:
        trial = bulk.try_out(request.user, **chosen)
        if is_asked and not form.is_valid():
            status = 422
        elif is_asked and "try" in given:
            trial = bulk.try_out(request.user, form.action, form.fields_given, **chosen)
        elif is_asked:
            job = bulk.make(
                request.user, form.action, form.fields_given, reason=form.cleaned_data["reason"], **chosen
            )
            return redirect("bulk-preview", pk=job.pk)
    except (QueryError, bulk.NotNow) as problem:
        messages.error(request, say(problem))
        trial, status = bulk.Trial(count=0), 422
    context = {
        "form": form,
        "query": query,
        "numbers": numbers,
        "trial": trial,
        "action": form.action,
        "is_tried": is_asked and "try" in given,
        "links": _links(form, query, numbers),
        "has_templates": not isinstance(form, TemplateForm) or bool(form.templates),
    }
    return render(request, "dashboard/bulk.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Link:
    """An action that may be chosen."""

    label: str
    address: str
    is_here: bool


def _links(form: ActionForm, query: str, numbers: Sequence[str]) -> list[Link]:
    """The actions for the same numbers."""
    same: list[tuple[str, str]] = [("q", query)] if query else [("number", number) for number in numbers]
    return [
        Link(capfirst(str(kind.action.label)), "?" + urlencode([*same, ("action", name)]), kind is type(form))
        for name, kind in FORMS.items()
    ]


def _form(request: PersonRequest, action: str, data: QueryDict | None, query: str) -> ActionForm:
    kind, initial = FORMS[action], dict[str, Any]()
    try:
        which = bulk.which_of(query)
        initial = {"service": which.service, "host": which.host} if action != "add" else {}
    except QueryError:
        pass  # it is said where the search is tried
    if issubclass(kind, TemplateForm):
        mine: Mapping[str, Any] = {str(one.pk): one for one in templates(request.user)}
        return kind(data, templates=mine)
    return kind(data, initial=initial)


def _chosen(given: QueryDict) -> tuple[str, list[str]]:
    """The search, or the numbers that were ticked. A list sends both, and `which`; without that fewer count."""
    query, numbers, which = given.get("q", "").strip(), _numbers(given), given.get("which", "")
    if which == "all":
        return query or EVERYTHING, []
    return ("", numbers) if numbers or which == "chosen" else (query, [])


def _numbers(given: QueryDict) -> list[str]:
    """The numbers that were chosen one by one. Raises Http404 for what names none."""
    numbers = given.getlist("number")
    for text in numbers:
        parts = text.split(":")
        if len(parts) != 2 or not all(
            part.isascii() and part.isdigit() and len(part) <= MAX_ID_DIGITS for part in parts
        ):
            raise Http404(_("There is no such number."))
    return numbers


@page("GET")
def bulk_preview(request: PersonRequest, pk: int) -> HttpResponse:
    """What a job would do, number by number, and the form that starts it."""
    job = bulk.job(request.user, pk)
    if job.state not in {JobState.PREPARING, JobState.PREVIEW} and not _failed_early(job):
        return redirect("job", pk=pk)
    return preview_page(request, job)


def preview_page(
    request: PersonRequest, job: Job, form: StartForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of a preview."""
    results = bulk.Results(request.user, job)
    context = {
        "job": job,
        "is_own": job.user_id == request.user.pk,
        "results": results,
        "counts": results.counts,
        "shown": results.page(request.GET.get("page", "1"), request.GET.get("result", "")),
        "form": form or StartForm(is_unsafe=bool(results.counts.unsafe)),
    }
    return render(request, "dashboard/bulk_preview.html", context, status=status)


def _failed_early(job: Job) -> bool:
    return job.state == JobState.CANCELLED and job.prepared_at is None


@page("POST")
def bulk_start(request: PersonRequest, pk: int) -> HttpResponse:
    """Start a job, now or at a time."""
    job = bulk.job(request.user, pk)
    is_unsafe = bool(bulk.Results(request.user, job).counts.unsafe)
    form = StartForm(request.POST, is_unsafe=is_unsafe)
    if not form.is_valid():
        return preview_page(request, job, form, status=422)
    try:
        job = bulk.start(
            request.user,
            pk,
            at=form.cleaned_data["starts_at"],
            has_read=form.cleaned_data.get("has_read", False),
        )
    except bulk.Unread as unread:
        form.add_error("has_read" if is_unsafe else None, say(unread))
        return preview_page(request, job, form, status=422)
    except bulk.NotNow as refusal:
        messages.error(request, say(refusal))
        return redirect("bulk-preview", pk=pk)
    said = {
        JobState.APPROVAL: _("A second person must approve this before it starts."),
        JobState.SCHEDULED: _("It starts at the time that you have chosen."),
    }
    messages.success(request, said.get(JobState(job.state), _("It has started.")))
    return redirect("job", pk=pk)


@page("POST")
def bulk_anew(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a preview anew."""
    try:
        bulk.prepare_anew(request.user, pk)
    except bulk.NotNow as refusal:
        messages.error(request, say(refusal))
    return redirect("bulk-preview", pk=pk)

"""Jobs: how far they are, what came of each number, and what their people decide about them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import Job, JobState, User
from dashboard.services import audit, bulk
from dashboard.services.bulk.approving import demands, may_approve
from dashboard.services.bulk.deciding import ENDED
from dashboard.services.bulk.results import COLUMNS
from dashboard.services.sentences import say
from dashboard.web.forms.bulk import UndoJobForm
from dashboard.web.views.exports import file_of
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE_SIZE = 25
Decides = Callable[[User, int], Job]


@page("GET")
def job_list(request: PersonRequest) -> HttpResponse:
    """The jobs that this person may see, newest first, and those that wait for them."""
    jobs = bulk.jobs(request.user)
    shown = Paginator(jobs, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    waiting = [one for one in jobs.filter(state=JobState.APPROVAL) if may_approve(request.user, one)]
    return render(request, "dashboard/jobs.html", {"page": shown, "to_approve": waiting})


@page("GET")
def job_detail(request: PersonRequest, pk: int) -> HttpResponseBase:
    """One job, with its numbers; or all of these as a file (`export`)."""
    job = bulk.job(request.user, pk)
    if job.state in {JobState.PREPARING, JobState.PREVIEW}:
        return redirect("bulk-preview", pk=pk)
    results = bulk.Results(request.user, job)
    if request.GET.get("export") == "csv":
        audit.note("export.job", by=request.user, words=f"job {pk}")
        return file_of(f"job-{pk}", "csv", COLUMNS, results.rows())
    context = {
        "job": job,
        "is_own": job.user_id == request.user.pk,
        "is_ended": job.state in ENDED,
        "may_approve": job.state == JobState.APPROVAL and may_approve(request.user, job),
        "demands": demands(job) if job.state == JobState.APPROVAL else (),
        "results": results,
        "counts": results.counts,
        "shown": results.page(request.GET.get("page", "1"), request.GET.get("result", "")),
        "undone_by": bulk.jobs(request.user).filter(undoes=job),
    }
    return render(request, "dashboard/job.html", context)


def _decision(decide: Decides, said: "StrOrPromise") -> Callable[..., HttpResponseBase]:
    """A page that does one thing with a job, and says so."""

    @page("POST")
    def view(request: PersonRequest, pk: int) -> HttpResponse:
        try:
            job = decide(request.user, pk)
        except bulk.NotNow as refusal:
            messages.error(request, say(refusal))
            return redirect("job", pk=pk)
        messages.success(request, str(said))
        return redirect("job", pk=job.pk)

    return view


job_approve = _decision(bulk.approve, gettext_lazy("You have approved it."))
job_pause = _decision(bulk.pause, gettext_lazy("It pauses: what is on its way comes to its end."))
job_resume = _decision(bulk.resume, gettext_lazy("It goes on."))
job_again = _decision(bulk.try_again, gettext_lazy("The numbers that failed are tried again."))
job_look_again = _decision(bulk.look_again, gettext_lazy("This is what would be done with those that were changed."))


@page("GET", "POST")
def job_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """End a job, once it was confirmed."""
    job = bulk.job(request.user, pk)
    bulk.insist_own(request.user, job)
    if request.method == "POST":
        try:
            bulk.cancel(request.user, pk)
            messages.success(request, _("It is cancelled. What it has done stays done."))
        except bulk.NotNow as refusal:
            messages.error(request, say(refusal))
        return redirect("job", pk=pk)
    counts = bulk.Results(request.user, job).counts
    return render(request, "dashboard/job_cancel.html", {"job": job, "counts": counts})


@page("GET", "POST")
def job_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what a job has done, by a job of its own with a preview."""
    job = bulk.job(request.user, pk)
    bulk.insist_edits(request.user, job)
    form = UndoJobForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = bulk.undo(request.user, pk, **form.cleaned_data)
        except bulk.NotNow as refusal:
            messages.error(request, say(refusal))
            return redirect("job", pk=pk)
        return redirect("bulk-preview", pk=made.pk)
    counts = bulk.Results(request.user, job).counts
    context = {"job": job, "form": form, "counts": counts}
    return render(request, "dashboard/job_undo.html", context, status=status_of(request))

"""The history: every write, and settling those of which nobody knows yet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Outcome
from dashboard.services.history import settle
from dashboard.web.forms.history import HistoryForm
from dashboard.web.views.requests import PersonRequest, page

PAGE_SIZE = 50


@page("GET")
def history(request: PersonRequest) -> HttpResponse:
    """Every write that this person may see, newest first; those that are open come with a button to check them.

    `open`, `team`, `credential`, `number` and `person` (a user name) say which.
    """
    form = HistoryForm(request.GET, person=request.user)
    made = form.chosen()
    shown = Paginator(made, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "form": form,
        "editable": set(access.credentials(request.user, access.EDIT).values_list("pk", flat=True)),
    }
    return render(request, "dashboard/history.html", context)


@page("POST")
def change_settle(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the registry whether a write took effect."""
    change = settle(request.user, access.change(request.user, pk))
    if change.is_open:
        messages.error(request, _("This cannot be checked any more: its credential was removed."))
    else:
        outcome = Outcome(change.outcome).label
        messages.success(request, _("Checked. Its outcome: %(outcome)s.") % {"outcome": outcome})
    return redirect("history")

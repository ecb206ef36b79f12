"""The registries at a glance, and the wire view."""

from django.http import HttpResponse
from django.shortcuts import render

from dashboard.services import registries
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def registry_list(request: PersonRequest) -> HttpResponse:
    """How every command went last, for each credential, and what was said."""
    context = {
        "states": registries.states(request.user),
        "exchanges": registries.last_exchanges(request.user),
    }
    return render(request, "dashboard/registries.html", context)

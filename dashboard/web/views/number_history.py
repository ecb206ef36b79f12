"""A number over time: its line of states, what differs between two of them, and who could call in each."""

from django.http import HttpResponse
from django.shortcuts import render

from dashboard import access
from dashboard.services.numbers.formatting import writing
from dashboard.services.undo.line import line_of
from dashboard.services.undo.moments import Life
from dashboard.services.zones import suffix_of
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def number_history(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """A page of a number's line; with `at` how it was then, and what became of it until now, or since `from`."""
    credential = access.credential(request.user, pk, access.SEE)
    life = Life.of(request.user, credential, number_id)
    at, since = request.GET.get("at", ""), request.GET.get("from", "")
    context = {
        "credential": credential,
        "number": life.number,
        "written": writing(life.number, suffix_of(credential.registry)),
        "line": line_of(life, request.GET.get("page", "1")),
        "comparison": life.comparison(at, since) if at or since else None,
    }
    return render(request, "dashboard/number_history.html", context)

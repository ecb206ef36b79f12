"""What the DNS says now: a fragment that htmx fills in after a page has loaded, and a page without JavaScript."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.vary import vary_on_headers

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import NumberError
from dashboard.protocol import whole_number
from dashboard.services import dns, numbers, zones
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
@vary_on_headers("HX-Request")
def number_dns(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """One number: its state at each of the zone's servers and resolvers, record by record."""
    credential = access.credential(request.user, pk, access.SEE)
    context: dict[str, Any] = {"credential": credential, "suffix": zones.suffix_of(credential.registry)}
    try:
        found = numbers.show_number(request.user, credential, number_id)
        context["number"] = found.number
        context["look"] = dns.look_at_number(request.user, credential, found)
        context["state"] = context["look"].numbers[0]
    except (NumberError, dns.TooManyLooks) as problem:
        context["problem"] = problem
    except RegistryError as failure:
        # The page around the fragment is there already, and says more than the fragment could.
        if not _is_fragment(request):
            raise
        context["problem"] = failure
    return _answer(request, "number_dns", context)


@page("GET")
@vary_on_headers("HX-Request")
def credential_dns(request: PersonRequest, pk: int) -> HttpResponse:
    """Several numbers (`?number=ID&number=ID`), as a page of the list shows them."""
    credential = access.credential(request.user, pk, access.SEE)
    context: dict[str, Any] = {"credential": credential, "suffix": zones.suffix_of(credential.registry)}
    texts = request.GET.getlist("number")[: dns.MAX_NUMBERS]
    ids = [number_id for text in texts if (number_id := whole_number(text)) is not None]
    try:
        seen = dns.look_at_ids(request.user, credential, ids)
        context |= {"rows": seen.rows, "look": seen.look}
    except dns.TooManyLooks as problem:
        context |= {"problem": problem, "ids": ids}
    except RegistryError as failure:
        if not _is_fragment(request):
            raise
        context |= {"problem": failure, "ids": ids}
    return _answer(request, "credential_dns", context)


def _is_fragment(request: PersonRequest) -> bool:
    return "HX-Request" in request.headers


def _answer(request: PersonRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    folder = "dashboard/parts" if _is_fragment(request) else "dashboard"
    return render(request, f"{folder}/{name}.html", context)

"""The list of a credential's numbers, and the page of one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import SERVICES, Problem
from dashboard.models import Credential
from dashboard.protocol import Number, Record
from dashboard.services import credentials as credential_services
from dashboard.services import numbers as services
from dashboard.services.dns.zones import suffix_of
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import writing
from dashboard.services.records.callers import Callers
from dashboard.services.records.preview import Preview, preview, remarks
from dashboard.web.forms.records import RecordForm
from dashboard.web.views.requests import PersonRequest, page


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One record on the page: its form, what the form's content becomes in the DNS, and what to know of it."""

    form: RecordForm
    preview: Preview
    remarks: Sequence[Problem]


@page("GET")
def number_list(request: PersonRequest, pk: int) -> HttpResponse:
    """A page of the numbers that match the search."""
    credential = access.credential(request.user, pk)
    found = services.list_numbers(
        request.user,
        credential,
        query=request.GET.get("q", "")[:100],
        sort=request.GET.get("sort", services.DEFAULT_SORT),
        page=request.GET.get("page", "1"),
    )
    context = {
        "credential": credential,
        "found": found,
        "suffix": suffix_of(credential.registry),
        "asked": urlencode([("number", row.number.id) for row in found.rows]),
    }
    return render(request, "dashboard/numbers.html", context)


@page("GET")
def number_detail(request: PersonRequest, pk: int, number_id: int) -> HttpResponse:
    """One number: its records as forms, in the order in which telephone systems try them."""
    credential = access.credential(request.user, pk)
    found = services.show_number(request.user, credential, number_id)
    return render_number(request, credential, found)


def render_number(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    *,
    bound: RecordForm | None = None,
    neighbours: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a number. `bound` is a form that was asked for or typed into, `neighbours` says what it changes
    for other numbers.
    """
    names, suffix = service_names(request, credential), suffix_of(credential.registry)
    adding = bound if bound is not None and bound.record is None else None
    context: dict[str, Any] = {
        "credential": credential,
        "found": found,
        "number": found.number,
        "suffix": suffix,
        "written": writing(found.number, suffix),
        "rows": [_row(found, record, names, bound) for record in found.records],
        "adding": adding,
        "adding_preview": _preview(found.number, adding) if adding is not None else None,
        "bound": bound,
        "neighbours": neighbours,
        "callers": Callers(found.number, tuple(found.records), suffix),
    }
    return render(request, "dashboard/number.html", context, status=status)


def _row(found: NumberRecords, record: Record, names: Sequence[str], bound: RecordForm | None) -> RecordRow:
    if bound is not None and bound.record == record:
        form = bound
    else:
        form = RecordForm(number=found.number, services=names, record=record)
    problems = form.problems if form.is_bound else remarks(found.number.digits, record, found.others(record))
    return RecordRow(form=form, preview=_preview(found.number, form), remarks=problems)


def _preview(number: Number, form: RecordForm) -> Preview:
    """What a form's content becomes; with what it changes for callers once somebody has typed into the form."""
    draft = form.draft
    if draft is None:
        return Preview(naptr="", uri="", known=True)
    return preview(number.digits, draft, form.prospect if form.is_bound else None)


def service_names(request: PersonRequest, credential: Credential) -> list[str]:
    """What the registry supports; the services that we know where it would not say."""
    try:
        names = credential_services.services_of(request.user, credential)
    except RegistryError:
        names = []
    return names or [service.name for service in SERVICES]

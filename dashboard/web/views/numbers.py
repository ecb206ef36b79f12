"""The list of a credential's numbers, and the page of one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import Problem, check_draft, known_services
from dashboard.models import Credential
from dashboard.protocol import Record
from dashboard.services import credentials as credential_services
from dashboard.services import numbers as services
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, writing
from dashboard.services.records.callers import Callers, prospect
from dashboard.services.records.preview import Preview, preview, remarks
from dashboard.services.zones import suffix_of
from dashboard.web.forms.records import RecordForm
from dashboard.web.forms.services import Options, options_of
from dashboard.web.views.requests import PersonRequest, page


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One record on the page: its form, what that becomes in the DNS, and what to know of it."""

    record: Record
    form: RecordForm
    preview: Preview
    remarks: Sequence[Problem]


@page("GET")
def number_list(request: PersonRequest, pk: int) -> HttpResponse:
    """A page of the numbers that match the search."""
    credential = access.credential(request.user, pk, access.SEE)
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
    credential = access.credential(request.user, pk, access.SEE)
    found = services.show_number(request.user, credential, number_id)
    return render_number(request, credential, found)


def render_number(
    request: PersonRequest,
    credential: Credential,
    found: NumberRecords,
    *,
    bound: RecordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a number. `bound` is a form that was asked for or typed into."""
    offered = services_offered(request, credential)
    adding = bound if bound is not None and bound.record_id is None else None
    context: dict[str, Any] = {
        "credential": credential,
        "found": found,
        "number": found.number,
        "written": writing(found.number, found.suffix),
        "rows": [_row(found, record, offered, bound) for record in found.records],
        "adding": adding,
        "adding_preview": _preview(found, adding) if adding is not None else None,
        "bound": bound,
        "neighbours": bound.review.about_others if bound is not None else (),
        "callers": Callers.of(found, request.GET.get("dialled", "")),
    }
    return render(request, "dashboard/number.html", context, status=status)


def _row(found: NumberRecords, record: Record, offered: Options, bound: RecordForm | None) -> RecordRow:
    is_bound = bound is not None and bound.record_id == record.id
    form = bound if bound is not None and is_bound else RecordForm(services=offered, record=record)
    digits, others, draft, block = found.number.digits, found.others(record), form.draft, is_block(found.number)
    if form.is_bound and draft:
        problems = check_draft(draft, digits, others, is_block=block)
    else:
        problems = remarks(digits, record, others, is_block=block)
    return RecordRow(record=record, form=form, preview=_preview(found, form, record), remarks=problems)


def _preview(found: NumberRecords, form: RecordForm, record: Record | None = None) -> Preview:
    """What a form's content becomes; with what it changes for callers once somebody has typed into the form."""
    draft = form.draft
    if draft is None:
        return Preview(naptr="", uri="", known=True)
    coming = prospect(found, draft, record) if form.is_bound else None
    return preview(found.number.digits, draft, coming, is_block=is_block(found.number))


def services_offered(request: PersonRequest, credential: Credential) -> Options:
    """What the registry supports; the services that we know where it would not say."""
    try:
        names = credential_services.services_of(request.user, credential)
    except RegistryError:
        names = []
    return options_of(names or [service.name for service in known_services()])

"""The list of a credential's numbers, and the page of one number."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from dashboard import access
from dashboard.client import RegistryError
from dashboard.forms.records import RecordForm
from dashboard.models import Credential
from dashboard.naptr import SERVICES, Problem
from dashboard.protocol import Record
from dashboard.services import credentials as credential_services
from dashboard.services import numbers as services
from dashboard.services.numbers import NumberRecords
from dashboard.services.preview import Preview, preview, remarks
from dashboard.views.requests import PersonRequest, page


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One record on the page: its form, and what the form's present content becomes in the DNS."""

    record: Record
    form: RecordForm
    preview: Preview
    remarks: list[Problem]


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
    return render(request, "dashboard/numbers.html", {"credential": credential, "found": found})


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
    status: int = 200,
) -> HttpResponse:
    """The page of a number. `bound` is a form that was asked for or typed into."""
    names = service_names(request, credential)
    forms = [
        bound if bound is not None and bound.record == record else record_form(found, record, names)
        for record in found.records
    ]
    adding = bound if bound is not None and bound.record is None else None
    context: dict[str, Any] = {
        "credential": credential,
        "found": found,
        "number": found.number,
        "rows": [_row(found, form) for form in forms],
        "adding": adding,
        "adding_preview": _preview(found, adding) if adding is not None else None,
        "bound": bound,
    }
    return render(request, "dashboard/number.html", context, status=status)


def record_form(
    found: NumberRecords,
    record: Record,
    names: list[str],
    data: Any = None,
) -> RecordForm:
    """The form of one of the number's records."""
    return RecordForm(data, number=found.number, services=names, record=record, others=found.others(record))


def _row(found: NumberRecords, form: RecordForm) -> RecordRow:
    assert form.record is not None  # noqa: S101 -- only the form of a new record has none
    record = form.record
    problems = form.problems if form.is_bound else remarks(found.number.digits, record, found.others(record))
    return RecordRow(record=record, form=form, preview=_preview(found, form), remarks=problems)


def _preview(found: NumberRecords, form: RecordForm) -> Preview:
    draft = form.draft
    return preview(found.number.digits, draft) if draft is not None else Preview(naptr="", uri="", known=True)


def service_names(request: PersonRequest, credential: Credential) -> list[str]:
    """What the registry supports; the services that we know where it would not say."""
    try:
        names = credential_services.services_of(request.user, credential)
    except RegistryError:
        names = []
    return names or [service.name for service in SERVICES]

"""The audit trail, for administrators and for managers of teams."""

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import User
from dashboard.services import audit as services
from dashboard.web.forms.audit import AuditForm
from dashboard.web.views.exports import CONTENT_TYPES, file_of
from dashboard.web.views.requests import PersonRequest, page

PAGE_SIZE = 50


@page("GET")
def audit(request: PersonRequest) -> HttpResponse:
    """What happened, newest first, as far as this person may see it."""
    _insist(request.user)
    return _shown(request, AuditForm(request.user, request.GET or None))


@page("POST")
def audit_export(request: PersonRequest) -> HttpResponseBase:
    """What the page shows, all of it, as a file. That somebody took it is noted before they get it."""
    _insist(request.user)
    form = AuditForm(request.user, request.POST)
    kind = request.POST.get("format", "")
    if kind not in CONTENT_TYPES:
        raise BadRequest("The format of an export is csv or jsonl")
    if not form.is_valid():
        return _shown(request, form)
    services.note("export.audit", by=request.user, words=": ".join(filter(None, [kind, form.asked])))
    return file_of("audit", kind, services.COLUMNS, services.rows(form.chosen()))


def _insist(person: User) -> None:
    """Raises Http404 for who has no business here."""
    if not access.looks_after_people(person):
        raise Http404(_("There is no such page."))


def _shown(request: PersonRequest, form: AuditForm) -> HttpResponse:
    shown = Paginator(form.chosen(), PAGE_SIZE).get_page(request.GET.get("page"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "dashboard/audit.html", {"form": form, "page": shown}, status=status)

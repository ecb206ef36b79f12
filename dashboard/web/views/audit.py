"""The audit trail, for administrators and for managers of teams."""

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import User
from dashboard.services import audit as services
from dashboard.web.forms.audit import AuditForm
from dashboard.web.views.requests import PersonRequest, page

PAGE_SIZE = 50
FORMATS = {
    "csv": (services.as_csv, "text/csv; charset=utf-8"),
    "jsonl": (services.as_json_lines, "application/jsonl"),
}


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
    if kind not in FORMATS:
        raise BadRequest("The format of an export is csv or jsonl")
    if not form.is_valid():
        return _shown(request, form)
    write, content_type = FORMATS[kind]
    asked = ", ".join(f"{name} {value}" for name, value in form.cleaned_data.items() if value)
    services.note("export.audit", by=request.user, words=f"{kind}: {asked}" if asked else kind)
    events = services.oldest_first(form.chosen())
    response = StreamingHttpResponse(write(events), content_type=content_type)
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="audit-{day}.{kind}"'
    return response


def _insist(person: User) -> None:
    """Raises Http404 for who has no business here."""
    if not access.looks_after_people(person):
        raise Http404(_("There is no such page."))


def _shown(request: PersonRequest, form: AuditForm) -> HttpResponse:
    shown = Paginator(form.chosen(), PAGE_SIZE).get_page(request.GET.get("page"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "dashboard/audit.html", {"form": form, "page": shown}, status=status)

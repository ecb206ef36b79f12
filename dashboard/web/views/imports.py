"""Records in and out: texts that become the preview of a job, and what a search finds as a file."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Credential, Format, Import
from dashboard.nameservers import NameServerError
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services import transfer
from dashboard.services.search import QueryError
from dashboard.services.sentences import say
from dashboard.services.transfer import Options, Unreadable
from dashboard.web.forms.imports import ColumnsForm, ImportForm
from dashboard.web.uploads import page_with_file
from dashboard.web.views.requests import PersonRequest, page, status_of, too_often, typed_in

PAGE_SIZE = 50  # problems
MAX_PART_DIGITS = 6
TITLE = 40  # characters that are shown of a cell


@page_with_file
def import_add(request: PersonRequest) -> HttpResponseBase:
    """Bring records in. What comes is kept, and becomes a preview; of a table, its columns are asked for first."""
    if not access.credentials(request.user, access.EDIT).exists():
        raise PermissionDenied(_("You may look at your credentials' numbers and change nothing."))
    files = request.FILES if request.method == "POST" else None
    too_large = say(transfer.too_large()) if getattr(request, "is_too_large", False) else ""
    given = {"credential": request.GET.get("credential", "")}
    form = ImportForm(typed_in(request), files, person=request.user, is_too_large=too_large, initial=given)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["server"] and (refusal := too_often(request, "zone_fetched")):
            return refusal
        try:
            kept = _kept(request, form)
            if transfer.asks_for_columns(kept):
                return redirect("import-detail", pk=kept.pk)
            options = Options.of(kept.options)
            job = transfer.start_preview(request.user, kept, options, reason=form.cleaned_data["reason"])
            return redirect("bulk-preview", pk=job.pk)
        except (Unreadable, NameServerError) as problem:
            form.add_error(_field(form), say(problem))
    context = {"form": form, "imports": transfer.latest(request.user)}
    return render(request, "dashboard/import.html", context, status=status_of(request))


def _field(form: ImportForm) -> str:
    """The field that a text came from."""
    return next((name for name in ("server", "text") if form.cleaned_data.get(name)), "file")


def _kept(request: PersonRequest, form: ImportForm) -> Import:
    said = form.cleaned_data
    name, parts, format_ = "", list[bytes](), Format(said["format"]) if said["format"] else None
    source: Iterable[bytes] = parts
    if said["server"] is not None:
        name, format_ = form.options.origin, Format.ZONE
        source = transfer.fetch(request.user, form.chosen.pk, said["server"], form.options.origin, said["key"])
    elif said["text"]:
        source = [said["text"].encode("utf-8", "surrogatepass")]
    else:
        file = said["file"]
        name, source = file.name or "", file.chunks()
    return transfer.keep(
        request.user,
        form.chosen.pk,
        source,
        name=name,
        format_=format_,
        options=form.options,
        submission=said["submission"],
    )


@page("GET", "POST")
def import_detail(request: PersonRequest, pk: int) -> HttpResponseBase:
    """One import: which column is what, until it has a job; then how far that is, and the lines with problems."""
    found = transfer.find(request.user, pk)
    if found.job is not None:
        return _problems(request, found)
    options, problem = _options(request, found)
    rows = transfer.sample_of(found, options)
    titles = [_title(place, cell, options) for place, cell in enumerate(rows[0] if rows else [])]
    again = "again" in request.POST
    form = ColumnsForm(None if again else typed_in(request), options=options, titles=titles)
    if problem:
        messages.error(request, problem)
    if request.method == "POST" and not again and not problem and form.is_valid():
        try:
            chosen = transfer.choose(found, **form.values)
            job = transfer.start_preview(request.user, found, chosen, reason=request.POST.get("reason", ""))
            return redirect("bulk-preview", pk=job.pk)
        except Unreadable as refusal:
            form.add_error(None, say(refusal))
    context = {"import": found, "form": form, "titles": titles, "rows": rows[options.has_header :]}
    status = 200 if again else status_of(request)
    return render(request, "dashboard/import_columns.html", context, status=status)


def _options(request: PersonRequest, found: Import) -> tuple[Options, str]:
    """How a table is read so far, and what keeps it from being read otherwise, as was said."""
    options = Options.of(found.options)
    said = {name: request.POST[name] for name in ("encoding", "delimiter") if request.POST.get(name)}
    if not said:
        return options, ""
    try:
        return transfer.choose(found, **said, columns={}, has_header="has_header" in request.POST), ""
    except (Unreadable, KeyError, TypeError) as problem:
        return options, say(problem) if isinstance(problem, Unreadable) else _("Choose an encoding that is offered.")


def _title(place: int, cell: str, options: Options) -> str:
    named = cell[:TITLE] if options.has_header and cell.strip() else ""
    return _("%(number)d: %(title)s") % {"number": place + 1, "title": named or _("without a name")}


def _problems(request: PersonRequest, found: Import) -> HttpResponse:
    page_ = Paginator(transfer.problems_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    for line in page_:
        line.called = transfer.field_name(line.field)  # type: ignore[attr-defined]  # for the template
    context = {"import": found, "job": found.job, "page": page_}
    return render(request, "dashboard/import_problems.html", context)


@page("GET")
def export(request: PersonRequest) -> HttpResponseBase:
    """What a search finds, as a file; without a format, the choice of one."""
    query, kind = request.GET.get("q", "").strip(), request.GET.get("format", "")
    credential = _credential(request)
    context: dict[str, Any] = {"query": query, "kinds": _kinds(), "credential": credential}
    if not kind:
        return render(request, "dashboard/export.html", context)
    try:
        lines = transfer.export(request.user, query, kind, credential=credential, part=_part(request))
    except (QueryError, Unreadable) as problem:
        messages.error(request, say(problem))
        return render(request, "dashboard/export.html", context, status=422)
    response = StreamingHttpResponse(lines, content_type=transfer.KINDS[kind].content_type)
    name = f"numbers-{timezone.localdate().isoformat()}.{transfer.KINDS[kind].ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _credential(request: PersonRequest) -> Credential | None:
    """The credential whose numbers alone are wanted, if any. Raises Http404."""
    text = request.GET.get("credential", "")
    if not text:
        return None
    return access.credential(
        request.user,
        int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else -1,
        access.SEE,
    )


def _kinds() -> list[tuple[str, str]]:
    """The formats, as they are called."""
    called = {
        "csv": "CSV",
        "jsonl": "JSON Lines",
        "zone": _("Zone file"),
        "vcard": "vCard",
        "yealink": "Yealink",
        "cisco": "Cisco",
        "snom": "Snom",
        "grandstream": "Grandstream",
    }
    return [(name, called[name]) for name in transfer.KINDS]


def _part(request: PersonRequest) -> int:
    """Which part of a file is asked for; the first where that is no number."""
    text = request.GET.get("part", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= MAX_PART_DIGITS else 1

"""The history: every write, found, exported, and settled where nobody knows yet."""

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Outcome
from dashboard.protocol import MAX_ID_DIGITS
from dashboard.services import audit
from dashboard.services import history as services
from dashboard.services.history import ChangePage
from dashboard.web.forms.history import HistoryForm
from dashboard.web.views.change_rows import rows_of
from dashboard.web.views.exports import CONTENT_TYPES, file_of
from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def history(request: PersonRequest) -> HttpResponseBase:
    """The writes that this person may see and looks for, newest first; or all of these as a file (`export`)."""
    form, rights = HistoryForm(request.GET, person=request.user), access.rights(request.user)
    found, kind = form.chosen(rights), request.GET.get("export", "")
    if kind and kind not in CONTENT_TYPES:
        form.add_error(None, _("An export is csv or jsonl."))
    if form.errors:
        return _shown(request, form, ChangePage(shown=[]), rights)
    if kind:
        audit.note("export.history", by=request.user, words=": ".join(filter(None, [kind, form.asked])))
        return file_of("history", kind, services.COLUMNS, services.rows(found), stored=services.STORED)
    some = services.page_of(found, before=_id(request, "before"), after=_id(request, "after"))
    return _shown(request, form, some, rights)


@page("GET")
def change_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One change with all that is known of it, and those that it belongs together with."""
    change = access.change(request.user, pk)
    context = {
        "change": change,
        "related": services.related(request.user, change),
        "may_edit": access.rights(request.user).get(change.credential_id or 0, 0) >= access.EDIT,
    }
    return render(request, "dashboard/change.html", context)


@page("POST")
def change_settle(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the registry whether a write took effect."""
    change = services.settle(request.user, access.change(request.user, pk))
    if change.is_open:
        messages.error(request, _("This cannot be checked any more: its credential was removed."))
    else:
        outcome = Outcome(change.outcome).label
        messages.success(request, _("Checked. Its outcome: %(outcome)s.") % {"outcome": outcome})
    return redirect("history")


def _shown(
    request: PersonRequest, form: HistoryForm, found: ChangePage, rights: Mapping[int, access.May]
) -> HttpResponse:
    rows = rows_of(found.shown, {pk for pk, may in rights.items() if may >= access.EDIT})
    context = {"form": form, "page": found, "rows": rows}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "dashboard/history.html", context, status=status)


def _id(request: PersonRequest, name: str) -> int | None:
    """An id from the address; None for what is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else None

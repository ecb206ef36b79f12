"""Pages about tokens: with which programs act for people."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import narrowing
from dashboard.models import Scope
from dashboard.services import tokens as services
from dashboard.web.forms.tokens import TokenForm
from dashboard.web.views.requests import PersonRequest, page, status_of, too_often, typed_in

PAGE_SIZE = 50
ENDED_SHOWN = 50
MAX_SOUGHT = 100  # characters; what is longer is in no name


@page("GET")
def token_list(request: PersonRequest) -> HttpResponse:
    """A person's tokens, and to administrators those of everybody else."""
    sought = request.GET.get("q", "").replace("\0", "").strip()[:MAX_SOUGHT]
    context: dict[str, Any] = {
        "api": settings.E164WEB.api,
        "working": services.working_tokens(request.user),
        "ended": services.ended_tokens(request.user, ENDED_SHOWN),
        "sought": sought,
    }
    if request.user.is_staff:
        found = Paginator(services.tokens_of_others(request.user, sought), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        context |= {"page": found, "others": services.rows(request.user, found)}
    return render(request, "dashboard/tokens.html", context)


@page("GET", "POST", confirmed=True)
def token_add(request: PersonRequest) -> HttpResponse:
    """Make a token. The answer to the form shows it, this once: it is stored nowhere."""
    if not settings.E164WEB.api:
        return redirect("tokens")  # which says so
    form = TokenForm(typed_in(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        if refusal := too_often(request, "token_made"):
            return refusal
        said = form.cleaned_data
        try:
            token, text = services.make(
                request.user,
                name=said["name"],
                scope=Scope(said["scope"]),
                expires_at=form.expires_at,
                credentials=said["credentials"] or None,
                beginnings=said["digits"],
            )
        except services.BadTerms as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            (row,) = services.rows(request.user, [token])
            return render(request, "dashboard/token_made.html", {"row": row, "text": text})
    return render(request, "dashboard/token_add.html", {"form": form}, status=status_of(request))


@page("GET", "POST")
def token_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """End a token, once it was confirmed."""
    token = narrowing.tokens(request.user).filter(pk=pk).first()
    if token is None:
        raise Http404(_("There is no such token."))
    if request.method == "POST":
        services.revoke(request.user, pk)
        messages.success(request, _("“%(name)s” is revoked: it works no longer.") % {"name": token.name})
        return redirect("tokens")
    (row,) = services.rows(request.user, [token])
    return render(request, "dashboard/token_revoke.html", {"row": row, "token": token})

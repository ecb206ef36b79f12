"""The search over all that the mirror has, and the searches that people keep."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import SavedSearch
from dashboard.services import search as services
from dashboard.services.fingerprints import ChangedMeanwhile
from dashboard.services.search import QueryError
from dashboard.services.sentences import say
from dashboard.web.forms.search import SaveSearchForm, SearchNameForm
from dashboard.web.views.number_rows import rows_of
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in

# What the page shows as examples, each with what it finds.
EXAMPLES = ("host:pbx-old service:SIP", "+44 20", "problem:any", "dns:differs -tag:old", "records:0", "changed:<7d")


@page("GET")
def search(request: PersonRequest) -> HttpResponse:
    """What this person looks for, across all credentials that they see; the language is docs/search.md."""
    query = request.GET.get("q", "")
    context: dict[str, object] = {
        "query": query,
        "examples": EXAMPLES,
        "systems": ", ".join(services.SYSTEMS),
        "states": ", ".join(services.DNS_STATES),
    }
    context["saved"] = saved = list(services.saved_searches(request.user))
    if any(kept.team_id for kept in saved):
        context["edited"] = set(access.teams(request.user, access.EDIT).values_list("pk", flat=True))
    try:
        before, after = request.GET.get("before", ""), request.GET.get("after", "")
        found = services.page_of(request.user, query, before=before, after=after)
    except QueryError as error:
        context["problem"] = error
        return render(request, "dashboard/search.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context |= {"page": found, "rows": rows_of(found), "count": found.count, "is_all": found.is_all}
    return render(request, "dashboard/search.html", context)


@page("GET")
def search_count(request: PersonRequest) -> HttpResponse:
    """How many numbers a search finds: what its page asks for by itself where they are more than it shows."""
    template = "dashboard/parts/search_count.html"
    try:
        count, is_all = services.count_of(request.user, request.GET.get("q", ""))
    except QueryError as error:  # since the page was shown, a credential that it names is gone
        return render(request, template, {"problem": error}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(request, template, {"count": count, "is_all": is_all})


@page("GET", "POST")
def search_save(request: PersonRequest) -> HttpResponse:
    """Keep a search under a name, for oneself or for a team."""
    initial = {"q": request.GET.get("q", "")}
    form = SaveSearchForm(typed_in(request), person=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        team = said.get("team")
        try:
            kept = services.save_search(request.user, said["name"], said["q"], team=team.pk if team else None)
        except services.NameTaken as taken:
            form.add_error("name", say(taken))
        else:
            messages.success(request, _("The search is saved as “%(name)s”.") % {"name": kept.name})
            return redirect(_address(kept))
    return render(request, "dashboard/search_save.html", {"form": form}, status=status_of(request))


@page("GET", "POST")
def search_rename(request: PersonRequest, pk: int) -> HttpResponse:
    """Call a saved search otherwise."""
    kept = services.saved_search(request.user, pk, access.EDIT)
    form = SearchNameForm(typed_in(request), initial={"name": kept.name}, mark=kept.name)
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_search(request.user, pk, form.cleaned_data["name"], seen=form.cleaned_data["shown"])
        except services.NameTaken as taken:
            form.add_error("name", say(taken))
        except ChangedMeanwhile as changed:
            said = _("This search was renamed since you opened it, to “%(name)s”. Save again to replace that.")
            form.refuse(said % {"name": changed.now.name}, changed.now.name)
        else:
            messages.success(request, _("The saved search is renamed."))
            return redirect(_address(kept))
    return render(request, "dashboard/search_saved.html", {"form": form, "kept": kept}, status=status_of(request))


@page("GET", "POST")
def search_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep a saved search no longer."""
    kept = services.saved_search(request.user, pk, access.EDIT)
    if request.method == "POST":
        services.remove_search(request.user, pk)
        messages.success(request, _("The saved search is removed."))
        return redirect("search")
    return render(request, "dashboard/search_remove.html", {"kept": kept})


def _address(kept: SavedSearch) -> str:
    return f"{reverse('search')}?{urlencode({'q': kept.query})}"

"""Pages about templates of records."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import RecordTemplate
from dashboard.services import bulk
from dashboard.services.bulk import templates
from dashboard.services.bulk.actions import ADD
from dashboard.services.fingerprints import ChangedMeanwhile
from dashboard.services.search import QueryError
from dashboard.services.sentences import say
from dashboard.web.forms.record_templates import RecordTemplateForm, TryForm, as_lines
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in


@page("GET")
def template_list(request: PersonRequest) -> HttpResponse:
    """The templates of this person and their teams."""
    shown = [(one, as_lines(one.records)) for one in templates.templates(request.user)]
    return render(request, "dashboard/templates.html", {"templates": shown})


@page("GET", "POST")
def template_add(request: PersonRequest) -> HttpResponse:
    """Make a template."""
    form = RecordTemplateForm(typed_in(request), person=request.user)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("templates")
    return render(request, "dashboard/template.html", {"form": form}, status=status_of(request))


@page("GET", "POST")
def template_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a template, or try it on a number (`number` in the address)."""
    found = templates.template(request.user, pk, access.EDIT if request.method == "POST" else access.SEE)
    form = RecordTemplateForm(typed_in(request), person=request.user, template=found)
    if request.method == "POST" and form.is_valid() and _saved(request, form, pk):
        return redirect("templates")
    try_form = TryForm(request.GET if "number" in request.GET else None)
    context = {
        "form": form,
        "template": found,
        "try_form": try_form,
        "trial": _tried(request, found, try_form) if try_form.is_bound else None,
    }
    return render(request, "dashboard/template.html", context, status=status_of(request))


@page("GET", "POST")
def template_delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete a template, once it was confirmed."""
    found = templates.template(request.user, pk, access.EDIT)
    if request.method == "POST":
        templates.delete(request.user, pk)
        messages.success(request, _("The template “%(name)s” is deleted.") % {"name": found.name})
        return redirect("templates")
    return render(request, "dashboard/template_delete.html", {"template": found})


def _saved(request: PersonRequest, form: RecordTemplateForm, pk: int | None = None) -> bool:
    said = form.cleaned_data
    try:
        made = templates.save(request.user, said["name"], said["records"], team=form.team, pk=pk, seen=said["shown"])
    except bulk.NotNow as problem:
        form.add_error("name", say(problem))
        return False
    except ChangedMeanwhile as changed:
        sentence = _(
            "This template was changed since you opened it, to “%(name)s”: %(records)s. Save again to replace that."
        )
        records = "; ".join(as_lines(changed.now.records).splitlines())
        form.refuse(sentence % {"name": changed.now.name, "records": records}, templates.mark_of(changed.now))
        return False
    messages.success(request, _("The template “%(name)s” is saved.") % {"name": made.name})
    return True


def _tried(request: PersonRequest, found: RecordTemplate, form: TryForm) -> bulk.Trial | None:
    if not form.is_valid():
        return None
    query = f'number:"{form.cleaned_data["number"].replace(chr(34), "")}"'
    try:
        trial = bulk.try_out(request.user, "template", {"records": found.records, "mode": ADD}, query=query)
    except QueryError as problem:
        form.add_error("number", say(problem))
        return None
    if not trial.count:
        form.add_error("number", _("You have no such number, or it was never looked at."))
    return trial

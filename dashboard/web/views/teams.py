"""Pages about teams: the list, a new one, one of them, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Role, Team
from dashboard.services import people
from dashboard.services.sentences import say
from dashboard.web.forms.people import ApprovalForm, TeamForm
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in


@page("GET")
def team_list(request: PersonRequest) -> HttpResponse:
    """Every team that this person is in."""
    teams = access.teams(request.user).prefetch_related("memberships", "shares")
    return render(request, "dashboard/teams.html", {"teams": teams})


@page("GET", "POST")
def team_add(request: PersonRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            team = people.make_team(request.user, form.cleaned_data["name"])
        except (people.NameTaken, people.NameReserved, people.NameUnfit) as problem:
            form.add_error("name", say(problem))
        else:
            messages.success(request, _("The team “%(team)s” is made, and you manage it.") % {"team": team.name})
            return redirect("team", pk=team.pk)
    return render(request, "dashboard/team_add.html", {"form": form}, status=status_of(request))


@page("GET", "POST")
def team_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One team: who is in it, what is shared there, who is invited; its managers give it another name."""
    team = access.team(request.user, pk, access.MANAGE if request.method == "POST" else access.SEE)
    form = TeamForm(typed_in(request), initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        try:
            renamed = people.rename_team(request.user, pk, form.cleaned_data["name"])
        except (people.NameTaken, people.NameReserved, people.NameUnfit) as problem:
            form.add_error("name", say(problem))
        else:
            messages.success(request, _("The team is called “%(team)s” now.") % {"team": renamed.name})
            return redirect("team", pk=pk)
    return _shown(request, team, form=form, status=status_of(request))


@page("POST")
def team_approval(request: PersonRequest, pk: int) -> HttpResponse:
    """Say from which count of numbers on a job needs a second person."""
    team = access.team(request.user, pk, access.MANAGE)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return _shown(request, team, approval_form=form, status=422)
    people.demand_approval(request.user, pk, form.cleaned_data["approval_above"])
    messages.success(request, _("This counts for jobs that are started from now on."))
    return redirect("team", pk=pk)


def _shown(
    request: PersonRequest,
    team: Team,
    *,
    form: TeamForm | None = None,
    approval_form: ApprovalForm | None = None,
    status: int,
) -> HttpResponse:
    is_managed = team.role == Role.MANAGER
    context = {
        "team": team,
        "form": form or TeamForm(initial={"name": team.name}),
        "approval_form": approval_form or ApprovalForm(initial={"approval_above": team.approval_above}),
        "is_managed": is_managed,
        "members": team.memberships.select_related("user"),
        "shares": access.shares(request.user).filter(team=team),
        "invitations": access.open_invitations(team) if is_managed else (),
    }
    return render(request, "dashboard/team.html", context, status=status)


@page("GET", "POST", confirmed=True)
def team_delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete a team, once it was confirmed."""
    team = access.team(request.user, pk, access.MANAGE)
    if request.method == "POST":
        people.delete_team(request.user, pk)
        messages.success(request, _("The team “%(team)s” is deleted.") % {"team": team.name})
        return redirect("teams")
    return render(request, "dashboard/team_delete.html", {"team": team, **_what_goes(request, team)})


def _what_goes(request: PersonRequest, team: Team) -> dict[str, object]:
    return {
        "members": list(team.memberships.select_related("user")),
        "shares": list(access.shares(request.user).filter(team=team)),
        "invitations": access.open_invitations(team).count(),
    }

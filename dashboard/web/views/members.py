"""Pages about the members of a team: their roles, and how they go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Membership, Role, Team
from dashboard.services import people
from dashboard.services.sentences import say
from dashboard.web.forms.people import RoleForm
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in


@page("GET", "POST", confirmed=True)
def member_detail(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """One member, and the role, which managers change."""
    team = access.team(request.user, pk, access.MANAGE)
    found = access.membership(request.user, team, member)
    form = RoleForm(typed_in(request), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            changed = people.change_role(request.user, pk, member, Role(form.cleaned_data["role"]))
        except people.LastManager as problem:
            form.add_error("role", say(problem))
        else:
            names = {"person": changed.user, "role": changed.get_role_display()}
            messages.success(request, _("%(person)s is %(role)s now.") % names)
            return redirect("team", pk=pk)
    context = {"team": team, "member": found, "form": form, "is_self": found.user_id == request.user.pk}
    return render(request, "dashboard/member.html", context, status=status_of(request))


@page("GET", "POST", confirmed=True)
def member_remove(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """Take a member out, once it was confirmed."""
    team = access.team(request.user, pk, access.MANAGE)
    found = access.membership(request.user, team, member)
    problem = None
    if request.method == "POST":
        try:
            people.remove_member(request.user, pk, member)
        except people.LastManager as refused:
            problem = refused
        else:
            names = {"person": found.user, "team": team.name}
            messages.success(request, _("%(person)s is no member of “%(team)s” any more.") % names)
            is_self = found.user_id == request.user.pk
            return redirect("teams") if is_self else redirect("team", pk=pk)
    context = {"team": team, "member": found, "problem": problem, **_what_goes(request, team, found)}
    return render(request, "dashboard/member_remove.html", context, status=status_of(request))


@page("GET", "POST", confirmed=True)
def team_leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Leave a team, once it was confirmed."""
    team = access.team(request.user, pk, access.SEE)
    problem = None
    if request.method == "POST":
        try:
            people.leave(request.user, pk)
        except people.LastManager as refused:
            problem = refused
        else:
            messages.success(request, _("You have left “%(team)s”.") % {"team": team.name})
            return redirect("teams")
    found = access.own_membership(request.user, team)
    context = {"team": team, "member": found, "problem": problem, **_what_goes(request, team, found)}
    return render(request, "dashboard/team_leave.html", context, status=status_of(request))


def _what_goes(request: PersonRequest, team: Team, member: Membership) -> dict[str, object]:
    """What is lost: by the member, and by the team."""
    shares = access.shares(request.user).filter(team=team)
    return {
        "taken": people.own_shares(member),
        "lost": list(shares.exclude(credential__user=member.user)),
        "invitations": access.open_invitations(team).filter(made_by=member.user).count(),
    }

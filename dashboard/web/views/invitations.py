"""Invitations: made and taken back by managers, and opened by whoever has the link."""

from http import HTTPStatus

from allauth.account.utils import complete_signup
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard import access
from dashboard.models import Invitation, Role, User
from dashboard.services import people
from dashboard.services.sentences import say
from dashboard.web.forms.people import AccountForm, InvitationForm
from dashboard.web.views.requests import PersonRequest, page, status_of, too_often, typed_in


@page("GET", "POST", confirmed=True)
def team_invite(request: PersonRequest, pk: int) -> HttpResponse:
    """Make an invitation. The answer to the form shows its link, this once: it is stored nowhere."""
    team = access.team(request.user, pk, access.MANAGE)
    form = InvitationForm(typed_in(request), initial={"role": Role.VIEWER})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if email and people.sends_mail() and (refusal := too_often(request, "invitation_mail")):
            return refusal
        made = people.invite(
            request.user, pk, role=Role(form.cleaned_data["role"]), email=email, link_of=_whole_address
        )
        return render(request, "dashboard/invitation_made.html", {"team": team, "made": made})
    return render(request, "dashboard/team_invite.html", {"team": team, "form": form}, status=status_of(request))


def _whole_address(token: str) -> str:
    """The link of a token."""
    address: str = settings.E164WEB.url.whole(reverse("invitation", kwargs={"token": token}))
    return address


@page("POST", confirmed=True)
def take_back(request: PersonRequest, pk: int, invitation: int) -> HttpResponse:
    """Let an invitation work no longer."""
    try:
        people.take_back(request.user, pk, invitation)
    except people.InvitationClosed as problem:
        messages.warning(request, say(problem))
    else:
        messages.success(request, _("The invitation is taken back: its link works no longer."))
    return redirect("team", pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody sees who opens the link: a member joins, and a stranger signs in or makes an account first."""
    try:
        found = people.read_invitation(token)
        if closed := people.closed_by(found):
            return _closed(request, closed, found)
        if request.user.is_authenticated:
            return _join(request, request.user, found)
        return _make_account(request, found)
    except people.InvitationClosed as closed:
        return _closed(request, closed)


def _join(request: HttpRequest, person: User, found: Invitation) -> HttpResponse:
    is_member = access.teams(person).filter(pk=found.team_id).exists()
    if request.method == "POST" and not is_member:
        try:
            member = people.join(person, people.token_of(found))
        except people.AlreadyMember:
            is_member = True
        else:
            names = {"team": member.team.name, "role": member.get_role_display()}
            messages.success(request, _("You are in the team “%(team)s” now, as %(role)s.") % names)
            return redirect("team", pk=member.team_id)
    return render(request, "dashboard/invitation.html", {"invitation": found, "is_member": is_member})


def _make_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = AccountForm(typed_in(request)) if people.makes_accounts() else None
    if request.method == "POST" and form and form.is_valid():
        account = form.save(commit=False)
        try:
            member = people.join_with_new_account(account, people.token_of(found))
        except people.UserNameTaken as problem:
            form.add_error("username", say(problem))
        else:
            names = {"team": member.team.name, "role": member.get_role_display()}
            messages.success(request, _("Welcome. You are in the team “%(team)s”, as %(role)s.") % names)
            there = reverse("team", kwargs={"pk": member.team_id})
            answer: HttpResponse = complete_signup(request, account, "none", there)
            return answer
    context = {"invitation": found, "form": form}
    return render(request, "dashboard/invitation_account.html", context, status=status_of(request))


def _closed(request: HttpRequest, why: people.InvitationClosed, found: Invitation | None = None) -> HttpResponse:
    """Why it cannot be used; for who is in the team already, with the way there."""
    is_member = (
        found is not None
        and isinstance(request.user, User)
        and access.teams(request.user).filter(pk=found.team_id).exists()
    )
    context = {"why": why, "team": found.team if found and is_member else None}
    return render(request, "dashboard/invitation_closed.html", context, status=HTTPStatus.GONE)

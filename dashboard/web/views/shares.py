"""Pages about a credential among people: with which teams it is shared, and who owns it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Credential, Role, Share, User
from dashboard.services import people
from dashboard.services.sentences import say
from dashboard.web.forms.people import HandOverForm, ShareForm, UnshareForm
from dashboard.web.views.requests import PersonRequest, page, status_of, typed_in


def sharing(person: User, credential: Credential) -> dict[str, object]:
    """What the section “Shared with” of a credential's page shows (templates/dashboard/parts/shares.html)."""
    owns = credential.may >= access.OWN
    others = list(people.teams_to_share_with(person, credential)) if owns else []
    return {
        "shares": access.shares(person).filter(credential=credential),
        "owns": owns,
        "managed": set(access.teams(person, access.MANAGE).values_list("pk", flat=True)),
        "teams": others,
        "form": ShareForm(person=person, initial={"team": others[0], "role": Role.MANAGER}) if others else None,
        "has_heirs": owns and people.heirs(credential).exists(),
    }


@page("GET", "POST", confirmed=True)
def credential_share(request: PersonRequest, pk: int) -> HttpResponse:
    """Share a credential with a team, or with another right than before."""
    credential = access.credential(request.user, pk, access.OWN)
    shared = _asked_for(request, access.shares(request.user).filter(credential=credential))
    initial = {"team": shared.team, "role": shared.role} if shared else {"role": Role.MANAGER}
    form = ShareForm(typed_in(request), person=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        share = people.share_credential(request.user, pk, form.cleaned_data["team"].pk, role)
        names = {"label": credential.label, "team": share.team.name}
        messages.success(request, _("“%(label)s” is shared with the team “%(team)s”.") % names)
        return redirect("credential", pk=pk)
    context = {"credential": credential, "form": form}
    return render(request, "dashboard/credential_share.html", context, status=status_of(request))


@page("GET", "POST", confirmed=True)
def credential_unshare(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a credential out of a team, once it was confirmed."""
    credential = access.credential(request.user, pk, access.SEE)
    form = UnshareForm(typed_in(request), person=request.user, credential=credential)
    if request.method == "POST" and form.is_valid():
        team = form.cleaned_data["team"]
        people.unshare(request.user, pk, team.pk)
        names = {"label": credential.label, "team": team.name}
        messages.success(request, _("“%(label)s” is shared with the team “%(team)s” no longer.") % names)
        still_seen = access.credentials(request.user).filter(pk=pk).exists()
        return redirect("credential", pk=pk) if still_seen else redirect("team", pk=team.pk)
    share = _asked_for(request, form.shares)
    if share:
        form.initial["team"], form.fields["team"].widget = share.team_id, HiddenInput()
    context = {"credential": credential, "share": share, "form": form}
    return render(request, "dashboard/credential_unshare.html", context, status=status_of(request))


def _asked_for(request: PersonRequest, shares: QuerySet[Share]) -> Share | None:
    """The share with the team that the address of a page names."""
    asked = request.GET.get("team", "")
    return next((share for share in shares if str(share.team_id) == asked), None)


@page("GET", "POST", confirmed=True)
def credential_hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Make somebody else the owner, once it was chosen and confirmed."""
    credential = access.credential(request.user, pk, access.OWN)
    form = HandOverForm(typed_in(request), credential=credential)
    if request.method == "POST" and form.is_valid():
        heir = form.cleaned_data["person"]
        try:
            people.hand_over(request.user, pk, heir.pk)
        except (people.NoHeir, people.LabelTaken, people.LoginTaken) as problem:
            form.add_error("person", say(problem))
        else:
            names = {"label": credential.label, "person": heir}
            messages.success(request, _("“%(label)s” belongs to %(person)s now.") % names)
            return redirect("credentials")
    context = {"credential": credential, "form": form, "heirs": people.heirs_with_losses(credential)}
    return render(request, "dashboard/credential_hand_over.html", context, status=status_of(request))

"""Pages about credentials."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.services import credentials as services
from dashboard.services import mirror, registries
from dashboard.services.credentials import Check
from dashboard.web.forms.credentials import CredentialForm, PasswordForm
from dashboard.web.views.requests import (
    PersonRequest,
    confirm_first,
    is_confirmed,
    page,
    status_of,
    too_often,
    typed_in,
)
from dashboard.web.views.shares import sharing

# The button of a second look (templates/dashboard/parts/unproven.html). The password is typed again for it: browsers
# keep pages, and holding it between two requests would be a second place for secrets. What is typed is tried once
# more, so that nothing is stored without a word about how it does.
KEEP = "keep"


@page("GET")
def credential_list(request: PersonRequest) -> HttpResponse:
    """Every credential that this person may use, and whether it worked when it was last checked."""
    shown = services.with_teams(request.user, access.credentials(request.user))
    return render(request, "dashboard/credentials.html", {"credentials": shown})


@page("GET", "POST", confirmed=True)
def credential_add(request: PersonRequest) -> HttpResponse:
    """Add a credential, which is tried first. One that does not work is kept only on a second look."""
    form = CredentialForm(typed_in(request), person=request.user)
    unproven: Check | None = None
    if request.method == "POST" and form.is_valid():
        if refusal := too_often(request, "credential_password"):
            return refusal
        try:
            credential, checks = services.add_credential(
                request.user,
                form.registry,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                label=form.cleaned_data["label"],
                keep_unproven=KEEP in request.POST,
            )
        except services.AlreadyThere:
            # Added between the form's own look and now, such as in another window.
            form.add_error(None, _("You already have this credential: it was added a moment ago."))
        except services.Unproven as tried:
            unproven = tried.failed
        else:
            mirror.want(credential)
            _tell(request, checks, _("“%(label)s” is saved, and it works.") % {"label": credential.label})
            return redirect("credential", pk=credential.pk)
    context = {"form": form, "unproven": unproven}
    return render(request, "dashboard/credential_add.html", context, status=status_of(request))


@page("GET", "POST")
def credential_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One credential: how its registry is, and a form for another password."""
    credential = access.credential(request.user, pk, access.OWN if request.method == "POST" else access.SEE)
    if request.method == "POST":
        confirm_first(request)
    services.with_teams(request.user, [credential])
    form = PasswordForm(typed_in(request))
    unproven: Check | None = None
    if request.method == "POST" and form.is_valid():
        if refusal := too_often(request, "credential_password"):
            return refusal
        try:
            checks = services.change_password(
                request.user, credential, form.cleaned_data["password"], keep_unproven=KEEP in request.POST
            )
        except services.Unproven as tried:
            # Whoever is still its owner is told: much can happen while a registry is asked.
            access.credential(request.user, pk, access.OWN)
            unproven = tried.failed
        else:
            _tell(request, checks, _("The new password is saved, and it works."))
            return redirect("credential", pk=pk)
    context = {
        "credential": credential,
        "state": registries.state(request.user, credential),
        "exchanges": registries.last_exchanges(request.user, credential),
        "form": form,
        "confirmed": is_confirmed(request),
        "unproven": unproven,
        "sharing": sharing(request.user, credential),
    }
    return render(request, "dashboard/credential.html", context, status=status_of(request))


@page("POST")
def credential_check(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the registry how it is."""
    checks = services.check_credential(request.user, access.credential(request.user, pk, access.EDIT))
    well = _("The registry answers, and the credential works.")
    _tell(request, checks, well, _("“%(command)s” failed: %(problem)s"))
    return redirect("credential", pk=pk)


@page("GET", "POST", confirmed=True)
def credential_delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Remove a credential, once it was confirmed."""
    credential = access.credential(request.user, pk, access.OWN)
    if request.method == "POST":
        services.remove_credential(request.user, credential)
        messages.success(request, _("“%(label)s” is removed.") % {"label": credential.label})
        return redirect("credentials")
    context = {
        "credential": credential,
        "open_changes": services.open_changes_of(request.user, credential),
        "shares": access.shares(request.user).filter(credential=credential),
    }
    return render(request, "dashboard/credential_delete.html", context)


def _tell(request: PersonRequest, checks: list[Check], well: str, ill: str = "") -> None:
    failed = next((check for check in checks if check.problem), None)
    if failed is None:
        messages.success(request, well)
        return
    ill = ill or _("It is saved, but “%(command)s” failed: %(problem)s")
    messages.error(request, ill % {"command": failed.command, "problem": failed.problem})

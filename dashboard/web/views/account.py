"""A person's own account: how they sign in, and where they are signed in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard.web.views.requests import PersonRequest, page


@page("GET")
def account(request: PersonRequest) -> HttpResponse:
    """All that belongs to signing in, in one place; what changes it has pages of its own (e164web.sign_in.urls)."""
    person = request.user
    UserSession.objects.create_from_request(request)  # this one too, where it began before there was a list
    factors = Authenticator.objects.filter(user=person).order_by("created_at")
    of_type = {kind: [factor for factor in factors if factor.type == kind] for kind in Authenticator.Type}
    codes = next(iter(of_type[Authenticator.Type.RECOVERY_CODES]), None)
    context = {
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        "codes": codes and codes.wrap().get_unused_codes(),
        "has_passkeys": "webauthn" in settings.MFA_SUPPORTED_TYPES,
        "email": EmailAddress.objects.get_verified(person),
        "new_email": EmailAddress.objects.get_new(person),
        "sends_mail": bool(settings.E164WEB.mail_server),
        "sessions": sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.created_at, reverse=True),
    }
    return render(request, "account/account.html", context)


@page("POST")
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign out somewhere else, such as at a computer that was left behind."""
    session = UserSession.objects.filter(pk=pk, user=request.user).first()
    if session is None:
        raise Http404(_("You are signed out there already."))
    if session.is_current():
        return redirect("account_logout")
    get_adapter().end_sessions([session])
    messages.success(request, _("You are signed out there."))
    return redirect("account")

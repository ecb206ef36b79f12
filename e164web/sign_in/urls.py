"""allauth's pages, held to what the other pages of this project promise."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from allauth.account import views
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.views import list_usersessions
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.models import User
from dashboard.services import second_factors
from e164web.sign_in import link
from e164web.sign_in.oidc import views as oidc

View = Callable[..., HttpResponseBase]

METHODS = ["GET", "HEAD", "POST"]


class AlphanumericConverter(StringConverter):
    """Letters and digits: what ends at the dash that a token begins with."""

    regex = "[0-9A-Za-z]+"


register_converter(AlphanumericConverter, "alphanumeric")


def held(view: View) -> View:
    """Never cached, GET and POST alone, and a form that is shown again because it is invalid answers 422."""

    @never_cache
    @require_http_methods(METHODS)
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        has_form = "form" in (getattr(response, "context_data", None) or {})
        if request.method == "POST" and response.status_code == HTTPStatus.OK and has_form:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    return wrapped


@never_cache
def login(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; without a form, and deaf to what it would send, where E164WEB_LOCAL_LOGIN closes it."""
    if request.method == "POST" and not settings.E164WEB.local_login:
        return render(request, "account/login.html", status=HTTPStatus.FORBIDDEN)
    return held(views.login)(request)


def confirmed(view: View) -> View:
    """Before a form is filled in, and not only when it is sent, people confirm who they are."""
    checked: View = login_required(reauthentication_required(view, app="allauth.account"))
    return checked


def the_sooner_wins(view: View, then: str) -> View:
    """Of the same thing done twice at one instant the database takes one; the other is answered as if it were it."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except IntegrityError:
            return redirect(then)

    return wrapped


def with_mail(view: View, without: str) -> View:
    """A page that sends mail; where no mail server is set, the template `without` says whom to ask."""

    @functools.wraps(view)
    def chosen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.E164WEB.mail_server:
            return render(request, without)
        return view(request, *args, **kwargs)

    return chosen


@never_cache
@login_required
@require_safe
def lists(request: HttpRequest) -> HttpResponseBase:
    """What allauth has lists of stands on the page "Account"; whoever needs a factor first is led through that."""
    person = cast("User", request.user)
    if second_factors.is_asked_for(person) and not second_factors.has_one(person):
        return render(request, "mfa/required.html", {"MFA_SUPPORTED_TYPES": settings.MFA_SUPPORTED_TYPES})
    return redirect("account")


@never_cache
@login_required
@require_http_methods(METHODS)
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Signing out everywhere else."""
    answer: HttpResponseBase = list_usersessions(request) if request.method == "POST" else redirect("account")
    return answer


class ConfirmByPasskey(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth has no type hints
    """A passkey that was not accepted is tried again; allauth would lead away, and the form that waits be lost."""

    def form_invalid(self, form: Form) -> HttpResponseBase:
        """Say why, and show the page once more."""
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(self.request.path))


urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", held(views.logout), name="account_logout"),
    path("inactive/", held(views.account_inactive), name="account_inactive"),
    path(
        "signup/",
        held(the_sooner_wins(views.signup, "account_email_verification_sent")),
        name="account_signup",
    ),
    path("reauthenticate/", held(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", held(views.password_change), name="account_change_password"),
    path("password/set/", held(confirmed(views.password_set)), name="account_set_password"),
    path("connections/", held(oidc.Connections.as_view()), name="socialaccount_connections"),
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("sign-in-link/<str:token>/", link.sign_in_link, name="sign-in-link"),
    path(
        "password/reset/",
        held(with_mail(views.password_reset, "account/password_reset_ask.html")),
        name="account_reset_password",
    ),
    path("password/reset/done/", held(views.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        held(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/key/<alphanumeric:uidb36>-<str:key>/",
        held(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "email/",
        held(login_required(with_mail(confirmed(views.email), "account/email_ask.html"))),
        name="account_email",
    ),
    path("confirm-email/", held(views.email_verification_sent), name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", held(views.confirm_email), name="account_confirm_email"),
    path("sessions/", sessions, name="usersessions_list"),
    path("2fa/", lists, name="mfa_index"),
    path("2fa/authenticate/", held(factors.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", held(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "2fa/totp/activate/",
        held(login_required(the_sooner_wins(totp.activate_totp, "account"))),
        name="mfa_activate_totp",
    ),
    path("2fa/totp/deactivate/", held(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", held(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        held(login_required(recovery_codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        held(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/", lists, name="mfa_list_webauthn"),
    path(
        "2fa/webauthn/add/",
        held(login_required(the_sooner_wins(passkeys.add_webauthn, "account"))),
        name="mfa_add_webauthn",
    ),
    path("2fa/webauthn/login/", held(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        held(ConfirmByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/webauthn/keys/<int:pk>/edit/", held(login_required(passkeys.edit_webauthn)), name="mfa_edit_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        held(login_required(passkeys.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
]

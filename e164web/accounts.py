"""allauth's pages, held to what the other pages of this project promise."""

import functools
from collections.abc import Callable
from http import HTTPStatus

from allauth.account import views
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from e164web import sign_in_link
from e164web.oidc import views as oidc

View = Callable[..., HttpResponseBase]

METHODS = ["GET", "HEAD", "POST"]


def held(view: View) -> View:
    """Never cached, GET and POST alone, and a form that is shown again because it is invalid answers 422."""

    @never_cache
    @require_http_methods(METHODS)
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    return wrapped


@never_cache
def login(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; without a form, and deaf to what it would send, where E164WEB_LOCAL_LOGIN closes it."""
    if request.method == "POST" and not settings.E164WEB.local_login:
        return render(request, "account/login.html", status=HTTPStatus.FORBIDDEN)
    return held(views.login)(request)


def password_change(request: HttpRequest) -> HttpResponseBase:
    """Another password, for those who have one."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        messages.info(request, _("You have no password here: you sign in another way."))
        return redirect("socialaccount_connections")
    return held(views.password_change)(request)


urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", held(views.logout), name="account_logout"),
    path("inactive/", held(views.account_inactive), name="account_inactive"),
    path(
        "signup/", require_http_methods(METHODS)(views.signup), name="account_signup"
    ),  # closed, so no form; allauth wants to name it
    path("reauthenticate/", held(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", password_change, name="account_change_password"),
    path("connections/", held(oidc.Connections.as_view()), name="socialaccount_connections"),
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("sign-in-link/<str:token>/", sign_in_link.sign_in_link, name="sign-in-link"),
]

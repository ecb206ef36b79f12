"""allauth's pages, held to what the other pages of this project promise."""

import functools
from collections.abc import Callable
from http import HTTPStatus

from allauth.account import views
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

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


urlpatterns = [
    path("login/", held(views.login), name="account_login"),
    path("logout/", held(views.logout), name="account_logout"),
    path("inactive/", held(views.account_inactive), name="account_inactive"),
    path(
        "signup/", require_http_methods(METHODS)(views.signup), name="account_signup"
    ),  # closed, so no form; allauth wants to name it
    path("reauthenticate/", held(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", held(views.password_change), name="account_change_password"),
]

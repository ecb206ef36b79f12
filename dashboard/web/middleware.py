"""What must hold for every page, whichever app it is of."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from dashboard.services import second_factors

# What leads to a second factor, and away.
REACHED_WITHOUT = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
        "account_login",
        "admin:logout",
        "healthz",
        "readyz",
    }
)


class SecondFactorRequired:
    """Whoever must have a second factor and has none sets one up first (E164WEB_REQUIRE_SECOND_FACTOR)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """The way to a second factor, in place of any other page; but for views that know nobody who signed in."""
        if settings.E164WEB.require_second_factor == "0" or not getattr(view, "login_required", True):
            return None
        if request.resolver_match is None or request.resolver_match.view_name in REACHED_WITHOUT:
            return None
        person = request.user
        if not person.is_authenticated or second_factors.has_one(person) or not second_factors.is_asked_for(person):
            return None
        return redirect("mfa_index")

"""The way to a provider and back, and what a person is connected with."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.client import HttpFailure
from dashboard.platform.admission import waiting
from dashboard.web.views.requests import too_often
from e164web.sign_in.oidc.adapter import provider_named
from e164web.sign_in.oidc.endpoints import Endpoints
from e164web.sign_in.oidc.failures import SignInFailed, Why

STRANGERS = 0  # nobody's key: all who are not signed in wait as one person

View = Callable[[HttpRequest, str], HttpResponse]


def _at_provider(view: View) -> View:
    """A step that asks a provider of the settings. Few may wait for one, and none of its faults is a traceback."""

    @never_cache
    @functools.wraps(view)
    def wrapped(request: HttpRequest, provider_id: str) -> HttpResponse:
        if provider_named(provider_id) is None:
            raise Http404(_("There is no such way to sign in."))
        try:
            with waiting(f"provider {provider_id}", request.user.pk or STRANGERS, lambda: SignInFailed(Why.BUSY)):
                return view(request, provider_id)
        except (SignInFailed, HttpFailure) as error:
            provider = get_adapter().get_provider(request, provider_id)
            return _said(request, provider, error)

    return wrapped


def _said(request: HttpRequest, provider: object, error: Exception) -> HttpResponse:
    try:
        return render_authentication_error(request, provider, exception=error)
    except ImmediateHttpResponse as answer:
        return answer.response


@require_http_methods(["POST"])
@_at_provider
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Begin to sign in, or to connect. The page goes on to the provider by itself.

    It is no redirect, because browsers hold `form-action` of the policy against every redirect that answers a form,
    also those behind the provider's own address, which nobody can know here.
    """
    if refused := too_often(request, "login"):
        return refused
    response = OAuth2LoginView.adapter_view(Endpoints(request, provider_id))(request)
    if response.status_code != HTTPStatus.FOUND:
        return response
    provider = provider_named(provider_id)
    return render(request, "socialaccount/leaving.html", {"provider": provider, "address": response.url})


@require_http_methods(["GET", "HEAD"])
@_at_provider
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return OAuth2CallbackView.adapter_view(Endpoints(request, provider_id))(request)


class Connections(ConnectionsView):  # type: ignore[misc]  # allauth has no type hints
    """The ways to sign in that a person has, and those that they may connect."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is connected, and which providers there are."""
        mine = SocialAccount.objects.filter(user=self.request.user).order_by("pk")
        connected = [(each, provider_named(each.provider), _name_there(each)) for each in mine]
        more = {"connected": connected, "providers": settings.E164WEB.oidc_providers}
        return super().get_context_data(**kwargs) | more


def _name_there(account: SocialAccount) -> str:
    return account.extra_data.get("username") or account.extra_data.get("name") or ""

"""What allauth asks this project to decide."""

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dashboard.models import User

# What a sign-in carries along that is none with a factor of this site.
LINK = "sign_in_link"
NOT_LOCAL = frozenset({"sociallogin", LINK})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Accounts are made by an administrator: a stranger must not be able to sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed."""
        return False

    def pre_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict[str, Any] | None, **more: object
    ) -> HttpResponse | None:
        """A page instead of the sign-in, for whoever may not come this way.

        Where E164WEB_LOCAL_LOGIN is 0, that is everybody who comes neither through a provider nor by a link that was
        made in the shell, whatever the page.
        """
        if settings.E164WEB.local_login or not NOT_LOCAL.isdisjoint(signal_kwargs or {}):
            return super().pre_login(request, user, signal_kwargs=signal_kwargs, **more)  # type: ignore[no-any-return]
        return render(request, "account/login.html", status=HTTPStatus.FORBIDDEN)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """A password that was changed is done with: back to the numbers."""
        return reverse("home")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """What counts as one account. allauth puts the Host header before it, whose port a guesser may choose."""
        return credentials["username"].lower()

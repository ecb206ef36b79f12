"""What allauth asks this project to decide."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Accounts are made by an administrator: a stranger must not be able to sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:  # noqa: ANN401 -- a user, or None
        """Whose password it is; nobody's where E164WEB_LOCAL_LOGIN closes this way."""
        return super().authenticate(request, **credentials) if settings.E164WEB.local_login else None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """A password that was changed is done with: back to the numbers."""
        return reverse("home")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """What counts as one account. allauth puts the Host header before it, whose port a guesser may choose."""
        return credentials["username"].lower()

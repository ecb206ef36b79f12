"""The project as a Django app: its system checks, and what signing in means."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class E164webConfig(AppConfig):
    """Registers the checks of the environment, and that signing in confirms who somebody is."""

    name = "e164web"

    def ready(self) -> None:
        """Import the checks, which registers them."""
        from e164web import checks  # noqa: F401, PLC0415 -- Django wants checks registered when apps are ready

        user_logged_in.connect(signing_in_confirms)


def signing_in_confirms(request: HttpRequest, user: Any, **_more: Any) -> None:  # noqa: ANN401 -- a signal's receiver
    """Whoever has just signed in, in whatever way, need not do so again (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415 -- needs the models

    record_authentication(request, user, method="sign-in", reauthenticated=True)

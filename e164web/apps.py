"""The project as a Django app: its system checks, and what signing in means."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest


class E164webConfig(AppConfig):
    """Registers the checks of the environment, and what follows when a database is reached or somebody signs in."""

    name = "e164web"

    def ready(self) -> None:
        """Import both, which registers them."""
        # Django wants checks registered when apps are ready, and models may be imported only then.
        from e164web import checks  # noqa: F401, PLC0415
        from e164web.sign_in.oidc import following  # noqa: F401, PLC0415

        connection_created.connect(switch_off_jit)
        user_logged_in.connect(signing_in_confirms)


def switch_off_jit(connection: BaseDatabaseWrapper, **_more: Any) -> None:  # noqa: ANN401 -- a signal's receiver
    """PostgreSQL's compiler takes longer than any page's question, and starts for what looks like much work: also for
    a way through millions of rows that a search has and in most cases never goes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")


def signing_in_confirms(request: HttpRequest, user: Any, **_more: Any) -> None:  # noqa: ANN401 -- a signal's receiver
    """Whoever has just signed in, in whatever way, need not do so again (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415 -- needs the models

    record_authentication(request, user, method="sign-in", reauthenticated=True)

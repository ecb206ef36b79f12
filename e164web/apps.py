"""The project as a Django app: it registers its system checks, and who listens to sign-ins."""

from django.apps import AppConfig


class E164webConfig(AppConfig):
    """Registers the checks of the environment, and what follows a sign-in by OpenID Connect."""

    name = "e164web"

    def ready(self) -> None:
        """Import both, which registers them."""
        # Django wants checks registered when apps are ready, and models may be imported only then.
        from e164web import checks  # noqa: F401, PLC0415
        from e164web.oidc import following  # noqa: F401, PLC0415

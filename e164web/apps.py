"""The project as a Django app: it only registers its system checks."""

from django.apps import AppConfig


class E164webConfig(AppConfig):
    """Registers the checks of the environment."""

    name = "e164web"

    def ready(self) -> None:
        """Import the checks, which registers them."""
        from e164web import checks  # noqa: F401, PLC0415 -- Django wants checks registered when apps are ready

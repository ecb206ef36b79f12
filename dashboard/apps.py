"""The composition root: the one place that joins the client to the embedded registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Mounts the embedded registry into the client, so that neither needs to know the other."""

    name = "dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Let `embedded://` addresses be answered in this process."""
        # Models may be imported only once the apps are ready.
        from dashboard import client  # noqa: PLC0415
        from dashboard.registry.transport import EmbeddedAdapter  # noqa: PLC0415

        client.mount("embedded://", EmbeddedAdapter())

"""The composition root: the one place that joins the dashboard to the embedded registry."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Mounts the embedded registry into the client and names its zone, so that neither needs to know the other.

    Both know the experimental services that the administrator allows. What people do at both is noted.
    """

    name = "dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Let `embedded://` addresses be answered in this process, and their zone and the services be known."""
        # Models may be imported only once the apps are ready.
        from dashboard import checks, client  # noqa: F401, PLC0415
        from dashboard.enum import allow_experimental  # noqa: PLC0415
        from dashboard.registry.changes import account_changed  # noqa: PLC0415
        from dashboard.registry.downloads import zone_downloaded  # noqa: PLC0415
        from dashboard.registry.keeping import change_raws  # noqa: PLC0415
        from dashboard.registry.making import make_number, refusals  # noqa: PLC0415
        from dashboard.registry.neighbours import holes  # noqa: PLC0415
        from dashboard.registry.publishing.raws import published_at  # noqa: PLC0415
        from dashboard.registry.transport import EmbeddedAdapter  # noqa: PLC0415
        from dashboard.registry.waiting import troubles, waiting  # noqa: PLC0415
        from dashboard.registry.zones import facts, suffix  # noqa: PLC0415
        from dashboard.services import embedded, mirror, zones  # noqa: PLC0415
        from dashboard.services.dns import publication  # noqa: PLC0415
        from dashboard.web import noting  # noqa: PLC0415

        allow_experimental(settings.E164WEB.experimental_services)
        client.mount("embedded://", EmbeddedAdapter())
        zones.embedded, zones.embedded_suffix = facts, suffix
        zones.embedded_raws, zones.embedded_holes = published_at, holes
        embedded.embedded_make, embedded.embedded_refusals = make_number, refusals
        embedded.embedded_raws = change_raws
        publication.embedded_waiting, publication.embedded_troubles = waiting, troubles
        noting.listen()
        zone_downloaded.connect(noting.zone_downloaded)
        account_changed.connect(mirror.want_at_home)

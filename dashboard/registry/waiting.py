"""What name servers have not got, and why: for the people whose numbers wait, and for administrators."""

from collections.abc import Sequence

from dashboard.nameservers import Waiting
from dashboard.registry.models import NameServer, Publication
from dashboard.registry.models.name_server import PENDING


def waiting(name: str) -> Sequence[Waiting]:
    """Each enabled name server that does not have this number as it is. `name`: as in `Number.name`."""
    rows = Publication.objects.filter(PENDING, name=name, name_server__is_enabled=True)
    return [_of_number(row) for row in rows.select_related("name_server__zone").order_by("name_server")]


def troubles() -> Sequence[Waiting]:
    """Each enabled name server that refuses, or that could not be sent to when that was last tried."""
    servers = NameServer.objects.select_related("zone").filter(is_enabled=True).exclude(problem="")
    return [_of_server(server) for server in servers]


def _of_number(row: Publication) -> Waiting:
    server = row.name_server
    if server.problem:
        return _of_server(server)
    return Waiting(server.label, "refused" if row.problem else "sent", row.problem)


def _of_server(server: NameServer) -> Waiting:
    return Waiting(server.label, "refusing" if server.is_refusing else "tried", server.problem)

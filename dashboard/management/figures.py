"""What Prometheus asks the database for at each scrape: how much waits, and for how long."""

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dashboard import access
from dashboard.models import Fate, Job, JobState, OutboxMessage, Presence
from dashboard.registry.models import NameServer, Publication
from dashboard.registry.models.name_server import PENDING


class DatabaseFigures(Collector):
    """The state of all machines together, which every machine tells alike."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; where the database is away, only that."""
        try:
            yield from [*_publication(), *_waiting(), _jobs(), _processes()]
            is_up = 1
        except DatabaseError:
            is_up = 0
        finally:
            connection.close()
        yield _gauge("database_up", "1 if the database answers.", {(): is_up})


def _publication() -> Iterator[GaugeMetricFamily]:
    waiting = Publication.objects.filter(PENDING).order_by().values("name_server")
    found = {row["name_server"]: row for row in waiting.annotate(count=Count("pk"), since=Min("since"))}
    count, lag = dict[tuple[str, ...], float](), dict[tuple[str, ...], float]()
    for server in NameServer.objects.select_related("zone").filter(is_enabled=True):
        row = found.get(server.pk)
        count[server.label,] = row["count"] if row else 0
        lag[server.label,] = (timezone.now() - row["since"]).total_seconds() if row else 0.0
    yield _gauge("publication_waiting", "Numbers that a name server has not got yet.", count, "name_server")
    yield _gauge("publication_lag_seconds", "For how long the oldest of them waits.", lag, "name_server")


def _waiting() -> Iterator[GaugeMetricFamily]:
    outbox = OutboxMessage.objects.filter(fate=Fate.WAITING).count()
    yield _gauge("outbox_waiting", "Messages that people and programs are to be sent.", {(): outbox})
    yield _gauge("changes_open", "Writes whose outcome is not known.", {(): access.open_changes().count()})
    statuses = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    tasks: dict[tuple[str, ...], float] = {
        (status.lower(),): DBTaskResult.objects.filter(status=status).count() for status in statuses
    }
    yield _gauge("tasks", "Tasks that wait or are under way.", tasks, "status")


def _jobs() -> GaugeMetricFamily:
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return _gauge(
        "jobs", "Jobs by their state.", {(state,): found.get(state, 0) for state in JobState.values}, "state"
    )


def _processes() -> GaugeMetricFamily:
    found = dict(Presence.lively().order_by().values_list("kind").annotate(Count("pk")))
    kinds: dict[tuple[str, ...], float] = {(kind,): found.get(kind, 0) for kind in Presence.Kind.values}
    return _gauge("processes", "Processes that gave a sign of life lately, on all machines.", kinds, "kind")


def _gauge(name: str, said: str, values: dict[tuple[str, ...], float], *labels: str) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"e164web_{name}", said, labels=labels)
    for label, value in values.items():
        made.add_metric(label, value)
    return made

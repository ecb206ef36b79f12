"""The publication queue: which names each name server does not have as they are.

Everything here is small statements. Nobody holds a transaction while a name server is being spoken to.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from dashboard.registry.layout import Layout
from dashboard.registry.models import BLOCK, ZONE, Number, Publication, Zone
from dashboard.registry.models.name_server import MASS, PENDING, SINGLE, NameServer
from dashboard.registry.publishing.delegating import delegated_names
from dashboard.registry.publishing.pace import FEW

NAMES_AT_A_TIME = 1_000

T = TypeVar("T")

_ENQUEUE = f"""
    WITH names(name) AS (%(source)s)
    INSERT INTO {Publication._meta.db_table}
        (name_server_id, name, wanted, sending, done, since, retry_at, attempts, problem, note, owned, rank)
    SELECT server.id, names.name, %%s, 0, 0, %%s, %%s, 0, '', '', '', %%s
    FROM {NameServer._meta.db_table} AS server CROSS JOIN names
    WHERE %(condition)s
    ORDER BY server.id, names.name
    ON CONFLICT (name_server_id, name) DO UPDATE
    SET wanted = excluded.wanted, since = excluded.since, retry_at = excluded.retry_at, attempts = 0, problem = '',
        rank = CASE WHEN {Publication._meta.db_table}.wanted <> {Publication._meta.db_table}.done
                     AND {Publication._meta.db_table}.rank < excluded.rank
                    THEN {Publication._meta.db_table}.rank ELSE excluded.rank END
"""  # noqa: S608


def enqueue(names: Sequence[str], *, is_mass: bool = False) -> None:
    """Have these names sent to every name server of the zones that hold them, after single changes if there are many
    or `is_mass` says so. One that waits already as a single change stays that.

    To be called in the transaction of the change. Names that are not ours to publish go nowhere.
    """
    rank = MASS if is_mass else _rank(len(names))
    for zone_id, ours in Layout.current().by_zone(names).items():
        _insert_names(ours, rank, "server.zone_id = %s", zone_id)


def enqueue_at(server_id: int, names: Sequence[str]) -> None:
    """Have these names sent to one server, also what it should not have any more."""
    _insert_names(names, _rank(len(names)), "server.id = %s", server_id)


def enqueue_all(server_id: int) -> None:
    """Have everything sent to a server that its zone holds: one statement, however many numbers there are."""
    _enqueue_zone(NameServer.objects.get(pk=server_id), "")


def enqueue_ours(server_id: int) -> None:
    """Have everything that was ever published at a server looked after again, also what should be gone."""
    _want(Publication.objects.filter(name_server=server_id))


def enqueue_under(digits: str) -> None:
    """Have everything sent, everywhere, whose digits begin so: it may be another's now, or be ours again."""
    for server in NameServer.objects.all():
        rows = Publication.objects.filter(name_server=server)
        _want(rows.filter(Q(name__startswith=digits) | Q(name__contains=".")))
        _enqueue_zone(server, digits)


def start_over(server_id: int) -> None:
    """Forget what a server has, and have every number sent: it is another server, or the zone has another name."""
    with locked():
        Publication.objects.filter(name_server=server_id).delete()
        NameServer.objects.filter(pk=server_id).update(serial=None, reconciled_at=timezone.now())
        enqueue_all(server_id)


@contextmanager
def locked() -> Iterator[None]:
    """One transaction around a change of what the zones hold, and of the queue.

    Such transactions go on one after another, so a server that is added meanwhile misses no change, and since each
    begins with the first zone, none waits for another in a circle.
    """
    with transaction.atomic():
        if not Zone.objects.filter(pk=ZONE).update(revision=_token()):
            Zone.current()
            Zone.objects.filter(pk=ZONE).update(revision=_token())
        Zone.objects.exclude(pk=ZONE).update(revision=_token())
        yield


def pending(server_id: int) -> QuerySet[Publication]:
    """What a server does not have as it is."""
    return Publication.objects.filter(PENDING, name_server=server_id)


def due(server_id: int) -> QuerySet[Publication]:
    """What should be sent now."""
    return pending(server_id).filter(retry_at__lte=timezone.now())


def single_is_due(server_id: int) -> bool:
    """Whether a single change should be sent now."""
    return due(server_id).filter(rank=SINGLE).exists()


def take(server_id: int, limit: int, *, rank: int = SINGLE) -> list[Publication]:
    """What should be sent now, the oldest first: of one rank, and of the other where that has nothing.

    What changes from here on is sent once more.
    """
    return _take(server_id, limit, rank) or _take(server_id, limit, MASS if rank == SINGLE else SINGLE)


def _take(server_id: int, limit: int, rank: int) -> list[Publication]:
    with transaction.atomic():
        # A row that is being changed this moment is left for the next time, so that nobody waits for a person.
        rows = due(server_id).select_for_update(skip_locked=True, of=("self",)).filter(rank=rank)
        rows = rows.order_by("since", "pk")
        taken = list(rows[:limit])
        Publication.objects.filter(pk__in=[row.pk for row in taken]).update(sending=F("wanted"))
    return taken


def confirm(rows: Sequence[Publication]) -> None:
    """The server has these as they were taken."""
    with transaction.atomic():
        _in_order(rows).update(done=F("sending"), done_at=timezone.now(), attempts=0, problem="")


def claim(rows: Sequence[Publication], types: Iterable[str]) -> None:
    """From now on records of these types, besides NAPTR, are ours at these names."""
    with transaction.atomic():
        _in_order(rows).update(owned=" ".join(sorted(types)))


def remark(row: Publication, note: str) -> None:
    """Remember which records of a name were left out."""
    Publication.objects.filter(pk=row.pk).update(note=note)


def postpone(row: Publication, problem: str, pause: timedelta) -> None:
    """Try again after a pause, or when the name changes; and say why."""
    # Whoever has changed the name meanwhile wants it sent now.
    Publication.objects.filter(pk=row.pk, wanted=F("sending")).update(
        attempts=F("attempts") + 1, problem=problem, retry_at=timezone.now() + pause
    )


def hurry(server_id: int) -> None:
    """Have everything that waits tried now, and the server itself if it had refused."""
    NameServer.objects.filter(pk=server_id).update(retry_at=None)
    hurry_these(pending(server_id))


def hurry_these(rows: QuerySet[Publication]) -> None:
    """Have these tried now, if they wait."""
    rows.filter(PENDING).update(retry_at=timezone.now())


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items, so many at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _in_order(rows: Sequence[Publication]) -> QuerySet[Publication]:
    """The rows, locked in the order in which changes lock them: nobody waits for each other in a circle."""
    keys = [row.pk for row in rows]
    if connection.features.has_select_for_update:  # SQLite locks everything at once
        list(Publication.objects.select_for_update().filter(pk__in=keys).order_by("name").values_list("pk"))
    return Publication.objects.filter(pk__in=keys)


def _rank(count: int) -> int:
    """Of so many names that come at once."""
    return MASS if count > FEW else SINGLE


def _rank_of(rows: QuerySet[Any]) -> int:
    return _rank(rows[: FEW + 1].count())


def _want(rows: QuerySet[Publication]) -> None:
    now = timezone.now()
    waits = When(PENDING, rank=SINGLE, then=SINGLE)
    rank = Case(waits, default=_rank_of(rows))
    rows.update(wanted=_token(), since=now, retry_at=now, attempts=0, problem="", rank=rank)


def _enqueue_zone(server: NameServer, beginning: str) -> None:
    """Enqueue what the server's zone holds of numbers and delegations that begin so, and the delegations' servers."""
    layout = Layout.current()
    zone = next(zone for zone in layout.zones if zone.pk == server.zone_id)
    name = Case(When(is_block=True, then=Concat("digits", Value(BLOCK))), default="digits")
    numbers = Number.objects.filter(layout.numbers_in(zone), digits__startswith=beginning)
    source, params = numbers.order_by().values_list(name).query.sql_with_params()
    _insert(source, params, _rank_of(numbers), "server.id = %s", server.pk)
    delegations = [one for one in delegated_names(zone, layout) if "." in one or one.startswith(beginning)]
    _insert_names(delegations, _rank(len(delegations)), "server.id = %s", server.pk)


def _insert_names(names: Iterable[str], rank: int, condition: str, which: int) -> None:
    for some in chunks(dict.fromkeys(names), NAMES_AT_A_TIME):
        _insert(f"VALUES {', '.join(['(%s)'] * len(some))}", some, rank, condition, which)


def _insert(source: str, params: Sequence[Any], rank: int, condition: str, which: int) -> None:
    now = _database_time(timezone.now())
    with connection.cursor() as cursor:
        values = [*params, _token(), now, now, rank, which]
        cursor.execute(_ENQUEUE % {"source": source, "condition": condition}, values)


def _database_time(moment: datetime) -> str | datetime | None:
    return connection.ops.adapt_datetimefield_value(moment)


def _token() -> int:
    return secrets.randbits(62) + 1  # never 0, which is what has never been sent

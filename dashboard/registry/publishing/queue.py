"""The publication queue: which names each name server does not have as they are.

Everything here is small statements. Nobody holds a transaction while a name server is being spoken to.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from dashboard.registry.models import BLOCK, ZONE, Number, Publication, Zone
from dashboard.registry.models.name_server import PENDING, NameServer

NAMES_AT_A_TIME = 1_000

T = TypeVar("T")

_ALL_NAMES = f"SELECT CASE WHEN is_block THEN digits || '{BLOCK}' ELSE digits END FROM {Number._meta.db_table}"  # noqa: S608
_ENQUEUE = f"""
    WITH names(name) AS (%(source)s)
    INSERT INTO {Publication._meta.db_table}
        (name_server_id, name, wanted, sending, done, since, retry_at, attempts, problem, note, owns_text)
    SELECT server.id, names.name, %%s, 0, 0, %%s, %%s, 0, '', '', %%s
    FROM {NameServer._meta.db_table} AS server CROSS JOIN names
    WHERE %(condition)s
    ORDER BY server.id, names.name
    ON CONFLICT (name_server_id, name) DO UPDATE
    SET wanted = excluded.wanted, since = excluded.since, retry_at = excluded.retry_at, attempts = 0, problem = ''
"""  # noqa: S608


def enqueue(names: Iterable[str], server_id: int | None = None) -> None:
    """Have these names sent to every name server, or to one. To be called in the transaction of the change."""
    for some in chunks(dict.fromkeys(names), NAMES_AT_A_TIME):
        _insert(f"VALUES {', '.join(['(%s)'] * len(some))}", some, server_id)


def enqueue_all(server_id: int | None = None) -> None:
    """Have every number sent, as `enqueue` does: one statement, however many there are."""
    _insert(_ALL_NAMES, [], server_id)


def enqueue_ours(server_id: int) -> None:
    """Have everything that was ever published at a server looked after again, also what should be gone."""
    names = Publication.objects.filter(name_server=server_id)
    names.update(wanted=_token(), since=timezone.now(), retry_at=timezone.now(), attempts=0)


def start_over(server_id: int) -> None:
    """Forget what a server has, and have every number sent: it is another server, or the zone has another name."""
    with locked():
        Publication.objects.filter(name_server=server_id).delete()
        NameServer.objects.filter(pk=server_id).update(serial=None, reconciled_at=timezone.now())
        enqueue_all(server_id)


@contextmanager
def locked() -> Iterator[None]:
    """One transaction around a change of what the zone holds, and of the queue.

    Such transactions go on one after another, so a server that is added meanwhile misses no change, and since each
    begins here, none waits for another in a circle.
    """
    with transaction.atomic():
        if not Zone.objects.filter(pk=ZONE).update(revision=_token()):
            Zone.current()
            Zone.objects.filter(pk=ZONE).update(revision=_token())
        yield


def pending(server_id: int) -> QuerySet[Publication]:
    """What a server does not have as it is."""
    return Publication.objects.filter(PENDING, name_server=server_id)


def due(server_id: int) -> QuerySet[Publication]:
    """What should be sent now."""
    return pending(server_id).filter(retry_at__lte=timezone.now())


def take(server_id: int, limit: int) -> list[Publication]:
    """What should be sent now, the oldest first. What changes from here on is sent once more."""
    with transaction.atomic():
        # A row that is being changed this moment is left for the next time, so that nobody waits for a person.
        rows = due(server_id).select_for_update(skip_locked=True, of=("self",)).order_by("since", "pk")
        taken = list(rows[:limit])
        Publication.objects.filter(pk__in=[row.pk for row in taken]).update(sending=F("wanted"))
    return taken


def confirm(rows: Sequence[Publication]) -> None:
    """The server has these as they were taken."""
    with transaction.atomic():
        _in_order(rows).update(done=F("sending"), done_at=timezone.now(), attempts=0, problem="")


def claim_texts(rows: Sequence[Publication]) -> None:
    """From now on TXT records at these names are ours."""
    with transaction.atomic():
        _in_order(rows).update(owns_text=True)


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
    """Have everything that waits tried now."""
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
    list(Publication.objects.select_for_update().filter(pk__in=keys).order_by("name").values_list("pk"))
    return Publication.objects.filter(pk__in=keys)


def _insert(source: str, names: Sequence[str], server_id: int | None) -> None:
    now = _database_time(timezone.now())
    condition, which = ("server.id = %s", [server_id]) if server_id else ("1 = 1", [])
    with connection.cursor() as cursor:
        statement = _ENQUEUE % {"source": source, "condition": condition}
        cursor.execute(statement, [*names, _token(), now, now, False, *which])


def _database_time(moment: datetime) -> str | datetime | None:
    return connection.ops.adapt_datetimefield_value(moment)


def _token() -> int:
    return secrets.randbits(62) + 1  # never 0, which is what has never been sent

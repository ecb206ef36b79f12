"""Tasks: what people started and nobody waits for, in the queue of django-tasks, and what that lacks.

Whoever does a task has a lease on it and prolongs it. Where a process was killed, or its machine has gone, the lease
runs out and the task is done by another. So a task may be begun several times, and also twice at once where a process
stood still for longer than its lease: each finds in its own tables what is left to do, under locks of its own.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import Error, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from dashboard.models import TaskLease
from dashboard.platform.stopping import Stopped
from dashboard.services.background import pauses

LEASE = timedelta(seconds=30)
PROLONGED_EVERY = 10.0  # seconds
REMEMBERED = timedelta(days=7)  # what became of a task
FREE_STARTS = 3  # of a task, before it waits longer each time: it may be what its process died of
FORGOTTEN = 1000  # tasks at a time

Task = DBTaskResult[Any, Any]

logger = logging.getLogger(__name__)
# Of this process: a lease is nobody else's, not even of one that gets its number later.
_holder: Final = uuid.uuid4().hex
# The keys of the tasks that it does. A lease that could not be ended, as the database was away, is none of these.
_under_way: Final = list[uuid.UUID]()


def take() -> Task | None:
    """The next task that nobody does, which is now this process's to do; None where there is none."""
    _give_back_lost()
    if not DBTaskResult.objects.ready().exists():  # without the lock that SQLite's writers wait for
        return None
    with transaction.atomic():
        task: Task | None = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(_holder)
            TaskLease.objects.create(task=task, holder=_holder, until=timezone.now() + LEASE)
    if task is not None:
        _under_way.append(task.pk)
    return task


def carry_out(task: Task) -> None:
    """Do a task that this process has taken. Raises nothing: what failed is stored, or done again."""
    try:
        value = task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        _end(task, partial(task.set_successful, value))
    except Stopped:
        _give_back(task, timezone.now())
    except Error as error:
        logger.warning("The database failed, so a task is done again: %s: %s", task.task_path, error)
        connection.close()
        _give_back(task, pauses.after(pauses.TASK, 1))
    except Exception as error:
        # Ours to mend. What it was to do still stands in the tables of its subject.
        logger.exception("A task failed: %s", task.task_path)
        _end(task, partial(task.set_failed, error))
    finally:
        _under_way.remove(task.pk)


def run_waiting() -> None:
    """Do all tasks that wait, one after another."""
    while (task := take()) is not None:
        carry_out(task)


@contextmanager
def prolonged() -> Iterator[None]:
    """Keep the leases of what this process does for as long as what is inside goes on."""
    ended = threading.Event()

    def prolong() -> None:
        while not ended.wait(PROLONGED_EVERY):
            try:
                held = TaskLease.objects.filter(holder=_holder, task__in=list(_under_way))
                held.update(until=timezone.now() + LEASE)
            except Error as error:
                logger.warning("The database failed: %s", error)
            finally:
                connection.close()

    thread = threading.Thread(target=prolong, name="work-leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def forget() -> None:
    """Delete some of the tasks that were done long ago."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - REMEMBERED)
    DBTaskResult.objects.filter(pk__in=list(old.order_by().values_list("pk", flat=True)[:FORGOTTEN])).delete()


def _give_back_lost() -> None:
    """Let the tasks be done by others whose holders have not prolonged their leases."""
    lost = TaskLease.objects.filter(until__lt=timezone.now())
    if not lost.exists():
        return
    with transaction.atomic():
        for lease in lost.select_for_update(skip_locked=True).select_related("task"):
            starts = len(lease.task.worker_ids)
            logger.warning("A task lost its process, and is done again: %s", lease.task.task_path)
            _ready(lease.task, timezone.now() if starts <= FREE_STARTS else pauses.after(pauses.TASK, starts))
            lease.delete()


def _give_back(task: Task, when: datetime) -> None:
    """Let a task be done again, by anybody."""
    _end(task, partial(_ready, task, when))


def _ready(task: Task, when: datetime) -> None:
    task.status, task.run_after, task.started_at = TaskResultStatus.READY, when, None
    task.save(update_fields=["status", "run_after", "started_at"])


def _end(task: Task, store: Callable[[], None]) -> None:
    """End the lease, and `store` what came of the task; nothing where the lease has run out: it is another's then.

    Where the database is away nothing is stored, and the lease runs out.
    """
    try:
        with transaction.atomic():
            if TaskLease.objects.filter(task=task, holder=_holder).delete()[0]:
                store()
    except Error as error:
        logger.warning("The database failed, so a task will be done again: %s: %s", task.task_path, error)
        connection.close()

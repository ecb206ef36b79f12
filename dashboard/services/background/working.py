"""The rounds of the background process: what is due is done, each errand by one process, and slow ones beside others.

An errand holds a lock of its name, which dies with its process. What it does is stored as it is done, so whoever is
killed anywhere leaves the rest to the next.
"""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import Error, connection
from django.utils import timezone

from dashboard.platform import locks, stopping
from dashboard.services import mirror
from dashboard.services.background import looking, registries, sending, settling, tasks
from dashboard.services.history.keeping import forget_old

POLL = 1.0  # seconds between two looks for what is due
LOOK_EVERY = 0.2  # seconds between two looks whether this process is still wanted
TASKS = 4  # at a time
AFTER_A_FAULT = 5.0  # seconds until a look after the database failed
TIDIED_EVERY = 60.0  # seconds
# Threads for each kind of errand: somebody else's server that hangs holds up only what is like it.
THREADS = {"letter": 2, "webhook": 6, "registry": 6, "tidy": 1}

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do, of one of the kinds of THREADS, that only one process may do at a time with the same `key`."""

    kind: str
    key: int
    do: Callable[[], None]

    @property
    def name(self) -> str:
        """The name of its lock."""
        return f"{self.kind} {self.key}"


def due() -> Iterator[Errand]:
    """What is to be done now."""
    for pk in sending.people_to_write_to():
        yield Errand("letter", pk, partial(sending.write_to, pk))
    for pk in sending.webhooks_to_send_to():
        yield Errand("webhook", pk, partial(sending.send_to, pk))
    settle, look = settling.registries_with_open_changes(), looking.registries_with_numbers_due()
    for pk in sorted({*settle, *look, *registries.to_ask()}):
        yield Errand("registry", pk, partial(_at_registry, pk))
    if mirror.is_any_lost():
        yield Errand("tidy", 1, mirror.take_up)


def _at_registry(pk: int) -> None:
    """All that is to be asked of one registry, in turn; whatever finds it silent ends this."""
    settling.settle_at(pk)
    looking.look_at_one(pk)
    if pk in registries.to_ask():
        registries.ask(pk)


def _tidy() -> None:
    """What needs no hurry."""
    looking.enroll()
    mirror.want_what_is_old()
    sending.forget()
    forget_old(timezone.now())
    tasks.forget()


TIDY = Errand("tidy", 0, _tidy)


def carry_out(errand: Errand) -> None:
    """Do an errand, unless another process does it. Never raises: what failed is due again."""
    try:
        with locks.held(f"work {errand.name}", locks.at_once) as has_it:
            if has_it:
                errand.do()
    except Error as error:
        logger.warning("The database failed: %s", error)
    except Exception:
        # Ours to mend; until then the other errands are done, and this one is tried again.
        logger.exception("An errand failed: %s", errand.name)
        time.sleep(AFTER_A_FAULT)


def one_round() -> None:
    """Do everything that is due, one after another."""
    carry_out(TIDY)
    for errand in list(due()):
        carry_out(errand)
    with tasks.prolonged():
        tasks.run_waiting()


def run(is_wanted: Callable[[], bool]) -> None:
    """Work for as long as `is_wanted` says so; then finish what is under way. Others go on with its tasks."""
    with ExitStack() as ends:
        ends.enter_context(tasks.prolonged())
        crew = _Crew(ends)
        ends.callback(stopping.ask)
        next_tidy = next_look = 0.0
        while is_wanted():
            now = time.monotonic()
            if now >= next_look:
                next_look = now + (POLL if crew.begin(due) and crew.begin_tasks() else AFTER_A_FAULT)
            if now >= next_tidy:
                next_tidy = now + TIDIED_EVERY
                crew.begin(lambda: iter([TIDY]))
            time.sleep(LOOK_EVERY)


class _Crew:
    """The threads of this process, and what they do."""

    def __init__(self, ends: ExitStack) -> None:
        self.pools = {kind: ThreadPoolExecutor(count, f"work-{kind}") for kind, count in THREADS.items()}
        for pool in self.pools.values():
            ends.callback(pool.shutdown, cancel_futures=True)
        self.under_way: dict[str, Future[None]] = {}
        self.task_pool = ThreadPoolExecutor(TASKS, "work-task")
        ends.callback(self.task_pool.shutdown)
        self.tasks = list[Future[None]]()

    def begin(self, errands: Callable[[], Iterator[Errand]]) -> bool:
        """Begin what is not under way already. False where the database did not say what there is."""
        self.under_way = {name: future for name, future in self.under_way.items() if not future.done()}
        try:
            for errand in errands():
                if errand.name not in self.under_way:
                    self.under_way[errand.name] = self.pools[errand.kind].submit(_in_thread, carry_out, errand)
        except Error as error:
            return _failed(error)
        return True

    def begin_tasks(self) -> bool:
        """Begin as many tasks as there is room for. False where the database did not say what there is."""
        self.tasks = [future for future in self.tasks if not future.done()]
        try:
            while len(self.tasks) < TASKS and (task := tasks.take()) is not None:
                self.tasks.append(self.task_pool.submit(_in_thread, tasks.carry_out, task))
        except Error as error:
            return _failed(error)
        return True


def _failed(error: Error) -> bool:
    """PostgreSQL was restarted, or the disk is full."""
    logger.warning("The database failed: %s", error)
    connection.close()
    return False


def _in_thread(do: Callable[[T], None], what: T) -> None:
    try:
        do(what)
    finally:
        connection.close()

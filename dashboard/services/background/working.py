"""The rounds of the background process: what is due is done, each errand by one process, and slow ones beside others.

An errand holds a lock of its name, which dies with its process. What it does is stored as it is done, so whoever is
killed anywhere leaves the rest to the next.
"""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from django.db import Error, connection

from dashboard.platform import locks
from dashboard.services.background import looking, registries, sending, settling

POLL = 1.0  # seconds between two looks for what is due
AFTER_A_FAULT = 5.0  # seconds until a look after the database failed
TIDIED_EVERY = 60.0  # seconds
THREADS = 8

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do, under a name that only one process may have at a time."""

    name: str
    do: Callable[[], None]


def due() -> Iterator[Errand]:
    """What is to be done now."""
    for pk in sending.people_to_write_to():
        yield Errand(f"letter {pk}", partial(sending.write_to, pk))
    for pk in sending.webhooks_to_send_to():
        yield Errand(f"webhook {pk}", partial(sending.send_to, pk))
    settle, look, ask = (
        set(settling.registries_with_open_changes()),
        set(looking.registries_with_numbers_due()),
        set(registries.to_ask()),
    )
    for pk in sorted(settle | look | ask):
        yield Errand(f"registry {pk}", partial(_at_registry, pk))


def _at_registry(pk: int) -> None:
    """All that is to be asked of one registry, in turn; whatever finds it silent ends this."""
    settling.settle_at(pk)
    looking.look_at_one(pk)
    if pk in registries.to_ask():
        registries.ask(pk)


def tidy() -> None:
    """What needs no hurry."""
    looking.enroll()
    sending.forget()


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
    carry_out(Errand("tidy", tidy))
    for errand in list(due()):
        carry_out(errand)


def run(is_wanted: Callable[[], bool]) -> None:
    """Work for as long as `is_wanted` says so; then finish what is under way."""
    under_way: dict[str, Future[None]] = {}
    next_tidy = next_look = 0.0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="work") as pool:
        while is_wanted():
            now = time.monotonic()
            if now >= next_look:
                next_look = now + POLL
                try:
                    errands = list(due())
                except Error as error:
                    # PostgreSQL was restarted, or the disk is full.
                    logger.warning("The database failed: %s", error)
                    connection.close()
                    errands, next_look = [], now + AFTER_A_FAULT
                if now >= next_tidy:
                    errands.append(Errand("tidy", tidy))
                    next_tidy = now + TIDIED_EVERY
                under_way = {name: future for name, future in under_way.items() if not future.done()}
                for errand in errands:
                    if errand.name not in under_way:
                        under_way[errand.name] = pool.submit(_in_thread, errand)
            time.sleep(POLL / 5)
        pool.shutdown(cancel_futures=True)


def _in_thread(errand: Errand) -> None:
    try:
        carry_out(errand)
    finally:
        connection.close()

"""Many questions to one registry: several at once, and not too many a second."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

AHEAD = 25  # questions for each thread that wait their turn, so that none has nothing to do while answers are stored

T = TypeVar("T")
R = TypeVar("R")


class Pace:
    """At most so many questions a second, evenly; 0 sets no limit."""

    def __init__(self, rate: int) -> None:
        self._every = 1 / rate if rate else 0.0  # seconds
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def keep(self) -> None:
        """Wait until the next question may be asked."""
        if not self._every:
            return
        with self._lock:
            mine = self._next = max(self._next, time.monotonic()) + self._every
        time.sleep(max(0.0, mine - self._every - time.monotonic()))


def answers(ask: Callable[[T], R], questions: Iterable[T], parallel: int) -> Iterator[R]:
    """Ask all, so many at once, and give the answers as they come. What `ask` raises is raised.

    With one at once everything is asked in this thread: the registry inside this process shares its database
    connection.
    """
    if parallel <= 1:
        yield from map(ask, questions)
        return
    come: SimpleQueue[Callable[[], R]] = SimpleQueue()

    pool = ThreadPoolExecutor(parallel, "refresh")
    try:
        asked = 0
        for question in questions:
            pool.submit(ask, question).add_done_callback(lambda future: come.put(future.result))
            asked += 1
            if asked == parallel * AHEAD:
                asked -= 1
                yield come.get()()
        for _left in range(asked):
            yield come.get()()
    finally:
        pool.shutdown(cancel_futures=True)

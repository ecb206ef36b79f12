"""Who may hold a thread while waiting for somebody else's server, so that one that hangs stops nobody else.

A process keeps a quarter of its threads for those who wait for nobody. Of the others a server may hold as many as it
leaves free, and so may a person; a person at one server may hold half of what it could have. With sixteen threads
that is six for one server, four of them for one person, and always some for the next server and the next person. All
processes of a machine together give a server the threads of two of them, and a person at it those of one.

Who finds no place waits for one for a moment: with a server that answers, one is soon free. After that it is refused.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from dashboard.platform import places

LATE = 2.0  # seconds; a server that lets somebody wait for longer makes nobody else wait for a place
PATIENCE = 0.5  # seconds without any answer of the server, after which it is no use to wait for a place
LOOK_EVERY = 0.1  # seconds between two looks whether a place has become free in another process
LEAST = 2  # places for one person, however few threads there are: a page has a part that is loaded by itself


@dataclass(frozen=True, eq=False, slots=True)
class _Wait:
    """A thread that waits for a server in somebody's name."""

    server: str
    person: int
    thread: int = field(default_factory=threading.get_ident)
    began: float = field(default_factory=time.monotonic)


class _Process:
    """Those who wait in this process, and when a wait for each server was last over."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.waits: set[_Wait] = set()
        self.over: dict[str, float] = {}

    def waits_here(self, server: str) -> bool:
        """Whether this thread waits for the server already."""
        me = threading.get_ident()
        with self.lock:
            return any(wait.thread == me and wait.server == server for wait in self.waits)

    def admit(self, new: _Wait) -> bool:
        """Let one more wait, if there is a place."""
        most = max(1, settings.E164WEB.threads * 3 // 4)
        with self.lock:
            free = most - len({wait.thread for wait in self.waits} - {new.thread})
            theirs = [wait.person for wait in self.waits if wait.server == new.server]
            own = sum(wait.person == new.person for wait in self.waits)
            own_there = theirs.count(new.person)
            admitted = max(len(theirs), own) < free and own_there < max(LEAST, free - len(theirs))
            if admitted:
                self.waits.add(new)
            return admitted

    def leave(self, wait: _Wait) -> None:
        """Give a place back."""
        with self.lock:
            self.waits.discard(wait)
            self.lock.notify()

    def look_again(self) -> None:
        """Sleep until a place here has become free, or may have in another process."""
        with self.lock:
            self.lock.wait(LOOK_EVERY)

    def is_hopeless(self, server: str, since: float) -> bool:
        """Whether who has looked for a place since then had better be told."""
        now = time.monotonic()
        with self.lock:
            oldest = min([since, *(wait.began for wait in self.waits if wait.server == server)])
            over = max(since, self.over.get(server, since))
        return now - oldest > LATE or now - over > PATIENCE


_process: Final = _Process()


@contextmanager
def waiting(server: str, person: int, refusal: Callable[[], Exception]) -> Iterator[None]:
    """Be one of those who wait for a server; `person` is the user's key. Raises `refusal()` where too many do.

    A thread that is inside already, for the same server, goes on in the place that it has.
    """
    if _process.waits_here(server):
        yield
        return
    since = time.monotonic()
    with ExitStack() as place:
        while not _found(place, server, person):
            if _process.is_hopeless(server, since):
                raise refusal()
            _process.look_again()
        try:
            yield
        finally:
            _process.over[server] = time.monotonic()


def _found(place: ExitStack, server: str, person: int) -> bool:
    """Take a place in this process and on this machine, if there is one, and let `place` give it back."""
    wait = _Wait(server, person)
    if not _process.admit(wait):
        return False
    place.callback(_process.leave, wait)
    threads = settings.E164WEB.threads
    for name, most in ((f"wait for {server}", 2 * threads), (f"wait for {server} as {person}", threads)):
        if not place.enter_context(places.one_of(name, most)):
            place.close()
            return False
    return True

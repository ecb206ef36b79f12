"""Many questions at once, with one deadline for all of them.

Each server is a lane: it gets few questions at a time, and a server that stays silent from the start is given up
soon, so that it costs neither the others' time nor threads. Names and types of questions are ours, never typed by
people; a page asks at most MAX_NUMBERS times MAX_TARGETS of them, so nobody can use this to flood a server.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from dashboard.nameservers import Address, Answer, Key, NameServerError, ask

THREADS = 32  # of one process, for all pages together; they mostly wait
AT_ONCE = 4  # questions that one server has to think about, of one page
SILENT = 2  # questions without any answer, after which a server is given up


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one server, signed with the key if there is one. `unchecked`: also what it finds bogus."""

    server: Address
    name: str
    rdtype: str = "NAPTR"
    recurse: bool = False
    unchecked: bool = False
    key: Key | None = None


Response = Answer | NameServerError

_pool: ThreadPoolExecutor | None = None
_pool_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long answers are waited for: `each` seconds for one, and none after `ends` (time.monotonic())."""

    each: float
    ends: float

    @classmethod
    def of(cls, seconds: float) -> "Patience":
        """Seconds for one answer, and twice that for all."""
        return cls(seconds, time.monotonic() + 2 * seconds)

    def next(self) -> float:
        """Seconds for the next answer; not positive when the time is over."""
        return min(self.each, self.ends - time.monotonic())


def ask_all(questions: Iterable[Question], patience: Patience) -> Mapping[Question, Response]:
    """What the servers response. A question that is missing in the result was not answered in time."""
    lanes: defaultdict[Address, list[Question]] = defaultdict(list)
    for question in dict.fromkeys(questions):
        lanes[question.server].append(question)
    running = [_Lane(of_server, patience) for of_server in lanes.values()]
    wait([future for lane in running for future in lane.start()], timeout=max(0.0, patience.ends - time.monotonic()))
    return {question: response for lane in running for question, response in lane.end()}


class _Lane:
    """The questions for one server."""

    def __init__(self, questions: list[Question], patience: Patience) -> None:
        self.waiting = deque(questions)
        self.patience = patience
        self.responses: dict[Question, Response] = {}
        self.lock = threading.Lock()

    def start(self) -> Iterator[Future[None]]:
        """Begin to ask."""
        for _ in range(min(AT_ONCE, len(self.waiting))):
            yield _threads().submit(self._work)

    def end(self) -> list[tuple[Question, Response]]:
        """Ask nothing more, and return what was response until now."""
        with self.lock:
            self.waiting.clear()
            return list(self.responses.items())

    def _work(self) -> None:
        while (question := self._take()) is not None:
            seconds = self.patience.next()
            if seconds <= 0:
                return
            response = _ask(question, seconds)
            with self.lock:
                self.responses[question] = response
                self._give_up_if_silent(response)

    def _take(self) -> Question | None:
        with self.lock:
            return self.waiting.popleft() if self.waiting else None

    def _give_up_if_silent(self, response: Response) -> None:
        if not isinstance(response, NameServerError) or len(self.responses) < SILENT:
            return
        if all(isinstance(one, NameServerError) for one in self.responses.values()):
            self.responses |= dict.fromkeys(self.waiting, response)
            self.waiting.clear()


def _ask(question: Question, seconds: float) -> Response:
    try:
        return ask(
            question.server,
            question.name,
            question.rdtype,
            timeout=seconds,
            recurse=question.recurse,
            dnssec=True,
            unchecked=question.unchecked,
            key=question.key,
        )
    except NameServerError as failure:
        return failure


def _threads() -> ThreadPoolExecutor:
    # Made when it is first needed: threads do not survive gunicorn's fork.
    global _pool  # noqa: PLW0603 -- one for the process is the point
    with _pool_lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="dns")
        return _pool

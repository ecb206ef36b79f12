"""Many clients at once, in a process of their own: `python -m tests.benchmarks.load`, a Job as JSON on its input.

Every client keeps its connection and asks for the next page as soon as it has one. One thread and plain sockets: what
the clients compute is taken from the server that is measured.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.web import RECEIVE, BrokenReplyError, get, reply_size, status_of

OK = 200
POLL = 0.2  # seconds; how late the end may be noticed
LOST = 0  # stands in for the status of a request whose connection broke


@dataclass(frozen=True, kw_only=True)
class Job:
    """`clients` on the pages of `paths`, one page each, for `seconds` after `warm_up` seconds that do not count."""

    port: int
    headers: dict[str, str]
    paths: Sequence[str]
    clients: int
    warm_up: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was counted. `errors` are replies other than 200, and broken connections; times are in milliseconds."""

    pages: int
    errors: int
    seconds: float
    median_ms: float
    worst_ms: float


class Client:
    """One connection and the request that is under way on it."""

    def __init__(self, port: int, request: bytes) -> None:
        self.port = port
        self.request = request
        self.socket = self._connect()
        self.began = 0.0
        self._data = bytearray()
        self._size: int | None = None

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self) -> None:
        """Send the request."""
        self._data, self._size, self.began = bytearray(), None, time.perf_counter()
        self.socket.sendall(self.request)

    def receive(self) -> int | None:
        """Read what has come. Returns the status once the reply is complete. Raises OSError and BrokenReplyError."""
        chunk = self.socket.recv(RECEIVE)
        if not chunk:
            raise BrokenReplyError("the connection ended")
        self._data += chunk
        if self._size is None:
            self._size = reply_size(self._data)
        if self._size is None or len(self._data) < self._size:
            return None
        return status_of(self._data)

    def renew(self) -> None:
        """Connect anew."""
        self.socket.close()
        self.socket = self._connect()


class Load:
    """All clients of a job, served by one selector."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []
        self.selector = selectors.DefaultSelector()
        self.counts_from = 0.0

    def run(self) -> Outcome:
        """Keep all clients busy until the time is over."""
        started = time.perf_counter()
        self.counts_from = started + self.job.warm_up
        ends = self.counts_from + self.job.seconds
        for place in range(self.job.clients):
            path = self.job.paths[place % len(self.job.paths)]
            client = Client(self.job.port, get(path, self.job.headers))
            self.selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
        while time.perf_counter() < ends:
            for key, _ in self.selector.select(POLL):
                self._serve(key.data)
        return self._outcome(time.perf_counter() - self.counts_from)

    def _serve(self, client: Client) -> None:
        try:
            status = client.receive()
        except (OSError, BrokenReplyError):
            self._count(LOST, client)
            self.selector.unregister(client.socket)
            client.renew()
            self.selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
            return
        if status is not None:
            self._count(status, client)
            client.ask()

    def _count(self, status: int, client: Client) -> None:
        now = time.perf_counter()
        if now >= self.counts_from:
            self.statuses[status] += 1
            self.times.append((now - client.began) * 1000)

    def _outcome(self, seconds: float) -> Outcome:
        times = sorted(self.times) or [0.0]
        return Outcome(
            pages=self.statuses[OK],
            errors=self.statuses.total() - self.statuses[OK],
            seconds=seconds,
            median_ms=times[len(times) // 2],
            worst_ms=times[-1],
        )


if __name__ == "__main__":
    print(json.dumps(asdict(Load(Job(**json.load(sys.stdin))).run())))

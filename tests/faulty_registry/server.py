"""The registry's sockets: a thread for each connection, the log of requests, and the armed faults."""

import contextlib
import json
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from tests.faulty_registry import certificates
from tests.faulty_registry.channel import RESET, Channel, HttpRequest
from tests.faulty_registry.faults import FAULTS, Fault, Scene
from tests.faulty_registry.store import WRITES, Answer, Store, fictional_numbers, read_form, secret_of

DRIP_SECONDS = 0.05
HANDSHAKES = ("good", "reset", "hang", "plain")


@dataclass(frozen=True)
class Received:
    """A request as it was received: `connection` counts from 1, `fault` is the kind that struck it."""

    command: str
    variables: dict[str, str]
    body: bytes
    path: str
    headers: dict[str, str]
    connection: int
    fault: str = ""


@dataclass
class FaultyRegistry:
    """A registry on a loopback port, as a context manager.

    `certificate` is one of `certificates.KINDS`. `handshake` says how connections begin: "good", "reset",
    "hang", or "plain" (no TLS at all). `latency` is in seconds. `framing` is "length", "chunked" or "close".
    The account `username` has `numbers` fictional numbers with `records` records each.
    """

    numbers: int = 3
    records: int = 2
    username: str = "ford"
    password: str = "forty-two"
    port: int = 0
    latency: float = 0.0
    certificate: str = "good"
    handshake: str = "good"
    framing: str = "length"
    line_end: str = "\r\n"
    blank_lines: int = 1
    extra_headers: str = ""  # of sound replies; each ends with CRLF
    keep_log: bool = True
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        self.log: list[Received] = []
        self.counts: Counter[str] = Counter()
        self.connections = 0
        self.spoilt = 0  # connections whose handshake was made to go wrong
        self.ca_path = certificates.ca_path()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._struck = threading.Condition()
        self._strikes = 0
        self._faults: list[Fault] = []
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lists: dict[int, bytes] = {}
        self.store.add_account(self.username, self.password)
        self.number_ids = [
            self._sample(number) for _, number in zip(range(self.numbers), fictional_numbers(), strict=False)
        ]

    def _sample(self, number: tuple[str, str, str]) -> int:
        number_id = self.store.add_number(self.username, *number)
        for place in range(self.records):
            self.store.add_record(number_id, 10 * (place + 1), "SIP", f"{number[2]}.{place}@sip.example.org")
        return number_id

    @property
    def secret(self) -> str:
        """What a client sends in place of the password."""
        return secret_of(self.password)

    @property
    def url(self) -> str:
        """The address that takes commands."""
        return f"https://127.0.0.1:{self.port}/e164/api"

    @property
    def requests(self) -> int:
        """How many commands were received, on all connections."""
        return self.counts.total()

    def count(self, command: str) -> int:
        """How many times a command was received."""
        return self.counts[command]

    def rows(self, number_id: int) -> list[str]:
        """The records of a number now, as `show` would send them."""
        return self.store.rows_of(number_id)

    def fault(
        self,
        command: str,
        kind: str,
        *,
        times: int | None = None,
        skip: int = 0,
        applied: bool | None = None,
        seconds: float = DRIP_SECONDS,
        **options: str,
    ) -> None:
        """Arm a fault (a key of FAULTS) for a command, or "*" for all.

        It passes over the first `skip` occurrences, then strikes `times` of them (None: all). `applied` says
        whether the command takes effect all the same. Options: `status`, `location`, `error`.
        """
        effect = FAULTS[kind][1] if applied is None else applied
        with self._lock:
            self._faults.append(Fault(command, kind, times, skip, effect, seconds, options))

    def wait_for_strikes(self, strikes: int = 1) -> None:
        """Wait until so many faults have sent all that they send: some of it may follow a reply that is complete."""
        with self._struck:
            assert self._struck.wait_for(lambda: self._strikes >= strikes, timeout=60)

    def heal(self) -> None:
        """Disarm every fault."""
        with self._lock:
            self._faults.clear()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._spawn(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        # A blocked accept() or recv() does not notice close(), but it notices shutdown().
        _shut(self._listener)
        self._listener.close()
        self.drop_connections()
        for thread in self._threads:
            thread.join(timeout=5)

    def drop_connections(self) -> None:
        """End every open connection, as a restart of the registry does."""
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            _shut(connection)

    def _spawn(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            self._converse(connection)
        except (OSError, ValueError):
            pass  # the other side went away, which is its right
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _converse(self, connection: socket.socket) -> None:
        if (handshake := self.handshake) != "good":
            self.spoilt += 1
            self._spoil_handshake(connection, handshake)
            return
        secured = certificates.server_context(self.certificate).wrap_socket(connection, server_side=True)
        with self._lock:
            self._open.discard(connection)
            self._open.add(secured)
            self.connections += 1
            channel = Channel(secured, self._stopping, self.connections)
        try:
            while channel.open and (request := channel.receive()):
                channel.framing = self.framing
                self._answer(channel, request)
        finally:
            with self._lock:
                self._open.discard(secured)
            secured.close()

    def _spoil_handshake(self, connection: socket.socket, handshake: str) -> None:
        if handshake == "plain":
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        elif handshake == "hang":
            while connection.recv(4096):
                pass
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    def _answer(self, channel: Channel, request: HttpRequest) -> None:
        if request.method == "GET" and request.path == "/stats":
            statistics = {"connections": self.connections, "requests": self.requests, "commands": self.counts}
            channel.reply(json.dumps(statistics).encode(), kind="application/json")
            return
        form = read_form(request.body)
        if request.method != "POST" or form is None:
            channel.reply(b"", "405 Method Not Allowed" if request.method != "POST" else "400 Bad Request")
            return
        fault = self._receive(form, request, channel.number)
        if self.latency:
            self._stopping.wait(self.latency)
        spared = fault and not fault.applied and form.get("command") in WRITES
        body = Answer().encode() if spared else self._body(form)
        if fault:
            try:
                FAULTS[fault.kind][0](Scene(channel, request, body, fault))
            finally:
                with self._struck:
                    self._strikes += 1
                    self._struck.notify_all()
        else:
            channel.reply(body, extra=self.extra_headers)

    def _receive(self, form: dict[str, str], request: HttpRequest, connection: int) -> Fault | None:
        command = form.get("command", "")
        received = Received(command, form, request.body, request.path, request.headers, connection)
        with self._lock:
            self.counts[command] += 1
            fault = next((fault for fault in self._faults if fault.strikes(command)), None)
            if self.keep_log:
                self.log.append(replace(received, fault=fault.kind) if fault else received)
        return fault

    def _body(self, form: dict[str, str]) -> bytes:
        answer = self.store.answer(form)
        if form.get("command") != "list":
            return answer.encode(self.line_end, self.blank_lines)
        # The store gives the same object for the same list, so that a long one is encoded once.
        key = id(answer)
        if key not in self._lists:
            self._lists = {key: answer.encode(self.line_end, self.blank_lines)}
            self._kept = answer
        return self._lists[key]


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # SSLSocket.shutdown() would forget the TLS state while the other thread reads with it.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)

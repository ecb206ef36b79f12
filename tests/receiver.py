"""A receiver of webhooks: a real HTTPS server, which answers as a test says and keeps what it gets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from standardwebhooks import Webhook as Verifier

from tests.faulty_registry.certificates import server_context


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified_with(self, secret: str) -> Any:
        """The payload, if the signature is good. Raises WebhookVerificationError."""
        return Verifier(secret).verify(self.body, self.headers)

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.headers["webhook-id"]


class Receiver(ThreadingHTTPServer):
    """Answers with `statuses` in turn, and then with 204; sends `extra` before the end of the headers, and `tail`."""

    daemon_threads = True

    def __init__(self, certificate: str = "good") -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.socket = server_context(certificate).wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.tail = b""
        self.got: list[Got] = []
        self.hangs = threading.Event()
        self.ends = threading.Event()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"https://localhost:{self.server_address[1]}/told?from=e164web"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is what some tests are about."""


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver = cast("Receiver", self.server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        named = {name.lower(): value for name, value in self.headers.items()}
        receiver.got.append(Got(self.path, named, body))
        if receiver.hangs.is_set():
            receiver.ends.wait(60)
        self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.tail)))
        self.end_headers()
        self.wfile.write(receiver.tail)

    def log_message(self, *_anything: object) -> None:
        """Nothing."""


@contextmanager
def receiving(certificate: str = "good") -> Iterator[Receiver]:
    """A receiver that runs meanwhile."""
    with Receiver(certificate) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.ends.set()
        receiver.shutdown()

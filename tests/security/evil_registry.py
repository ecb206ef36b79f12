"""A registry with a good certificate and bad intentions: it answers each command with whatever bytes it is given."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from tests.faulty_registry.certificates import ca_path, server_context
from tests.faulty_registry.channel import Channel, HttpRequest
from tests.faulty_registry.store import read_form

OK = b"version=1\r\nresponse=OK\r\n\r\n"
END = b".\r\n"


def ok(*rows: bytes) -> bytes:
    """A sound reply with these rows of data."""
    return OK + b"".join(row + b"\r\n" for row in rows) + END


class EvilRegistry:
    """A server on a loopback port, as a context manager. `answers` holds the body of the reply to each command."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = {"ping": ok(), "myip": ok(b"127.0.0.1"), "listservices": ok(b"SIP,IAX2")} | answers
        self.headers = ""  # further ones of each reply; each ends with CRLF
        self.status = "200 OK"
        self.received: list[HttpRequest] = []
        self.ca_path = ca_path()
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """The address that takes commands."""
        return f"https://127.0.0.1:{self.port}/api"

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # Whoever is spoken to may go away at any time.
        with (
            contextlib.suppress(OSError, ValueError),
            server_context("good").wrap_socket(connection, server_side=True) as secured,
        ):
            channel = Channel(secured, self._stopping, 0)
            while request := channel.receive():
                self.received.append(request)
                self._answer(channel, request)

    def _answer(self, channel: Channel, request: HttpRequest) -> None:
        command = (read_form(request.body) or {}).get("command", "")
        channel.reply(self.answers.get(command, ok()), self.status, extra=self.headers)

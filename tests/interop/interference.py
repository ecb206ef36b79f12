"""What lies between us and a real server: it passes messages on, and can be told to do harm on the way."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from dashboard.nameservers import Address
from tests.nameservers.faulty_server import FaultyServer, framed

LIMIT = 30  # seconds; only a server that hangs takes so long
OPCODE, UPDATE = 0x78, 0x28  # of the third octet of a message

Event = Callable[[int], None]  # gets how many messages came over TCP before this one


def is_update(message: bytes) -> bool:
    """Whether a message changes the zone."""
    return message[2] & OPCODE == UPDATE


def ignore(_number: int) -> None:
    """Nothing happens."""


class Relay(FaultyServer):
    """Passes everything on to `server`. `before` is called with the number of a message over TCP that has come in,
    `after` when the server has answered it, and the answer waits here.
    """

    def __init__(self, server: Address, before: Event = ignore, after: Event = ignore) -> None:
        super().__init__(self._datagram, self._message)
        self.server = server
        self.before, self.after = before, after
        self.messages: list[bytes] = []

    def _datagram(self, query: bytes, _asker: tuple[Any, ...]) -> list[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
            onward.settimeout(LIMIT)
            onward.connect((self.server.host, self.server.port))
            onward.send(query)
            with suppress(OSError):
                return [onward.recv(65_535)]
        return []

    def _message(self, query: bytes, connection: socket.socket) -> None:
        number = len(self.messages)
        self.messages.append(query)
        self.before(number)
        with socket.create_connection((self.server.host, self.server.port), LIMIT) as onward:
            onward.sendall(framed(query))
            # The server closes when we do; all that it says until then is the answer.
            first = onward.recv(65_535)
            self.after(number)
            connection.sendall(first)
            onward.shutdown(socket.SHUT_WR)
            while more := onward.recv(65_535):
                connection.sendall(more)

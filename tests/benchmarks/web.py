"""HTTP/1.1 on a plain socket, kept alive: a browser that costs next to nothing."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
RECEIVE = 256 * 1024
TIMEOUT = 60.0  # seconds without a byte


class BrokenReplyError(Exception):
    """The server ended the connection, or sent a reply whose length is not known."""


@dataclass(frozen=True)
class Page:
    """What came back: the HTTP status, the body, and the size of the whole reply in bytes."""

    status: int
    body: bytes
    size: int


def get(path: str, headers: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The bytes of a GET request, as a browser or a program without compression would send it."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{''.join(lines)}\r\n".encode()


def post(path: str, body: str, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a POST request with a form."""
    lines = [f"{name}: {value}\r\n" for name, value in (headers or {}).items()]
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{''.join(lines)}{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def reply_size(data: bytes | bytearray) -> int | None:
    """How many bytes the reply that begins in `data` will have, None before its head is complete."""
    end = data.find(HEAD_END)
    if end < 0:
        return None
    head = bytes(data[:end]).lower()
    place = head.find(LENGTH)
    if place < 0:
        raise BrokenReplyError("no Content-Length")
    return end + len(HEAD_END) + int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0])


def status_of(data: bytes | bytearray) -> int:
    """The HTTP status of the reply that begins in `data`."""
    return int(data[9:12])


class Connection:
    """One kept-alive connection to 127.0.0.1, as a context manager."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fetch(self, request: bytes) -> Page:
        """Send a request and read its reply to the end. Raises BrokenReplyError and OSError."""
        self._socket.sendall(request)
        data = bytearray()
        size: int | None = None
        while size is None or len(data) < size:
            chunk = self._socket.recv(RECEIVE)
            if not chunk:
                raise BrokenReplyError("the connection ended")
            data += chunk
            size = reply_size(data) if size is None else size
        return Page(status=status_of(data), body=bytes(data[data.find(HEAD_END) + len(HEAD_END) :]), size=size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

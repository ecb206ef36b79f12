"""One connection of a client: HTTP/1.1 parsed by hand, which is cheap and lets every fault through."""

import socket
import ssl
import struct
import threading
from dataclasses import dataclass

RECEIVE = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: close() sends RST instead of FIN


@dataclass(frozen=True)
class HttpRequest:
    """A request as it was received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Channel:
    """A TLS connection and the replies that can be sent on it."""

    def __init__(self, connection: ssl.SSLSocket, stopping: threading.Event, number: int) -> None:
        self.connection = connection
        self.stopping = stopping
        self.number = number
        self.framing = "length"
        self.open = True
        self._received = b""

    def receive(self) -> HttpRequest | None:
        """The next request, or None at the end of the connection."""
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            if not self._more():
                return None
        first, *lines = self._received[:end].decode("latin-1").split("\r\n")
        self._received = self._received[end + 4 :]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(self._received) < length:
            if not self._more():
                return None
        body, self._received = self._received[:length], self._received[length:]
        method, path, _ = first.split(" ", 2)
        return HttpRequest(method, path, headers, body)

    def _more(self) -> bool:
        data = self.connection.recv(RECEIVE)
        self._received += data
        return bool(data)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)

    def reply(self, body: bytes, status: str = "200 OK", kind: str = "text/plain", extra: str = "") -> None:
        """Send a whole HTTP reply, framed as `framing` says."""
        self.send(self.frame(body, status, kind, extra))
        if self.framing == "close":
            self.close()

    def frame(self, body: bytes, status: str = "200 OK", kind: str = "text/plain", extra: str = "") -> bytes:
        """An HTTP reply's bytes."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n{extra}"
        if self.framing == "chunked":
            half = len(body) // 2
            pieces = [piece for piece in (body[:half], body[half:]) if piece]
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
            return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"
        if self.framing == "close":
            return f"{head.replace('HTTP/1.1', 'HTTP/1.0')}\r\n".encode() + body
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def drip(self, data: bytes, seconds: float) -> None:
        """Send one byte at a time, until the other side or the registry gives up."""
        for position in range(len(data)):
            self.send(data[position : position + 1])
            if self.stopping.wait(seconds):
                return

    def hang(self) -> None:
        """Say nothing until the other side or the registry gives up."""
        while self.connection.recv(RECEIVE):
            pass
        self.close()

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.open = False
        self.connection.close()

"""Carries DNS questions out of a room with a network of its own: a Unix socket is a file, which both sides see."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.nameservers import Address
from tests.interop.process import LIMIT

LONGEST = 65_535  # octets of a DNS message
Ask = Callable[[bytes], bytes]


@contextmanager
def to(server: Address, path: Path) -> Iterator[None]:
    """Outside: pass what arrives at `path` on to a name server over UDP, as long as the block lasts."""

    def ask(question: bytes) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(LIMIT)
            asking.connect((server.host, server.port))
            asking.send(question)
            return asking.recv(LONGEST)

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=_serve, args=(listener, ask), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # a blocked accept() does not notice close()
            thread.join(LIMIT)


@contextmanager
def at(path: Path, listen: tuple[str, int]) -> Iterator[None]:
    """Inside: answer DNS questions over UDP with what comes back through `path`, as long as the process lasts."""
    asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asked.bind(listen)

    def answer() -> None:
        while True:
            question, who = asked.recvfrom(LONGEST)
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as outside:
                outside.connect(str(path))
                outside.send(question)
                asked.sendto(outside.recv(LONGEST), who)

    threading.Thread(target=answer, daemon=True).start()
    yield


def _serve(listener: socket.socket, ask: Ask) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        # A question that the server does not answer stays unanswered, as it would without a passage.
        with connection, contextlib.suppress(TimeoutError):
            connection.send(ask(connection.recv(LONGEST)))

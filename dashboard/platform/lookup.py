"""The addresses of a host's name, waited for no longer than there is time."""

import contextlib
import ipaddress
import queue
import socket
import threading
from typing import Any

Found = tuple[int, int, int, tuple[Any, ...]]  # family, kind, protocol, address; its shape depends on the family


def lookup(host: str, port: int | None, timeout: float | None) -> list[Found]:
    """The addresses for TCP, in the system's order, within `timeout` seconds (None: however long it takes).

    Raises socket.gaierror, also when the answer takes too long.
    """
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return _ask(host, port)
    answers: queue.SimpleQueue[list[Found] | socket.gaierror] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(_ask(host, port))
        except socket.gaierror as error:
            answers.put(error)

    # getaddrinfo() knows no timeout. Its thread is given up, not stopped; it ends when the resolver does.
    threading.Thread(target=ask, name="host-name", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except queue.Empty:
        answer = socket.gaierror(socket.EAI_AGAIN, "the name service did not answer in time")
    if isinstance(answer, socket.gaierror):
        raise answer
    return answer


def _ask(host: str, port: int | None) -> list[Found]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise
    except (OSError, UnicodeError) as error:
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
    return [(family, kind, protocol, address) for family, kind, protocol, _, address in found]

"""The TCP port of the server: whether it can be had, and keeping it."""

import errno
import socket

MAX_PORT = 65_535  # TCP


class PortRefused(Exception):
    """The server cannot listen there. Its text is one sentence that says why, and what to do."""


def take(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket that has the port and does not listen. Raises PortRefused.

    As long as it is open nobody else can have the port; `shared`: but other sockets of this user with SO_REUSEPORT.
    """
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        taken = socket.socket(family, kind, protocol)
        try:
            # As gunicorn does: connections of an earlier run that are still closing are no hindrance.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            taken.bind(place)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        raise PortRefused(_why(error, host, port)) from error
    return taken


def _why(error: OSError, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < MAX_PORT else port - 1
        return f"Port {port} at {host} is in use: stop the other program, or set E164WEB_BIND={shown}:{other}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has: set E164WEB_BIND={shown}:8000"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}: set E164WEB_BIND=127.0.0.1:{port}"
    return f"Port {port} at {host} cannot be used: {error.strerror}. Set E164WEB_BIND to another address."

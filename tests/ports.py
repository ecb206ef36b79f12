"""Loopback ports for the servers that tests start."""

import errno
import random
import socket

HOST = "127.0.0.1"
# Below those that a Linux kernel gives to clients, so that no connection of another test takes one meanwhile.
PORTS = range(16_384, 32_768)
PROBES = [
    (socket.AF_INET, socket.SOCK_STREAM, HOST),
    (socket.AF_INET, socket.SOCK_DGRAM, HOST),
    (socket.AF_INET6, socket.SOCK_STREAM, "::1"),
]


def free_port() -> int:
    """A port of loopback that nobody listens at, neither for TCP (IPv4 and IPv6) nor for UDP."""
    while True:
        port = random.choice(PORTS)  # noqa: S311 - any will do
        if not any(_is_taken(family, kind, host, port) for family, kind, host in PROBES):
            return port


def _is_taken(family: socket.AddressFamily, kind: socket.SocketKind, host: str, port: int) -> bool:
    try:
        with socket.socket(family, kind) as probe:
            probe.bind((host, port))
    except OSError as error:
        return error.errno == errno.EADDRINUSE  # a machine without IPv6 says something else
    return False

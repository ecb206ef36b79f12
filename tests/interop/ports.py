"""Loopback ports for name servers, which listen for UDP and TCP at the same number."""

import socket

HOST = "127.0.0.1"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at, neither for UDP nor for TCP."""
    while True:
        with socket.socket() as stream:
            stream.bind((HOST, 0))
            port = int(stream.getsockname()[1])
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                try:
                    datagrams.bind((HOST, port))
                except OSError:
                    continue
                return port

"""A name server that does whatever a test wants with a question: it makes the faults that real ones do not make."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

import dns.message
import dns.rrset
from dns.rdata import Rdata

from dashboard.nameservers import Address, Key
from tests.ports import HOST, free_port

OnUdp = Callable[[bytes, tuple[Any, ...]], Iterable[bytes]]
OnTcp = Callable[[bytes, socket.socket], None]

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: close() sends RST instead of FIN


def silent(_query: bytes, _asker: object) -> list[bytes]:
    """Answer no datagram."""
    return []


def close(_query: bytes, _connection: socket.socket) -> None:
    """Close the connection without a word."""


def reset(_query: bytes, connection: socket.socket) -> None:
    """Tear the connection down."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def hang(_query: bytes, connection: socket.socket) -> None:
    """Say nothing until the other side has had enough."""
    connection.recv(1)


def says(*messages: bytes) -> OnTcp:
    """Send these messages, each after its length, and close."""

    def answer(_query: bytes, connection: socket.socket) -> None:
        for message in messages:
            connection.sendall(framed(message))

    return answer


def framed(message: bytes) -> bytes:
    """A message as TCP carries it."""
    return struct.pack("!H", len(message)) + message


class FaultyServer:
    """One server at one port, for UDP and TCP; `queries` is what it has heard, in order.

    `on_udp` gets a datagram and its sender and gives the datagrams to send back; `on_tcp` gets a message and its
    connection, which is closed afterwards.
    """

    def __init__(self, on_udp: OnUdp = silent, on_tcp: OnTcp = close, host: str = HOST) -> None:
        self.queries: list[tuple[str, bytes]] = []
        self.address = Address(host, free_port())
        place = (host, self.address.port)
        queries = self.queries

        class Datagrams(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                query, connection = self.request
                queries.append(("udp", query))
                for reply in on_udp(query, self.client_address):
                    connection.sendto(reply, self.client_address)

        class Streams(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = self.rfile.read(2)
                if len(head) == 2:
                    query = self.rfile.read(*struct.unpack("!H", head))
                    queries.append(("tcp", query))
                    on_tcp(query, self.connection)

        self._servers = (_Udp[host](place, Datagrams), _Tcp[host](place, Streams))
        self._threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in self._servers]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


class _Tcp4(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """The client may go at any time."""

    def shutdown_request(self, request: Any) -> None:
        # socketserver would send FIN first, and a torn connection would end in order.
        self.close_request(request)


class _Tcp6(_Tcp4):
    address_family = socket.AF_INET6


class _Udp4(socketserver.ThreadingUDPServer):
    daemon_threads = True
    max_packet_size = 65535

    def handle_error(self, request: object, client_address: object) -> None:
        """The client may go at any time."""


class _Udp6(_Udp4):
    address_family = socket.AF_INET6


_Tcp = {HOST: _Tcp4, "::1": _Tcp6}
_Udp = {HOST: _Udp4, "::1": _Udp6}


def response(query: bytes, *rdatas: Rdata, key: Key | None = None) -> dns.message.Message:
    """A sound answer with these records at the name asked for, to be spoilt; with a key it gets signed.

    The signature of the question is checked: a wrong one raises what dnspython raises.
    """
    question = dns.message.from_wire(query, keyring=key.as_dnspython() if key else False)
    reply = dns.message.make_response(question)
    if rdatas:
        reply.answer.append(dns.rrset.from_rdata_list(question.question[0].name, 300, rdatas))
    return reply

"""Sockets to name servers, none of which waits beyond a deadline; and what their faults are called."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import dns.exception

from dashboard.enum.problems import gettext_noop
from dashboard.nameservers.addresses import Address
from dashboard.nameservers.problems import Unreachable
from dashboard.platform.lookup import lookup

Endpoint = tuple[int, tuple[Any, ...]]  # a family, and the address in that family's shape

CHUNK = 65536
GARBLED = (dns.exception.DNSException, struct.error, IndexError, ValueError)  # from octets that are no message


class Deadline:
    """A point in time after which nobody waits."""

    def __init__(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.ends = self.began + seconds

    def left(self, share: float = 1) -> float:
        """Seconds that are left, or a share of them. Raises TimeoutError when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left * share

    def part(self, share: float) -> "Deadline":
        """A deadline after this share of what is left."""
        return Deadline(self.left(share))

    def took_ms(self) -> float:
        """Milliseconds since the clock was started."""
        return (time.monotonic() - self.began) * 1000


@contextlib.contextmanager
def named(server: Address) -> Iterator[None]:
    """Turn every fault of the network, and of what came from it, into Unreachable."""
    try:
        yield
    except TimeoutError:
        raise Unreachable(server, "timeout", gettext_noop("%(server)s did not answer in time.")) from None
    except ConnectionRefusedError:
        message = gettext_noop("Nothing listens at %(server)s: it refused the connection.")
        raise Unreachable(server, "connection-refused", message) from None
    except (ConnectionError, EOFError):
        message = gettext_noop("%(server)s broke off the connection.")
        raise Unreachable(server, "broken-off", message) from None
    except socket.gaierror:
        raise Unreachable(server, "no-address", gettext_noop("No address is known for %(server)s.")) from None
    except OSError as error:
        message = gettext_noop("There is no way to %(server)s: %(reason)s.")
        raise Unreachable(server, "no-way", message, {"reason": error.strerror or str(error)}) from None
    except GARBLED:
        message = gettext_noop("What %(server)s sent is no answer to the question.")
        raise Unreachable(server, "garbage", message) from None


def endpoints(server: Address, deadline: Deadline) -> list[Endpoint]:
    """The addresses of a server, in the system's order. Raises socket.gaierror."""
    return [(family, address) for family, _, _, address in lookup(server.host, server.port, deadline.left())]


class Stream:
    """A TCP connection that carries DNS messages, each after its length (RFC 1035 s4.2.2)."""

    def __init__(self, endpoint: Endpoint, deadline: Deadline) -> None:
        """Connect. Raises OSError."""
        family, address = endpoint
        self.deadline = deadline
        self.received = bytearray()
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.settimeout(deadline.left())
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, message: bytes) -> None:
        """Send a message. Raises OSError."""
        unsent = memoryview(struct.pack("!H", len(message)) + message)
        while unsent:
            self.socket.settimeout(self.deadline.left())
            unsent = unsent[self.socket.send(unsent) :]

    def receive(self) -> bytes:
        """Wait for the next message. Raises OSError, EOFError."""
        (length,) = struct.unpack("!H", self._octets(2))
        return self._octets(length)

    def _octets(self, count: int) -> bytes:
        while len(self.received) < count:
            self.socket.settimeout(self.deadline.left())
            chunk = self.socket.recv(CHUNK)
            if not chunk:
                raise EOFError
            self.received += chunk
        octets = bytes(self.received[:count])
        del self.received[:count]
        return octets


def connect(server: Address, deadline: Deadline) -> Stream:
    """A connection to the first address of the server that takes one. Raises OSError."""
    failure: OSError = socket.gaierror(socket.EAI_NONAME, server.host)
    found = endpoints(server, deadline)
    for number, endpoint in enumerate(found):
        try:
            # An address that swallows everything must leave time for the next one.
            stream = Stream(endpoint, deadline.part(1 / (len(found) - number)))
        except OSError as error:
            failure = error
            continue
        stream.deadline = deadline
        return stream
    raise failure

"""Connections to registries: kept alive, checked, and never waited for beyond a deadline.

Strategy: requests' adapter and urllib3's pool do the HTTP. A socket's own timeout starts anew with every byte, so a
total deadline needs a socket that looks at the clock before each operation. That is `_Socket`, which the TLS context
makes in place of `ssl.SSLSocket`. The deadline itself is in `ongoing`, one for each thread: a connection goes from
thread to thread, a call does not.
"""

import functools
import logging
import os
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import BaseHTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

from dashboard.platform.lookup import lookup

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

POOLS = 64  # registries to which connections are kept; more work as well, only slower
POOL_SIZE = 64  # idle connections kept for each; above the threads of a worker, so that none is thrown away

Address = tuple[Any, ...]  # what getaddrinfo() gives and connect() takes; its shape depends on the family


class CaBundleError(OSError):
    """The bundle of certificates to trust cannot be read."""


class OngoingCall(threading.local):
    """The call that this thread is making.

    `ends` is on the clock of `time.monotonic()`, None between calls. `sent` is whether any byte of the command
    may have gone out, and `fault` what kept it from going.
    """

    ends: float | None = None
    connect_timeout: float = 0
    sent: bool = False
    fault: OSError | None = None

    def begin(self, ends: float, connect_timeout: float) -> None:
        """Start the clock."""
        self.ends, self.connect_timeout, self.sent, self.fault = ends, connect_timeout, False, None

    def end(self) -> None:
        """Stop the clock; what is known about the call stays."""
        self.ends = None

    def left(self) -> float | None:
        """Seconds until the deadline, None without one. Raises TimeoutError when there are none."""
        if self.ends is None:
            return None
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def left_to_connect(self) -> float | None:
        """Seconds that one step of connecting may take. Raises TimeoutError when there are none."""
        left = self.left()
        return left if left is None else min(left, self.connect_timeout)


ongoing: Final = OngoingCall()


class _Socket(ssl.SSLSocket):
    """A TLS socket that holds the deadline of the thread that uses it."""

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(ongoing.left_to_connect())
        super().do_handshake(block)

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        self.settimeout(ongoing.left())
        ongoing.sent = True
        return super().send(data, flags)

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(ongoing.left())
        return super().recv_into(buffer, nbytes, flags)


class VerifiedConnection(HTTPSConnection):
    """Looks the name up and connects within the deadline, and remembers why it could not."""

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            ongoing.fault = error
            raise

    def _new_conn(self) -> socket.socket:
        failure = OSError("the name has no address")
        for family, kind, protocol, address in lookup(self.host, self.port, ongoing.left_to_connect()):
            try:
                return connected(family, kind, protocol, address)
            except OSError as error:
                failure = error
        raise failure

    @property
    def isconnected(self) -> bool:
        # Bytes that nobody asked for would pass for the reply to the next command.
        return super().is_connected and not (isinstance(self.sock, _Socket) and self.sock.pending())


def connected(family: int, kind: int, protocol: int, address: Address) -> socket.socket:
    """A socket that is connected within the time of the ongoing call. Raises OSError."""
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(ongoing.left_to_connect())
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


class _Pool(HTTPSConnectionPool):
    ConnectionCls = VerifiedConnection


class Transport(HTTPAdapter):
    """requests' adapter for https:// alone, with our sockets and our certificates, and without cookies."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        """Make the pools. There is none for http://, so nothing can be sent in the clear."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: object = None
    ) -> tuple[Any, Any]:
        """A registry's pool. `verify` is the path of its bundle; a new bundle makes a new pool."""
        parts = urlsplit(request.url or "")
        context = tls_context(verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH)
        return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}, {"ssl_context": context}

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Nothing: the context checks. requests would add its own bundle to what the context trusts."""

    def build_response(self, req: PreparedRequest, resp: BaseHTTPResponse) -> Response:
        """The response without what nobody reads: cookies belong to no call but the one that brought them."""
        response = Response()
        response.status_code = resp.status
        response.headers.update(resp.headers)
        response.raw = resp
        return response


def tls_context(bundle: str) -> ssl.SSLContext:
    """TLS settings that trust the certificates of a PEM file, or of a folder of them, and no others.

    Made once, and again when the file changes. Raises CaBundleError.
    """
    try:
        state = Path(bundle).stat()
        # Two threads at once would make two, and with them two pools.
        with adapters.lock:
            return _tls_context(bundle, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise CaBundleError(str(error)) from None


@functools.lru_cache(maxsize=POOLS)
def _tls_context(bundle: str, _changed: int, _size: int) -> ssl.SSLContext:
    # Neither ssl.create_default_context() nor urllib3's: both read files that the environment names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Socket
    if Path(bundle).is_dir():
        context.load_verify_locations(capath=bundle)
    else:
        context.load_verify_locations(cafile=bundle)
    return context


class _Adapters:
    """The adapters of this process. The one for https:// is made when it is first needed, so never before a fork."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mounted: dict[str, BaseAdapter] = {}
        self.https: Transport | None = None

    def find(self, url: str) -> BaseAdapter | None:
        """The adapter for an address, None where no address of that kind is allowed. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            return next((found for prefix, found in self.mounted.items() if url.lower().startswith(prefix)), None)
        # requests would make a second credential of "user:password@".
        return self.https_transport() if parts.hostname and "@" not in parts.netloc else None

    def is_ours(self, adapter: BaseAdapter) -> bool:
        """Whether the adapter uses our sockets, which know what was sent."""
        return adapter is self.https

    def https_transport(self) -> Transport:
        """The one for https://, made where there is none yet."""
        if self.https is None:
            with self.lock:
                self.https = self.https or Transport(pool_connections=POOLS, pool_maxsize=POOL_SIZE)
        return self.https

    def forget(self) -> None:
        """Begin anew in a child process: two processes must not speak on one connection."""
        self.lock, self.https = threading.Lock(), None


adapters: Final = _Adapters()
os.register_at_fork(after_in_child=adapters.forget)


def mount(prefix: str, adapter: BaseAdapter) -> None:
    """Answer addresses that begin with `prefix`, such as "embedded://", through `adapter`.

    It gets the same requests as a registry elsewhere, and its responses need `raw`, a file of bytes. What it raises,
    also while `raw` is read, must be a `requests.RequestException` or another OSError.
    """
    adapters.mounted[prefix.lower()] = adapter


def transport() -> Transport:
    """The adapter for https:// of this process."""
    return adapters.https_transport()


def reset() -> None:
    """Close the idle connections. The next call opens new ones."""
    if adapters.https is not None:
        adapters.https.close()


def _is_not_ours(record: logging.LogRecord) -> bool:
    # urllib3 quotes malformed headers in a warning, and a header may echo the secret.
    del record
    return ongoing.ends is None


logging.getLogger("urllib3.connection").addFilter(_is_not_ours)

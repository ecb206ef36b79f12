"""Messages to addresses that people wrote: sent once, to a public address, and nothing read but the status.

Whoever writes the address must not reach what only this machine reaches. The name is looked up once, each address
that it has is judged, and the connection is made to exactly the one that passed; the certificate is still that of the
name. Redirects, proxies, and passwords that the environment names do not exist here.
"""

import contextlib
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from socket import gaierror, socket
from typing import Any
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from dashboard.client.attempt import VERSION
from dashboard.client.transport import CaBundleError, VerifiedConnection, connected, ongoing, tls_context
from dashboard.platform.lookup import lookup
from dashboard.platform.public import Network, is_reachable

CONNECT_TIMEOUT = 5.0  # seconds
DEADLINE = 10.0  # seconds for all of it
_FAILURES = (HTTPError, HTTPException, OSError, ValueError)

# The first that fits says what went wrong.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (CaBundleError, "ca-bundle"),
    (gaierror, "dns"),
    (ssl.SSLCertVerificationError, "certificate"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "tls"),
    (ConnectionError, "connect"),
    (Exception, "broken"),
)


class WebhookFailure(Exception):
    """No HTTP status came back. `code` says why: "address" (not one that may be spoken to), "dns", "certificate",
    "tls", "ca-bundle", "connect", "timeout" or "broken".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Forbidden(OSError):
    """The name has no address that may be spoken to."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far messages may go: `allowed` networks besides what is public, and a `ca_bundle` in place of the public
    authorities.
    """

    allowed: Collection[Network] = ()
    ca_bundle: str = ""


class _Connection(VerifiedConnection):
    """Connects only to addresses that may be spoken to, which are looked up for this connection and no other."""

    def __init__(self, *args: Any, allowed: Collection[Network], **kwargs: Any) -> None:  # noqa: ANN401 -- urllib3's
        super().__init__(*args, **kwargs)
        self.allowed = allowed

    def _new_conn(self) -> socket:
        failure: OSError = _Forbidden("the name has no address that may be spoken to")
        for family, kind, protocol, address in lookup(self.host, self.port, ongoing.left_to_connect()):
            if not is_reachable(address[0], self.allowed):
                continue
            try:
                return connected(family, kind, protocol, address)
            except OSError as error:
                failure = error
        raise failure


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    """Send a message, and return the HTTP status of the answer, whatever it is. Raises WebhookFailure."""
    ongoing.begin(time.monotonic() + DEADLINE, CONNECT_TIMEOUT)
    try:
        return _post(url, body, headers, reach)
    except _FAILURES as error:
        code = _code(ongoing.fault or error)
    finally:
        ongoing.end()
    # Outside, so that no exception of a library, which holds the request, becomes its context.
    raise WebhookFailure(code)


def _post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise _Forbidden(url)
    context = tls_context(reach.ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    pool = _Pool(parts.hostname, parts.port, ssl_context=context, allowed=reach.allowed, maxsize=1)
    try:
        # Not one byte of the answer's body is read: the connection ends with its headers, which http.client bounds.
        response = pool.urlopen(
            "POST",
            path,
            body=body,
            headers={**headers, "User-Agent": f"e164web/{VERSION}", "Accept-Encoding": "identity"},
            redirect=False,
            retries=False,
            timeout=None,
            preload_content=False,
            decode_content=False,
        )
        status = response.status
        with contextlib.suppress(*_FAILURES):
            response.close()
        return status
    finally:
        pool.close()


def _code(error: Exception) -> str:
    if isinstance(error, _Forbidden):
        return "address"
    if time.monotonic() >= (ongoing.ends or float("inf")):
        return "timeout"
    return next(code for kind, code in _CODES if isinstance(error, kind))

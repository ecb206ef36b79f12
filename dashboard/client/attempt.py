"""One request, its reply, and the name of what went wrong between them."""

import contextlib
import io
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, IncompleteRead
from socket import gaierror
from typing import TypeVar
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from urllib3.exceptions import HTTPError

from dashboard.client.errors import SENTENCES, NotSent, Refused, RegistryError, ReplyLost
from dashboard.client.transport import CaBundleError, adapters, ongoing
from dashboard.client.wire import LONGEST_SECRET, Exchange, excerpt, redact, redact_text
from dashboard.protocol import (
    Command,
    RemoteProtocolError,
    Reply,
    Request,
    decode_reply,
    encode_request,
)

VERSION = "0.1.0"
WIRE_LIMIT = 16 * 1024  # bytes of a reply that an Exchange shows
CHUNK = 64 * 1024  # bytes read at a time
MAX_QUOTE = 200  # characters of somebody else's text in a sentence
MAX_DETAIL = 500  # the same, in the log

_HEADERS = {
    "User-Agent": f"e164web/{VERSION}",
    "Accept": "text/plain, */*",
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
}

# All that requests, urllib3, http.client and ssl raise for what a peer does. OSError covers RequestException;
# ValueError is what they raise for some malformed addresses and numbers.
_FAILURES = (RequestException, HTTPError, HTTPException, OSError, ValueError)

# Why nothing was sent, by the class of the failure: the first that fits.
_UNSENT: tuple[tuple[type[Exception], str], ...] = (
    (CaBundleError, "ca-bundle"),
    (gaierror, "dns"),
    (ssl.SSLCertVerificationError, "certificate"),
    (TimeoutError, "connect-timeout"),
    (ssl.SSLError, "tls"),
    (ValueError, "address"),
    (Exception, "connect"),
)

logger = logging.getLogger(__name__)
T = TypeVar("T")
E = TypeVar("E", NotSent, ReplyLost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where commands go and in whose name: the arguments of `Client`, which explains them."""

    url: str
    username: str
    secret: str = field(repr=False)
    ca_bundle: str
    connect_timeout: float
    reply_limit: int
    record: Callable[[Exchange], None] | None

    @property
    def host(self) -> str:
        """The registry's name for sentences."""
        try:
            return urlsplit(self.url).hostname or self.url
        except ValueError:
            return self.url


class Attempt:
    """One request and what became of it. `ends` is on the clock of `time.monotonic()`."""

    def __init__(self, endpoint: Endpoint, command: Command, ends: float) -> None:
        self.endpoint = endpoint
        self.command = command
        self.ends = ends
        self.request: PreparedRequest | None = None
        self.status: int | None = None
        self.seen = b""  # the beginning of the reply
        self.size = 0  # bytes of the reply that were read
        self.started_at = datetime.now(UTC)
        self.elapsed_ms = 0.0

    def make(self, read: Callable[[Reply], T]) -> T | RegistryError:
        """Send the command once. Returns what `read` makes of the reply, or the error.

        The error is returned so that it is raised where no exception of requests is being handled: those hold the
        request, and so the secret, and would become its context.
        """
        self.started_at, began = datetime.now(UTC), time.perf_counter()
        result = self._result(read)
        self.elapsed_ms = (time.perf_counter() - began) * 1000
        return result

    def keep(self, result: object) -> None:
        """Log and record what `make` returned."""
        error = result if isinstance(result, RegistryError) else None
        if error is not None and not isinstance(error, Refused):
            logger.warning("%s", error.log_message)
        if self.endpoint.record is not None:
            self._record(self.endpoint.record, error)

    def _result(self, read: Callable[[Reply], T]) -> T | RegistryError:
        ongoing.begin(self.ends, self.endpoint.connect_timeout)
        try:
            data = self._fetch()
        except RegistryError as error:
            return error
        except _FAILURES as error:
            return self._unsent(error) if not ongoing.sent else self._broken(error)
        finally:
            ongoing.end()
        try:
            reply = decode_reply(data)
            del data  # a long reply is not kept beside its text
            return read(reply) if reply.ok else self._refused(reply)
        except RemoteProtocolError as error:
            return self._misunderstood(error)

    def _fetch(self) -> bytes:
        """The body of the reply, redacted. Raises RegistryError or one of _FAILURES."""
        adapter = adapters.find(self.endpoint.url)
        if adapter is None:
            raise self._error(NotSent, "address", url=self.endpoint.url[:MAX_QUOTE])
        self.request = PreparedRequest()
        self.request.prepare(method="POST", url=self.endpoint.url, headers=_HEADERS)
        self.request.body = encode_request(Request(self.command, self.endpoint.username, self.endpoint.secret))
        self.request.headers["Content-Length"] = str(len(self.request.body))
        # No timeout is given: our sockets keep their own, and a mounted adapter has no socket. It also cannot tell
        # whether a failure came before or after the command took effect.
        ongoing.sent = not adapters.is_ours(adapter)
        response = adapter.send(self.request, stream=True, verify=self.endpoint.ca_bundle or True)
        try:
            self._check(response)
            return redact(self._body(response, self.endpoint.reply_limit), self.endpoint.secret.encode())
        finally:
            response.close()

    def _check(self, response: Response) -> None:
        """Raise ReplyLost for a response that is no reply, whatever its body says."""
        self.status = response.status_code
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        if self.status == 200 and encoding in {"", "identity"}:
            return
        # The body is read for the wire view alone.
        with contextlib.suppress(ReplyLost, *_FAILURES):
            self._body(response, WIRE_LIMIT)
        if self.status == 200:
            raise self._error(ReplyLost, "encoded", encoding)
        if 300 <= self.status < 400 and (location := response.headers.get("Location")):
            raise self._error(ReplyLost, "redirect", location=self._quote(location))
        code = "unavailable" if self.status >= 500 else "status"
        raise self._error(ReplyLost, code, status=self.status)

    def _body(self, response: Response, limit: int) -> bytes:
        """The body as it came, never decompressed. Raises ReplyLost when it is longer than `limit` bytes."""
        # BytesIO gives its buffer away without a copy, where joining chunks would hold a long reply twice.
        buffer = io.BytesIO()
        try:
            while chunk := response.raw.read(CHUNK):
                buffer.write(chunk)
                if buffer.tell() > limit:
                    raise self._error(ReplyLost, "too-large", limit=limit)
        finally:
            self.size = buffer.tell()
            self.seen = bytes(buffer.getbuffer()[: WIRE_LIMIT + LONGEST_SECRET])
        return buffer.getvalue()

    def _unsent(self, error: Exception) -> NotSent:
        fault: Exception = ongoing.fault or error
        if ongoing.fault is None and time.monotonic() >= self.ends:
            fault = TimeoutError("the deadline passed first")
        code = next(code for kind, code in _UNSENT if isinstance(fault, kind))
        reason = getattr(fault, "verify_message", "").rstrip(".")
        return self._error(NotSent, code, repr(fault), url=self.endpoint.url[:MAX_QUOTE], reason=self._quote(reason))

    def _broken(self, error: Exception) -> ReplyLost:
        code = "broken"
        if time.monotonic() >= self.ends:
            code = "timeout"
        # A connection that ended is a ConnectionError to http.client, and a body that is too short IncompleteRead.
        elif not isinstance(cause := _innermost(error), ConnectionError | IncompleteRead):
            code = "not-http" if isinstance(cause, HTTPException) else "broken"
        return self._error(ReplyLost, code, repr(error))

    def _misunderstood(self, error: RemoteProtocolError) -> ReplyLost:
        # A web page has no terminator either, but it is no reply that was cut short.
        if self.seen.lstrip()[:1] == b"<":
            return self._error(ReplyLost, "web-page", str(error))
        log_message = self._log_line(error.code, str(error))
        return ReplyLost(error.message, error.params, code=error.code, log_message=log_message)

    def _refused(self, reply: Reply) -> Refused:
        reason = reply.reason
        sentence = SENTENCES["refused" if reason else "refused-silently"]
        return Refused(sentence, {"reason": reason}, reason=reason)

    def _error(self, kind: type[E], code: str, detail: str = "", **params: object) -> E:
        params = {"host": self.endpoint.host, **params}
        return kind(SENTENCES[code], params, code=code, log_message=self._log_line(code, detail))

    def _log_line(self, code: str, detail: str) -> str:
        status = "" if self.status is None else f", HTTP status {self.status}"
        line = f"{self.command.name} at {self.endpoint.url}: {code}{status}: {detail}"
        return redact_text(line, self.endpoint.secret.encode())[:MAX_DETAIL]

    def _quote(self, text: str) -> str:
        return redact_text(text, self.endpoint.secret.encode())[:MAX_QUOTE]

    def _record(self, record: Callable[[Exchange], None], error: RegistryError | None) -> None:
        secret = self.endpoint.secret.encode()
        body = self.request.body if self.request is not None else None
        cut = f"\n… ({self.size} bytes)" if self.size > WIRE_LIMIT else ""
        outcome = "ok" if error is None else "bad" if isinstance(error, Refused) else "failed"
        exchange = Exchange(
            command=self.command.name,
            url=self.endpoint.url,
            request=excerpt(body, secret, WIRE_LIMIT) if isinstance(body, bytes) else "",
            reply=excerpt(self.seen, secret, WIRE_LIMIT) + cut,
            status=self.status,
            outcome=outcome,
            error="" if error is None else str(error),
            started_at=self.started_at,
            elapsed_ms=self.elapsed_ms,
        )
        try:
            record(exchange)
        except Exception:
            # What was said is for the curious. Losing it must not turn a write that was applied into a failure.
            logger.exception("an exchange could not be recorded")


def _innermost(error: BaseException) -> BaseException:
    """What happened at the bottom: requests wraps urllib3's exceptions, which wrap those of http.client."""
    while inner := next((part for part in error.args if isinstance(part, BaseException)), None):
        error = inner
    return error

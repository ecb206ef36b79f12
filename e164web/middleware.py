"""Who is asking, and over what: the two questions that every later decision builds on."""

import logging
import time
from collections.abc import Callable

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware

from dashboard.platform import metrics, request_ids
from dashboard.services.audit import asked_from
from e164web import forwarded
from e164web.sign_in import remote_user

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
SHOWN = 200  # characters of a header in the log


class Language(LocaleMiddleware):
    """The language that the browser asks for, for every page and every refusal. Files have none, and do not vary."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, which says what language it is in, and that it depends on what was asked for."""
        return response if isinstance(response, FileResponse) else super().process_response(request, response)


class RequestId:
    """Name each request: in the log, in what is kept of it, and in the answer (X-Request-ID).

    A trusted proxy may name it; whatever anybody else says is dropped.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_trusted = forwarded.trust(settings.E164WEB.trusted_proxies)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        said = request.META.pop("HTTP_X_REQUEST_ID", "")
        is_told = request_ids.is_one(said) and self.is_trusted(forwarded.plain(request.META.get("REMOTE_ADDR", "")))
        with request_ids.carried(said if is_told else request_ids.make()):
            response = self.get_response(request)
            response["X-Request-ID"] = request_ids.current()
            return response


class Counted:
    """Count each request, and how long it took, by the name of its address (E164WEB_METRICS)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else ""
        metrics.request_ended(route, request.method or "", response.status_code, time.perf_counter() - began)
        return response


class TrustedProxies:
    """Take the client's address and scheme from what proxies say (`e164web.forwarded`), if they are trusted.

    Afterwards ``REMOTE_ADDR`` and ``request.scheme`` are the truth for everybody, and the headers are gone.
    ``request.META["e164web.forwarded"]`` says that a request came through a proxy, trusted or not: such a request may
    look local and not be. One whose trusted proxy does not say who is asking is answered with 400: the limits on
    guessing would count it as the proxy's own, and with it everybody's.

    The header by which a proxy signs people in (E164WEB_REMOTE_USER_HEADER) is gone too; what a trusted one said is
    in ``request.META`` under `remote_user.NAMED`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_trusted = forwarded.trust(settings.E164WEB.trusted_proxies)
        self.names_people = remote_user.header_key(settings.E164WEB.remote_user_header)
        self.silent: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        peer = meta["REMOTE_ADDR"] = forwarded.plain(meta.get("REMOTE_ADDR", ""))
        headers = {name: meta.pop(name) for name in FORWARDED if name in meta}
        named = remote_user.name_in(meta.pop(self.names_people, ""))
        if named and self.is_trusted(peer):
            meta[remote_user.NAMED] = named
        if headers:
            meta["e164web.forwarded"] = True
            if self.is_trusted(peer):
                said = self._said(peer, headers)
                if not said.address:
                    self._warn_about(peer)
                meta["REMOTE_ADDR"], meta["wsgi.url_scheme"] = said.address or peer, said.scheme or "http"
        return self.get_response(request)

    def _said(self, peer: str, headers: dict[str, str]) -> forwarded.Said:
        try:
            return forwarded.read(
                self.is_trusted,
                x_for=headers.get("HTTP_X_FORWARDED_FOR", ""),
                x_proto=headers.get("HTTP_X_FORWARDED_PROTO", ""),
                forwarded=headers.get("HTTP_FORWARDED", ""),
            )
        except forwarded.NotUnderstood as error:
            raise BadRequest(f"From the trusted proxy {peer}: {error}") from None

    def _warn_about(self, peer: str) -> None:
        """Say it once in each process: a health check of the proxy's own would be as silent."""
        if peer not in self.silent:
            self.silent.add(peer)
            logger.warning(
                "The trusted proxy %s sends no X-Forwarded-For: the limits on guessing count all its clients as one",
                peer,
            )


class AskedFrom:
    """Let whatever is noted for this request (`dashboard.services.audit`) be noted with the client's address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with asked_from(request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)


class KeepsNoPassword:
    """A form that waits until its sender has confirmed who they are waits in the session: without what is secret.

    It stands behind allauth's middleware, which puts the form there, and so sees the request before it does.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Leave out every password. The form comes back with what else was typed, and asks for it again."""
        if isinstance(exception, ReauthenticationRequired):
            kept = request.POST.copy()
            for name in [name for name in kept if "password" in name]:
                del kept[name]
            request.POST = kept  # type: ignore[assignment]  # a QueryDict is a QueryDict


class KnownHost:
    """Answer 400, with one line in the log, to a request that names another host than E164WEB_URL and this server."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            host = ascii(request.META.get("HTTP_HOST", "")[:SHOWN])
            raise BadRequest(
                f"The Host header {host} names neither the host of E164WEB_URL nor this server"
            ) from None
        return self.get_response(request)


class Compression(GZipMiddleware):
    """Compress pages from whose length nobody can guess what is in them (BREACH).

    That takes text of an attacker's choice beside a secret, often. So what answers a query or a form, and may repeat
    it, is sent as it is. In what is left, CSRF tokens are masked anew each time, and Django adds a random length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed where the browser takes that and the request chose no text of it."""
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return response
        return super().process_response(request, response)


class SecureCookies:
    """Mark every cookie of a TLS response as secure, so that it never travels in clear afterwards."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

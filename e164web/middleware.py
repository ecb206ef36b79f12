"""Who is asking, and over what: the two questions that every later decision builds on."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxies:
    """Take the client's address and scheme from X-Forwarded-For and -Proto, but only from a proxy that is trusted.

    Afterwards ``REMOTE_ADDR`` and ``request.scheme`` are the truth for everybody, and the headers are gone.
    ``request.META["e164web.forwarded"]`` says that a request came through a proxy, trusted or not: such a request may
    look local and not be.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.networks = settings.E164WEB.trusted_proxies

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        meta["REMOTE_ADDR"] = _plain(meta.get("REMOTE_ADDR", ""))
        headers = {name: meta.pop(name) for name in FORWARDED if name in meta}
        if headers:
            meta["e164web.forwarded"] = True
            if self._trusted(meta["REMOTE_ADDR"]):
                meta["REMOTE_ADDR"] = self._client(meta["REMOTE_ADDR"], headers.get("HTTP_X_FORWARDED_FOR", ""))
                proto = headers.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip().lower()
                meta["wsgi.url_scheme"] = "https" if proto == "https" else "http"
        return self.get_response(request)

    def _trusted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self.networks)

    def _client(self, peer: str, forwarded_for: str) -> str:
        """The last address of the chain that no trusted proxy has: everything left of it can be made up."""
        address = peer
        for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
            try:
                address = _plain(str(ipaddress.ip_address(hop)))
            except ValueError:
                break
            if not self._trusted(address):
                break
        return address


def _plain(address: str) -> str:
    """An IPv4 address without the IPv6 clothes that it wears on a dual-stack socket (RFC 4291, section 2.5.5.2)."""
    try:
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
    except ValueError:
        return address
    return str(mapped) if mapped else address


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

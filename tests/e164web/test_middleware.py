"""Who is asking, and over what: only a trusted proxy may say so."""

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from dashboard.services.audit.origin import current_address
from e164web.middleware import AskedFrom, KnownHost, SecureCookies, TrustedProxies

PROXY, OUTER, CLIENT, STRANGER = "192.0.2.1", "10.1.2.3", "198.51.100.7", "203.0.113.9"
Seen = Callable[..., HttpRequest]


@pytest.fixture
def seen(settings: Any) -> Seen:
    """Send a request through the middleware, and return it as everything behind sees it."""
    networks = [ipaddress.ip_network(text) for text in (PROXY, "10.0.0.0/8", "2001:db8::/32")]
    settings.E164WEB = replace(settings.E164WEB, trusted_proxies=networks)

    def send(peer: str, **headers: str) -> HttpRequest:
        request = RequestFactory().get(
            "/", REMOTE_ADDR=peer, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        TrustedProxies(lambda _: HttpResponse())(request)
        return request

    return send


def address(request: HttpRequest) -> str:
    return str(request.META["REMOTE_ADDR"])


def test_without_headers_the_peer_is_the_client(seen: Seen) -> None:
    for peer in (CLIENT, PROXY, "127.0.0.1", "::1"):
        request = seen(peer)
        assert address(request) == peer
        assert request.scheme == "http"
        assert "e164web.forwarded" not in request.META


def test_a_trusted_proxy_says_who_is_asking_and_over_what(seen: Seen) -> None:
    request = seen(PROXY, X_FORWARDED_FOR=CLIENT, X_FORWARDED_PROTO="https")
    assert address(request) == CLIENT
    assert request.is_secure()


@pytest.mark.parametrize("peer", [STRANGER, "127.0.0.1", "::1", "192.0.2.2", "", "garbage"])
def test_nobody_else_is_believed(seen: Seen, peer: str) -> None:
    request = seen(peer, X_FORWARDED_FOR=CLIENT, X_FORWARDED_PROTO="https")
    assert address(request) == peer
    assert not request.is_secure()
    assert request.META["e164web.forwarded"] is True


@pytest.mark.parametrize("name", ["X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "FORWARDED"])
@pytest.mark.parametrize("peer", [PROXY, STRANGER])
def test_the_headers_are_gone_behind_the_middleware(seen: Seen, peer: str, name: str) -> None:
    request = seen(peer, **{name: {"FORWARDED": "for=192.0.2.9", "X_FORWARDED_FOR": "192.0.2.9"}.get(name, "https")})
    assert f"HTTP_{name}" not in request.META
    assert name.replace("_", "-") not in request.headers
    assert request.META["e164web.forwarded"] is True


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (CLIENT, CLIENT),
        (f"{CLIENT}, {OUTER}", CLIENT),
        (f"{CLIENT},{OUTER},  {PROXY} ", CLIENT),
        (f"{STRANGER}, {CLIENT}, {OUTER}", CLIENT),  # what a client claims itself is left of what the proxy saw
        (f"127.0.0.1, {CLIENT}", CLIENT),
        (f"{OUTER}, {OUTER}", OUTER),  # a request of a proxy's own
        (f"garbage, {CLIENT}", CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db9::1]:4711", "2001:db9::1"),
        ("", PROXY),
        (" , ,", PROXY),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("2a00::7", "2a00::7"),
        ("2a00::7, 2001:db8::1", "2a00::7"),
        (f"::ffff:{CLIENT}", CLIENT),
        (f"{CLIENT}, ::ffff:{OUTER}", CLIENT),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(seen: Seen, chain: str, client: str) -> None:
    assert address(seen(PROXY, X_FORWARDED_FOR=chain)) == client


@pytest.mark.parametrize(
    ("proto", "secure"),
    [
        ("https", True),
        ("HTTPS", True),
        (" https ", True),
        ("http", False),
        ("http, https", True),  # the last word is the nearest proxy's
        ("https, http", False),
        ("https,", True),
        ("", False),
    ],
)
def test_only_https_is_secure(seen: Seen, proto: str, secure: bool) -> None:
    assert seen(PROXY, X_FORWARDED_PROTO=proto).is_secure() is secure


@pytest.mark.parametrize(
    "headers",
    [
        {"X_FORWARDED_FOR": f"{CLIENT}, garbage"},
        {"X_FORWARDED_FOR": f"{CLIENT}, unknown, {OUTER}"},
        {"X_FORWARDED_FOR": "9" * 5000},
        {"X_FORWARDED_FOR": CLIENT, "X_FORWARDED_PROTO": "wss"},
        {"FORWARDED": "for=_hidden"},
        {"FORWARDED": f"for={CLIENT}", "X_FORWARDED_FOR": STRANGER},
    ],
)
def test_a_trusted_proxy_that_makes_no_sense_is_refused(seen: Seen, headers: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=f"From the trusted proxy {PROXY}: .*Forwarded"):
        seen(PROXY, **headers)
    # From everybody else it is not even read.
    assert address(seen(STRANGER, **headers)) == STRANGER


def test_a_trusted_proxy_may_speak_rfc_7239(seen: Seen) -> None:
    request = seen(PROXY, FORWARDED='for="[2a00::7]:4711";proto=https')
    assert address(request) == "2a00::7"
    assert request.is_secure()


def test_a_trusted_proxy_that_says_no_scheme_speaks_for_plain_http(seen: Seen) -> None:
    assert not seen(PROXY, X_FORWARDED_FOR=CLIENT).is_secure()


def test_a_trusted_proxy_that_never_says_who_is_asking_is_named_once(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.E164WEB = replace(settings.E164WEB, trusted_proxies=[ipaddress.ip_network(PROXY)])
    middleware = TrustedProxies(lambda _: HttpResponse())
    for headers in ({"X-Forwarded-Proto": "https"}, {"X-Forwarded-For": " "}, {"X-Forwarded-For": CLIENT}, {}):
        middleware(RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers))
    (record,) = caplog.records
    assert record.getMessage().startswith(f"The trusted proxy {PROXY} sends no X-Forwarded-For")


def test_an_ipv4_peer_on_an_ipv6_socket_is_an_ipv4_peer(seen: Seen) -> None:
    assert address(seen(f"::ffff:{STRANGER}")) == STRANGER
    assert address(seen(f"::ffff:{PROXY}", X_FORWARDED_FOR=CLIENT)) == CLIENT


def test_an_ipv6_proxy_is_trusted_by_its_network(seen: Seen) -> None:
    assert address(seen("2001:db8::77", X_FORWARDED_FOR=CLIENT)) == CLIENT
    assert address(seen("2001:db9::77", X_FORWARDED_FOR=CLIENT)) == "2001:db9::77"


def test_the_host_is_never_taken_from_a_header_of_a_proxy(seen: Seen) -> None:
    assert seen(PROXY, X_FORWARDED_HOST="evil.example").get_host() == "testserver"


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver@evil.example", "testserver.evil.example", "[::1", "x" * 5000]
)
def test_a_host_that_is_not_ours_is_refused_with_the_setting(host: str) -> None:
    request = RequestFactory().get("/", headers={"Host": host})
    with pytest.raises(BadRequest, match="E164WEB_URL") as refusal:
        KnownHost(lambda _: HttpResponse())(request)
    assert host[:100] in str(refusal.value)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("host", ["testserver", "testserver:8443", "TestServer"])
def test_a_host_of_ours_may_have_any_port(host: str) -> None:
    request = RequestFactory().get("/", headers={"Host": host})
    assert KnownHost(lambda _: HttpResponse())(request).status_code == 200


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_of_a_tls_response_are_secure(secure: bool) -> None:
    def view(_: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("sessionid", "1")
        response.set_cookie("csrftoken", "2")
        return response

    response = SecureCookies(view)(RequestFactory().get("/", secure=secure))
    assert [bool(cookie["secure"]) for cookie in response.cookies.values()] == [secure, secure]


def test_what_is_noted_for_a_request_is_noted_with_the_address_that_counts(settings: Any) -> None:
    settings.E164WEB = replace(settings.E164WEB, trusted_proxies=[ipaddress.ip_network(PROXY)])
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(current_address())
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": CLIENT})
    TrustedProxies(AskedFrom(view))(request)
    assert seen == [CLIENT]
    assert current_address() == ""

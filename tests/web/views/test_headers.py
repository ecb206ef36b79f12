"""What every page tells the browser, so that nothing of it can be used against the person."""

import gzip
import re

import pytest
from django.test import Client as Browser

from dashboard.models import Credential
from tests.web.views.far import Far, typed
from tests.web.views.pages import elements_of

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
SIGNED_IN = [
    "/accounts/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
    "/",
    "/credentials/",
    "/credentials/add/",
    "/credentials/{pk}/",
    "/credentials/{pk}/delete/",
    "/credentials/{pk}/numbers/",
    "{number}",
    "{number}add/",
    "{number}delete-all/",
    "{number}records/{record}/",
    "{number}records/{record}/delete/",
    "/history/",
    "/registries/",
    "/tokens/",
    "/tokens/add/",
]
PUBLIC = [
    "/api/",
    "/api/openapi.json",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/healthz",
    "/nowhere/",
]


@pytest.fixture
def fill(far: Far) -> dict[str, object]:
    """What the addresses above leave open."""
    return {"pk": far.credential.pk, "number": far.address, "record": far.records[0]}


@pytest.mark.parametrize("address", SIGNED_IN)
@pytest.mark.parametrize("method", ["get", "head"])
def test_every_page_of_a_person_is_guarded(
    alice: Browser, fill: dict[str, object], address: str, method: str
) -> None:
    answer = getattr(alice, method)(address.format(**fill))

    assert answer.status_code in {200, 302}
    _is_guarded(answer)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", PUBLIC)
def test_every_page_for_everybody_is_guarded(anonymous: Browser, address: str) -> None:
    _is_guarded(anonymous.get(address))


@pytest.mark.parametrize(("status", "typing"), [(422, {"hostdata": ""}), (409, {"fingerprint": "x"}), (502, {})])
def test_answers_to_forms_are_guarded(alice: Browser, far: Far, status: int, typing: dict[str, str]) -> None:
    form = far.form(alice)
    if status == 502:
        far.registry.fault("update", "garbage")
    answer = form.submit(alice, **typed(**typing))

    assert answer.status_code == status
    _is_guarded(answer)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", [*SIGNED_IN, *PUBLIC])
def test_no_page_holds_a_script_or_style_of_its_own_or_of_somebody_else(
    alice: Browser, fill: dict[str, object], address: str
) -> None:
    answer = alice.get(address.format(**fill))
    html = answer.content.decode()

    scripts = [given for given in elements_of(answer, "script") if given.get("type") != "application/json"]
    assert all(given.get("src", "").startswith("/static/") for given in scripts)
    assert not elements_of(answer, "style")
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "javascript:" not in html
    links = [given["href"] for given in elements_of(answer, "link")]
    assert all(href.startswith("/static/") for href in links)


def test_promises_tls_over_tls_only(anonymous: Browser) -> None:
    assert "Strict-Transport-Security" not in anonymous.get("/accounts/login/")
    assert "max-age=31536000" in anonymous.get("/accounts/login/", secure=True)["Strict-Transport-Security"]


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_for_this_site_alone_and_over_tls_never_in_clear(anonymous: Browser, secure: bool) -> None:
    cookies = anonymous.get("/accounts/login/", secure=secure).cookies

    assert "csrftoken" in cookies
    for cookie in cookies.values():
        assert bool(cookie["secure"]) == secure
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_the_session_cookie_is_one_of_them(alice: Browser, person: object) -> None:
    answer = Browser().post(
        "/accounts/login/", {"login": "alice", "password": "a long password of alice"}, secure=True
    )

    session = answer.cookies["sessionid"]
    assert session["secure"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_a_page_of_a_person_is_not_the_same_for_others(alice: Browser, credential: Credential) -> None:
    assert "Cookie" in alice.get("/credentials/")["Vary"]


def _is_guarded(answer: object) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/credentials/", "/credentials/add/", "/history/", "/accounts/password/change/"])
def test_a_page_that_repeats_nothing_is_compressed(alice: Browser, path: str) -> None:
    page = alice.get(path, headers={"accept-encoding": "gzip"})

    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert b"<!doctype html>" in gzip.decompress(page.content)
    assert "Content-Encoding" not in alice.get(path).headers


def test_what_answers_a_query_or_a_form_has_its_own_length(alice: Browser, far: Far) -> None:
    numbers = f"/credentials/{far.credential.pk}/numbers/"
    accepts = {"accept-encoding": "gzip"}
    pages = [
        alice.get(numbers, {"q": "+1200555"}, headers=accepts),
        alice.get("/nowhere/", {"x": "y" * 1000}, headers=accepts),
        alice.get("/accounts/login/", {"next": "/history/"}, headers=accepts),
        alice.post("/credentials/add/", {"label": "x" * 500}, headers=accepts),
        alice.post("/preview/", {"hostdata": "x" * 500}, headers=accepts),
    ]

    assert not [page for page in pages if "Content-Encoding" in page.headers]
    assert "Content-Encoding" in alice.get(numbers, headers=accepts).headers


def test_every_page_describes_itself(alice: Browser, anonymous: Browser) -> None:
    for page in (alice.get("/credentials/"), anonymous.get("/accounts/login/"), alice.get("/nowhere/")):
        (described,) = [given for given in elements_of(page, "meta") if given.get("name") == "description"]
        assert described["content"]

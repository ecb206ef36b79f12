"""Whatever a provider does wrong ends on a page that says what to do, with nobody signed in and no traceback."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.models import User
from tests.e164web.sign_in.oidc.conftest import SECRET, Configure, Visitor
from tests.e164web.sign_in.oidc.faulty_provider import FaultyProvider
from tests.fixtures_people import PASSWORD
from tests.ports import free_port

Fault = Callable[[FaultyProvider], None]


def test_the_faulty_provider_does_well_unless_it_is_told_otherwise(faulty: FaultyProvider, visitor: Visitor) -> None:
    visitor.sign_in_at(faulty)
    assert visitor.name == "anna"
    assert faulty.forms[0]["code_verifier"]
    assert SECRET not in str(faulty.forms[0].get("client_secret"))  # which travels as Basic, the standard's default


def token(**changes: Any) -> Fault:
    return lambda provider: provider.token.update(changes)


def signed(**how: Any) -> Fault:
    def set_(provider: FaultyProvider) -> None:
        more = {name: value(provider) if callable(value) else value for name, value in how.items()}
        provider.sign = lambda claims: provider.signed(claims, **more)

    return set_


def answers(path: str, body: object, status: int = 200) -> Fault:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda provider: provider.answers.update({path: (status, content)})


def _said(text: str) -> Fault:
    def set_(provider: FaultyProvider) -> None:
        provider.sign = lambda claims: text

    return set_


NOW = time.time()
BAD_TOKENS: list[tuple[str, Fault, str]] = [
    ("another issuer", token(iss="https://evil.example"), "cannot be trusted"),
    ("no issuer", token(iss=None), "cannot be trusted"),
    ("another audience", token(aud="somebody else"), "cannot be trusted"),
    ("a list of audiences without us", token(aud=["a", "b"]), "cannot be trusted"),
    ("another party", token(aud=["e164web", "b"], azp="b"), "cannot be trusted"),
    ("another nonce", token(nonce="x"), "cannot be trusted"),
    ("no nonce", token(nonce=None), "cannot be trusted"),
    ("no nonce but beside it", lambda p: (p.token.update(nonce=None), p.info.update(nonce=p.nonce))[0], "be trusted"),
    ("no subject", token(sub=None), "cannot be trusted"),
    ("an empty subject", lambda p: p.claims.update(sub=""), "cannot be trusted"),
    ("a number as subject", lambda p: p.claims.update(sub=7), "cannot be trusted"),
    ("an expired token", token(exp=int(NOW) - 3600, iat=int(NOW) - 7200), "set the clocks"),
    ("a clock that is ahead", token(iat=int(NOW) + 3600, exp=int(NOW) + 7200), "set the clocks"),
    ("a token for later", token(nbf=int(NOW) + 3600), "set the clocks"),
    ("no expiry", token(exp=None), "cannot be trusted"),
    ("an expiry in words", token(exp="tomorrow"), "cannot be trusted"),
    ("another key", signed(key=lambda p: p.other_key), "cannot be trusted"),
    ("no signature", signed(key="", algorithm="none"), "cannot be trusted"),
    ("a signature that we could have made", signed(key=SECRET, algorithm="HS256"), "cannot be trusted"),
    ("a key that is not published", signed(headers={"kid": "two"}), "cannot be trusted"),
    ("no token", lambda p: p.answers.update({"/token": (200, b'{"access_token": "a"}')}), "cannot be trusted"),
    ("a token that is none", _said("not.a.token"), "cannot be trusted"),
    ("a token of odd letters", _said("\x00ü.\u202e"), "cannot be trusted"),
    ("somebody else's user info", lambda p: p.info.update(sub="bob"), "cannot be trusted"),
]  # fmt: skip

BAD_ANSWERS: list[tuple[str, Fault, str]] = [
    ("tokens that are a list", answers("/token", ["access_token"]), "cannot be trusted"),
    ("tokens that are no JSON", answers("/token", b"{]"), "cannot be"),
    ("tokens that are a form", answers("/token", b"access_token=a&id_token=b"), "cannot be trusted"),
    ("a refusal", answers("/token", {"error": "invalid_client", "error_description": SECRET}, 401), "refused"),
    ("a broken token endpoint", answers("/token", b"oops", 500), "refused"),
    ("a redirect of the secret", answers("/token", b"https://evil.example/", 307), "refused"),
    ("keys that are a list", answers("/keys", []), "cannot be reached"),
    ("keys that are odd", answers("/keys", {"keys": "none"}), "cannot be trusted"),
    ("no keys", answers("/keys", {"keys": []}), "cannot be trusted"),
    ("no keys at all", answers("/keys", {}, 404), "cannot be reached"),
    ("user info that is a list", answers("/info", []), "cannot be reached"),
    ("user info that is refused", answers("/info", {}, 401), "cannot be reached"),
    ("user info without end", answers("/info", b" " * 3_000_000), "cannot be reached"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "says"), [case[1:] for case in BAD_TOKENS], ids=[case[0] for case in BAD_TOKENS])
def test_a_bad_token_lets_nobody_in(
    faulty: FaultyProvider, visitor: Visitor, fault: Fault, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    fault(faulty)
    _is_refused(faulty, visitor, says, caplog)


@pytest.mark.parametrize(("fault", "says"), [case[1:] for case in BAD_ANSWERS], ids=[case[0] for case in BAD_ANSWERS])
def test_a_bad_answer_lets_nobody_in(
    faulty: FaultyProvider, visitor: Visitor, fault: Fault, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    fault(faulty)
    _is_refused(faulty, visitor, says, caplog)


def _is_refused(faulty: FaultyProvider, visitor: Visitor, says: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        page = visitor.sign_in_at(faulty)

    assert page.status_code in {502, 503}
    assert says in page.content.decode()
    assert visitor.name is None
    assert not User.objects.exists()
    assert "Signing in with faulty failed" in caplog.text
    assert SECRET not in caplog.text + page.content.decode()
    assert "Traceback" not in caplog.text


DISCOVERIES: list[tuple[str, Fault, str]] = [
    ("another issuer", lambda p: p.discovery.update(issuer="https://evil.example"), "cannot be trusted"),
    ("no issuer", lambda p: p.discovery.update(issuer=None), "cannot be trusted"),
    ("no authorization endpoint", lambda p: p.discovery.update(authorization_endpoint=None), "cannot be trusted"),
    ("one in the clear", lambda p: p.discovery.update(token_endpoint="http://a.example/"), "cannot be trusted"),
    ("a script", lambda p: p.discovery.update(authorization_endpoint="javascript:alert(1)"), "cannot be trusted"),
    ("a quote", lambda p: p.discovery.update(authorization_endpoint='https://a"><script>'), "cannot be trusted"),
    ("no document", answers("/.well-known/openid-configuration", b"", 404), "cannot be reached"),
    ("a redirect", answers("/.well-known/openid-configuration", b"https://a.example/", 302), "cannot be reached"),
    ("a page", answers("/.well-known/openid-configuration", b"<html>"), "cannot be reached"),
    ("a list", answers("/.well-known/openid-configuration", []), "cannot be reached"),
    ("too much", answers("/.well-known/openid-configuration", b"[" * 3_000_000), "cannot be reached"),
]


@pytest.mark.parametrize(("fault", "says"), [case[1:] for case in DISCOVERIES], ids=[case[0] for case in DISCOVERIES])
def test_nobody_is_sent_away_by_a_document_that_does_not_fit(
    faulty: FaultyProvider, visitor: Visitor, fault: Fault, says: str
) -> None:
    fault(faulty)
    page = visitor.post("/accounts/oidc/faulty/login/")

    assert page.status_code in {502, 503}
    assert says in page.content.decode()
    assert 'href="/accounts/login/"' in page.content.decode()


def test_methods_that_are_none_do_not_matter(faulty: FaultyProvider, visitor: Visitor) -> None:
    faulty.discovery["token_endpoint_auth_methods_supported"] = None
    visitor.sign_in_at(faulty)
    assert visitor.name == "anna"


def test_a_secret_travels_in_the_form_where_the_provider_wants_that(faulty: FaultyProvider, visitor: Visitor) -> None:
    faulty.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    visitor.sign_in_at(faulty)
    assert faulty.forms[0]["client_secret"] == [SECRET]


def test_a_client_without_a_secret_says_who_it_is(
    configure: Configure, faulty: FaultyProvider, visitor: Visitor
) -> None:
    configure(more={"OIDC_FAULTY_CLIENT_SECRET": ""})
    visitor.sign_in_at(faulty)
    assert faulty.forms[0]["client_id"] == ["e164web"]
    assert faulty.forms[0]["authorization"] == [""]
    assert "client_secret" not in faulty.forms[0]


def test_a_provider_without_user_info_does(faulty: FaultyProvider, visitor: Visitor) -> None:
    faulty.discovery["userinfo_endpoint"] = None
    visitor.sign_in_at(faulty)
    assert visitor.name == "anna"


def test_a_clock_may_be_off_by_half_a_minute(faulty: FaultyProvider, visitor: Visitor) -> None:
    faulty.token.update(iat=int(time.time()) + 30)
    visitor.sign_in_at(faulty)
    assert visitor.name == "anna"


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "a\x00b\x1b[31m\u202ec\ud800"}, "ab-31mc"),
        ({"preferred_username": "x" * 10_000}, "x" * 140),
        ({"preferred_username": "  Anna  Maria  "}, "Anna-Maria"),
        ({"preferred_username": "anna@firm.example"}, "anna@firm.example"),
        ({"preferred_username": "<script>"}, "script"),
        ({"preferred_username": "\u200f\u202e"}, "user"),
        ({"preferred_username": ["anna"]}, "user"),
        ({"preferred_username": None, "name": "Anna B."}, "Anna-B"),
        ({"preferred_username": None}, "user"),
        ({"preferred_username": "ａｎｎａ"}, "anna"),
        ({"preferred_username": "安娜"}, "安娜"),
        ({"given_name": {"a": 1}, "family_name": 7, "email": ["x"], "name": "\x00" * 10_000}, "anna"),
        ({"email": "a" * 10_000 + "@example.org", "email_verified": True}, "anna"),
        ({"given_name": "\x00", "family_name": "y" * 10_000}, "anna"),
    ],
)  # fmt: skip
def test_odd_names_are_tamed(faulty: FaultyProvider, visitor: Visitor, claims: dict[str, Any], name: str) -> None:
    faulty.claims.update(claims)
    visitor.sign_in_at(faulty)

    assert visitor.name == name
    person = User.objects.get()
    assert (person.get_full_name() + person.username + person.email).isprintable()


@pytest.mark.parametrize("sub", ["s" * 10_000, "a\x00b", "\ud800", "é"])
def test_odd_subjects_are_people_too(faulty: FaultyProvider, visitor: Visitor, sub: str) -> None:
    faulty.claims["sub"] = sub
    visitor.sign_in_at(faulty)
    again = Visitor()
    again.sign_in_at(faulty)
    assert again.name == "anna"
    assert User.objects.count() == 1


@pytest.mark.parametrize("query", ["error=server_error", "error=<i>&error_description=x", "", "code=", "error=%00"])
def test_an_error_of_the_provider_is_said_in_our_words(faulty: FaultyProvider, visitor: Visitor, query: str) -> None:
    address = visitor.leave_for("faulty")
    state = address.partition("state=")[2].partition("&")[0]
    faulty.answers["/token"] = (400, b'{"error": "invalid_grant"}')
    page = visitor.come_back(f"/accounts/oidc/faulty/login/callback/?state={state}&{query}")

    assert page.status_code == 502
    assert "Try again" in page.content.decode()
    assert "<i>" not in page.content.decode()


def test_a_provider_that_is_down_keeps_nobody_from_signing_in_here(
    configure: Configure, visitor: Visitor, person: User
) -> None:
    configure(down=f"http://127.0.0.1:{free_port()}")
    page = visitor.post("/accounts/oidc/down/login/")

    assert page.status_code == 503
    assert "Down cannot be reached" in page.content.decode()
    visitor.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert visitor.name == "alice"


def test_a_provider_that_goes_down_meanwhile_is_said(faulty: FaultyProvider, visitor: Visitor) -> None:
    address = visitor.leave_for("faulty")
    state = address.partition("state=")[2].partition("&")[0]
    faulty.server.shutdown()
    faulty.server.server_close()
    page = visitor.come_back(f"/accounts/oidc/faulty/login/callback/?state={state}&code=c")

    assert page.status_code == 503
    assert "Faulty cannot be reached" in page.content.decode()

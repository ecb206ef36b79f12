"""Settings of mail, signing up and second factors."""

from pathlib import Path

import pytest

from e164web import conf
from e164web.address import SiteAddress


def read(folder: Path, **settings: str) -> conf.Configuration:
    named = {"DATA_DIR": str(folder / "data")} | settings
    return conf.read({f"E164WEB_{name}": value for name, value in named.items()}, folder)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", 25, None, None),
        ("smtp://mail.example.org:2525", 2525, None, None),
        ("smtp+tls://mail.example.org", 587, True, None),
        ("smtps://mail.example.org", 465, None, True),
    ],
)
def test_a_mail_server_is_given_by_its_address(
    tmp_path: Path, url: str, port: int, tls: bool | None, ssl: bool | None
) -> None:
    configuration = read(tmp_path, EMAIL_URL=url.replace("://", "://enum:s%20cret@"))
    server = configuration.mail_server

    assert not configuration.problems
    assert (server["EMAIL_HOST"], server["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (server.get("EMAIL_USE_TLS"), server.get("EMAIL_USE_SSL")) == (tls, ssl)
    assert (server["EMAIL_HOST_USER"], server["EMAIL_HOST_PASSWORD"]) == ("enum", "s cret")
    assert "cret" not in repr(configuration)


NO_MAIL_SERVERS = [
    "mail.example.org",
    "http://mail.example.org",
    "smtp://",
    "smtp://h:99999",
    "smtp://h/x",
    "smtp://h?ssl=1",
    "filemail://h",
]


@pytest.mark.parametrize("url", NO_MAIL_SERVERS)
def test_what_is_no_mail_server_is_refused_without_quoting_it(tmp_path: Path, url: str) -> None:
    configuration = read(tmp_path, EMAIL_URL=url)

    (problem,) = configuration.problems
    assert problem.id == "e164web.E002"
    assert configuration.mail_server == {}


@pytest.mark.parametrize(
    ("site", "sender"),
    [
        ({}, "e164web@localhost"),
        ({"URL": "https://enum.example.org/x/"}, "e164web@enum.example.org"),
        ({"URL": "https://a/"}, "e164web@localhost"),
        ({"URL": "https://192.0.2.1/"}, "e164web@localhost"),
        ({"EMAIL_FROM": "numbers@example.net"}, "numbers@example.net"),
    ],
)
def test_mail_is_from_the_site_unless_it_is_said_otherwise(tmp_path: Path, site: dict[str, str], sender: str) -> None:
    assert read(tmp_path, **site).mail_sender == sender


@pytest.mark.parametrize("address", ["nobody", "a@b", "A <a@example.org>", "a@example.org, b@example.org"])
def test_a_sender_is_one_address(tmp_path: Path, address: str) -> None:
    assert [problem.id for problem in read(tmp_path, EMAIL_FROM=address).problems] == ["e164web.E002"]


def test_whoever_may_sign_up_is_named_by_domains_and_needs_mail(tmp_path: Path) -> None:
    mail = {"EMAIL_URL": "smtp://h"}
    domains = read(tmp_path, SIGNUP_DOMAINS="Example.org, example.net.", **mail).signup_domains
    assert domains == ["example.org", "example.net"]

    (problem,) = read(tmp_path, SIGNUP_DOMAINS="example.org").problems
    assert problem.id == "e164web.E025"
    assert "E164WEB_EMAIL_URL" in problem.hint
    for wrong in ("*.example.org", "@example.org", ",", "example.org,example.org"):
        assert [one.id for one in read(tmp_path, SIGNUP_DOMAINS=wrong, **mail).problems] == ["e164web.E002"]


@pytest.mark.parametrize(("text", "ids"), [("0", []), ("managers", []), ("all", []), ("1", ["e164web.E002"])])
def test_of_whom_a_second_factor_is_asked_is_one_of_three_words(tmp_path: Path, text: str, ids: list[str]) -> None:
    assert [problem.id for problem in read(tmp_path, REQUIRE_SECOND_FACTOR=text).problems] == ids


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://enum.example.org/", "enum.example.org"),
        ("https://example.org:8443/enum/", "example.org"),
        ("http://127.0.0.1:8000/", "localhost"),
        ("http://localhost:8000/", "localhost"),
        ("http://[::1]:8000/", "localhost"),
        ("http://enum.example.org/", ""),
        ("https://192.0.2.1/", ""),
        ("https://[2001:db8::1]/", ""),
    ],
)
def test_passkeys_are_bound_to_the_host_where_browsers_have_them(url: str, name: str) -> None:
    assert SiteAddress.parse(url).relying_party == name

"""A form that is refused says which header said what, and which setting would cure it, on the page and in the log."""

import dataclasses
from typing import Any

import pytest
from django.test import Client as Browser

from e164web.address import SiteAddress
from tests.web.views.pages import text_of

SIGN_IN = "/accounts/login/"
SITE = "https://enum.example.org:8443/enum/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def careful(settings: Any) -> Browser:
    """A browser of a site whose administrator set another address, with the cookie of a form."""
    settings.E164WEB = dataclasses.replace(settings.E164WEB, url=SiteAddress.parse(SITE))
    settings.CSRF_TRUSTED_ORIGINS = [settings.E164WEB.url.origin]
    settings.ALLOWED_HOSTS = ["enum.example.org"]
    browser = Browser(enforce_csrf_checks=True, headers={"Host": "enum.example.org"})
    browser.get(SIGN_IN, secure=True)
    return browser


def sent(browser: Browser, *, secure: bool = True, token: str | None = None, **headers: str) -> Any:
    """Send the form of the sign-in page with these headers."""
    value = browser.cookies["csrftoken"].value if token is None else token
    data = {"login": "a", "password": "b", "csrfmiddlewaretoken": value}
    return browser.post(SIGN_IN, data, secure=secure, headers=headers)


def line(caplog: pytest.LogCaptureFixture) -> str:
    """The one line in the log."""
    (record,) = caplog.records
    assert record.exc_info is None
    return record.getMessage()


def test_a_form_of_this_site_is_taken_even_where_the_proxy_writes_another_host(careful: Browser) -> None:
    assert sent(careful, Origin="https://enum.example.org:8443").status_code == 422
    assert sent(careful, Referer=f"{SITE}accounts/login/").status_code == 422
    assert sent(careful, Origin="https://enum.example.org").status_code == 422


def test_an_origin_that_does_not_fit_is_shown_with_the_setting(
    careful: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    page = sent(careful, Origin="https://enum.example.org:9443")

    assert page.status_code == 403
    text = text_of(page)
    assert "Your browser said: Origin: https://enum.example.org:9443" in text
    assert "the server was asked as https://enum.example.org." in text
    assert "the administrator must set E164WEB_URL accordingly" in text
    assert "cookie" not in text
    # What the setting is now is nobody's business but the administrator's.
    assert "8443" not in text
    assert "Origin: https://enum.example.org:9443" in line(caplog)
    assert line(caplog).endswith(f" E164WEB_URL is {SITE} now.")


def test_a_proxy_that_is_not_trusted_to_speak_tls_is_named(
    careful: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    page = sent(careful, secure=False, Origin="https://enum.example.org")

    assert "E164WEB_URL and E164WEB_TRUSTED_PROXIES" in text_of(page)
    assert "E164WEB_TRUSTED_PROXIES" in line(caplog)


def test_a_hidden_origin_is_no_matter_of_cookies(careful: Browser, caplog: pytest.LogCaptureFixture) -> None:
    page = sent(careful, Origin="null")

    text = text_of(page)
    assert "Your browser said: Origin: null" in text
    assert "Referrer-Policy" in text
    assert "cookie" not in text
    assert f'A form for {SIGN_IN} was refused. It came with "Origin: null".' in line(caplog)


@pytest.mark.parametrize(
    ("referer", "shown"),
    [
        ("https://elsewhere.example/a?secret=hunter2", "Referer: https://elsewhere.example"),
        ("http://enum.example.org/accounts/login/", "Referer: http://enum.example.org"),
        ("garbage", "Referer: garbage"),
        ("https://[broken", "Referer: https://[broken"),
    ],
)
def test_a_wrong_referer_is_shown_without_its_path(
    careful: Browser, caplog: pytest.LogCaptureFixture, referer: str, shown: str
) -> None:
    page = sent(careful, Referer=referer)

    assert page.status_code == 403
    assert f"Your browser said: {shown}" in text_of(page)
    assert "E164WEB_URL" in text_of(page)
    assert shown in line(caplog)
    assert "hunter2" not in page.content.decode() + line(caplog)


def test_without_origin_and_referer_both_are_named(careful: Browser, caplog: pytest.LogCaptureFixture) -> None:
    assert "Your browser sent neither Origin nor Referer" in text_of(sent(careful))
    assert "neither Origin nor Referer" in line(caplog)


def test_a_form_that_is_out_of_date_is_to_be_loaded_again(careful: Browser, caplog: pytest.LogCaptureFixture) -> None:
    page = sent(careful, token="x" * 32, Origin="https://enum.example.org")
    assert "The form is out of date" in text_of(page)
    assert "cookie" not in text_of(page)
    assert "out of date" in line(caplog)


@pytest.mark.parametrize("origin", ["https://<b>x</b>", "https://x\r\n2026 ERROR forged", "https://" + "x" * 5_000])
def test_what_a_stranger_sends_is_neither_markup_nor_a_line_of_the_log(
    careful: Browser, caplog: pytest.LogCaptureFixture, origin: str
) -> None:
    page = sent(careful, Origin=origin)

    assert page.status_code == 403
    assert "<b>x" not in page.content.decode()
    assert not {"\r", "\n"} & set(line(caplog))
    assert len(line(caplog)) < 1_000

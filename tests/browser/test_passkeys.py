"""Passkeys with Chromium's virtual authenticator, and an app whose codes the test computes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, Site
from tests.second_factors import code_to_type

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A browser with a device that keeps passkeys, at the site's name: browsers have none for 127.0.0.1."""
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/accounts/login/")


def test_a_passkey_signs_in_alone_and_as_second_factor_and_confirms(page: Page) -> None:
    sign_in(page)
    page.wait_for_url("**/numbers/")
    page.goto("/accounts/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("blue key")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    try:
        sign_out(page)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/numbers/")

        sign_out(page)
        sign_in(page)
        page.wait_for_url("**/2fa/authenticate/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/numbers/")

        page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/accounts/")
        expect(page.locator("#passkeys")).to_contain_text("blue key")
    finally:  # all tests are one person, who signs in with the password elsewhere
        page.goto("/accounts/")
        page.locator("#passkeys").get_by_role("link", name="Remove").click()
        page.get_by_role("button", name="Remove the passkey").click()
        page.wait_for_url("**/accounts/")
    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/numbers/")


def test_why_there_is_no_passkey_is_said_in_words(site: Site, page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("was cancelled")

    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("localhost on this machine")


def test_an_app_is_set_up_with_the_code_that_it_shows(page: Page) -> None:
    sign_in(page)
    page.wait_for_url("**/numbers/")
    page.goto("/accounts/2fa/totp/activate/")
    assert page.locator(".qr img").evaluate("image => image.naturalWidth") > 100
    secret = page.locator(".qr .copy-text").inner_text()
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    page.get_by_label("Code").fill(code_to_type(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)

    page.goto("/accounts/2fa/totp/deactivate/")
    page.get_by_role("button", name="Remove the app").click()
    page.wait_for_url("**/accounts/")

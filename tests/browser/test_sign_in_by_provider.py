"""Chromium signs in through a real provider: the one thing that only a browser's own policy can tell."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
import urllib3
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, ROOT, wait_until_up
from tests.browser.test_every_page import in_every_look
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import end, environment


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose people come from oidc-provider-mock, or from a provider that is down."""
    port, provider_port = free_port(), free_port()
    provider = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(provider_port), "--user-claims",
         '{"sub": "1", "preferred_username": "ines", "groups": ["leads"]}'],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    settings = environment(
        prepare(tmp_path_factory.mktemp("site")),
        BIND=f"127.0.0.1:{port}",
        ADMIN_PASSWORD=PASSWORD,
        WORKERS="1",
        RESOLVERS="127.0.0.1:9",
        REMOTE_USER_HEADER="X-Remote-User",
        TRUSTED_PROXIES="127.0.0.1",
        OIDC_PROVIDERS="staff guests",
        OIDC_STAFF_URL=f"http://127.0.0.1:{provider_port}",
        OIDC_STAFF_LABEL="Example Ltd.",
        OIDC_STAFF_CLIENT_ID="e164web",
        OIDC_STAFF_CLIENT_SECRET="secret",
        OIDC_STAFF_TEAMS="leads=Office:manager",
        OIDC_GUESTS_URL=f"http://127.0.0.1:{free_port()}",
        OIDC_GUESTS_CLIENT_ID="e164web",
    )
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_up(server, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
        end(provider, limit=30)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_comes_through_the_provider(there: str, browser: Browser, scripts: bool) -> None:
    context = browser.new_context(base_url=there, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/history/")
    page.get_by_role("button", name="Sign in with Example Ltd.").click()
    page.get_by_role("button", name="1", exact=True).click()
    page.wait_for_url(f"{there}/history/")
    expect(page.locator(".menu-name")).to_have_text("Account of ines")
    context.close()


def test_the_pages_on_the_way_are_accessible_and_fit(there: str, browser: Browser) -> None:
    context = browser.new_context(base_url=there)
    page = context.new_page()
    page.goto("/accounts/login/")
    assert in_every_look(page, "sign-in-providers") == []
    page.get_by_role("button", name="Sign in with Guests").click()
    page.get_by_role("heading", name="Guests cannot be reached").wait_for()
    assert in_every_look(page, "sign-in-provider-down") == []
    page.get_by_role("link", name="Sign in another way").click()
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/numbers/")
    page.goto("/accounts/connections/")
    assert in_every_look(page, "ways-to-sign-in") == []
    context.close()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("X-Remote-User", 200),
        ("x-remote-user", 200),
        ("X_Remote_User", 302),
        ("X-Remote_User", 302),
        ("x_remote_user", 302),
        ("Remote-User", 302),
    ],
)
def test_only_one_spelling_of_the_header_reaches_the_product(there: str, header: str, status: int) -> None:
    answer = requests.get(f"{there}/history/", headers={header: "admin"}, allow_redirects=False, timeout=30)
    assert answer.status_code == status


def test_two_headers_of_that_name_are_nobody(there: str) -> None:
    # As a proxy would pass them on that adds its own to the one of a browser.
    both = urllib3.HTTPHeaderDict([("X-Remote-User", "admin"), ("X-Remote-User", "ines")])
    answer = urllib3.request("GET", f"{there}/history/", headers=both, redirect=False)
    assert answer.status == 403

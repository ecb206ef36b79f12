"""A real browser on the product as a user starts it: `manage.py serve`, gunicorn and all."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faulty_registry import FaultyRegistry
from tests.ports import free_port
from tests.prepared import prepare

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
PASSWORD = "the first administrator's password"
START_SECONDS = 90  # on a busy machine; it usually takes five
expect.set_options(timeout=30_000)  # milliseconds, as long as Playwright waits for clicks and pages


@dataclass(frozen=True)
class Site:
    """The running product, and the registry elsewhere that it may use."""

    url: str
    elsewhere: FaultyRegistry
    data_dir: Path

    def forget_tries(self) -> None:
        """Let the time pass in which a person may try only so many passwords, and forget their choice of colours: all
        tests are one person.
        """
        with sqlite3.connect(self.data_dir / "e164web.sqlite3", timeout=30) as database:
            database.execute("UPDATE dashboard_user SET theme = ''")
            database.execute("DELETE FROM e164web_cache WHERE cache_key LIKE '%:credential_password:%'")
        database.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the session; every test makes what it needs."""
    data_dir = prepare(tmp_path_factory.mktemp("site"))
    with FaultyRegistry(numbers=8) as elsewhere:
        port = free_port()
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("E164WEB_", "DJANGO_"))
        } | {
            "E164WEB_DATA_DIR": str(data_dir),
            "E164WEB_BIND": f"127.0.0.1:{port}",
            "E164WEB_ADMIN_PASSWORD": PASSWORD,
            "E164WEB_REGISTRIES": f"Elsewhere={elsewhere.url}",
            "E164WEB_REGISTRY_CA": elsewhere.ca_path,
            "E164WEB_DEADLINE": "6",
            # Nothing listens there, which is known at once: no test asks the world's resolvers.
            "E164WEB_RESOLVERS": "127.0.0.1:9",
        }
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_up(server, url)
            yield Site(url, elsewhere, data_dir)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS)


class SignedIn:
    """The administrator's session, to open contexts with: a new one before it asks to confirm who one is."""

    FRESH = 600  # seconds, of the fifteen minutes that signing in counts

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.state: Any = None
        self.since = 0.0

    def fresh(self) -> Any:
        """Cookies and storage, as contexts take them."""
        if self.state is None or time.monotonic() - self.since > self.FRESH:
            is_first, self.since = self.state is None, time.monotonic()
            context = self.browser.new_context(base_url=self.site.url)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", "admin")
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/numbers/")
            if is_first:
                # One write, so that the history and the wire view have something to show.
                page.goto("/credentials/1/numbers/3/")
                page.locator("[name=hostdata]").first.fill("robert@example.net")
                page.get_by_role("button", name="Save").first.click()
                expect(page.locator(".outcome")).to_contain_text("The record was changed.")
            self.state = context.storage_state()
            context.close()
        return self.state


@pytest.fixture(scope="session")
def signed_in(site: Site, browser: Browser) -> SignedIn:
    """The administrator's session."""
    return SignedIn(site, browser)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(site: Site, browser: Browser, signed_in: SignedIn) -> Iterator[OpenPage]:
    """Open a signed-in page in a context of its own: width, theme, script and more are Playwright's options."""
    contexts: list[BrowserContext] = []
    site.forget_tries()

    def open_(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=site.url, storage_state=signed_in.fresh(), **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def wait_until_up(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until the product answers. Fails the test where it does not."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):  # noqa: S310 -- our own server
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not come up")

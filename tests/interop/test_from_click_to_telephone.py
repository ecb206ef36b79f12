"""The whole way: a person changes a record in a browser, BIND answers with it, and a Kamailio dials it."""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.interop import bind, kamailio
from tests.interop.kamailio import Room
from tests.interop.zone import records_at
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import LIMIT, ROOT, environment, manage

ZONE = kamailio.ZONE
DIGITS = "16045550123"  # a sample number, which these tests take for a real one
NO_FICTION = """
from dashboard.registry import zones
from dashboard.registry.models import NameServer, Number
Number.objects.update(is_sample=False)
zones.send_everything(NameServer.objects.get())
"""
NAME = f"3.2.1.0.5.5.5.4.0.6.1.{ZONE}"
PASSWORD = "the first administrator's password"


@pytest.fixture
def name_server() -> Iterator[bind.Bind]:
    with bind.running(zone=ZONE) as server:
        yield server


@pytest.fixture
def telephone(name_server: bind.Bind) -> Iterator[Room]:
    with kamailio.asking(name_server.address) as room:
        yield room


@pytest.fixture
def settings_of_site(name_server: bind.Bind) -> dict[str, str]:
    key = name_server.key
    return {
        "BIND": f"127.0.0.1:{free_port()}",
        "ADMIN_PASSWORD": PASSWORD,
        "SUFFIX": ZONE,
        "NAME_SERVERS": str(name_server.address),
        "TSIG_KEY": f"{key.algorithm}:{key.name}:{key.secret}",
        # Nobody listens there: what counts is what the zone's own server says.
        "RESOLVERS": "127.0.0.1:9",
        "WORKERS": "1",
    }


@pytest.fixture
def site(tmp_path: Path, settings_of_site: dict[str, str]) -> Iterator[str]:
    """The product as a new user starts it, with the publisher that it starts itself."""
    url = f"http://{settings_of_site['BIND']}"
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(prepare(tmp_path / "var"), **settings_of_site),
            stdout=log,
            stderr=log,
        )
    try:
        ends = time.monotonic() + LIMIT
        while not _is_up(url):
            assert server.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < ends, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(LIMIT)


@pytest.fixture
def page(site: str, browser: Browser, tmp_path: Path, settings_of_site: dict[str, str]) -> Iterator[Page]:
    """The sample number's page, signed in."""
    manage(tmp_path / "var", "shell", "-c", NO_FICTION, **settings_of_site)
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.get_by_role("link", name="+1 604 555 0123").click()
    yield page
    context.close()


def test_fiction_is_never_sent_to_the_name_server_of_the_first_start(
    site: str, name_server: bind.Bind, tmp_path: Path, settings_of_site: dict[str, str]
) -> None:
    said = manage(tmp_path / "var", "publish", "--once", **settings_of_site)
    assert said.stdout == f"{name_server.address}: 0 numbers sent\n"
    assert manage(tmp_path / "var", "reconcile", **settings_of_site).stdout.endswith(
        "0 records compared, no difference.\n"
    )
    assert records_at(name_server) == set()
    assert "NAPTR" not in manage(tmp_path / "var", "export_zone", "-", **settings_of_site).stdout


def test_what_a_person_saves_is_what_a_telephone_system_dials(
    page: Page, name_server: bind.Bind, telephone: Room, tmp_path: Path, settings_of_site: dict[str, str]
) -> None:
    _await_answer(name_server, "sip:alice@example.org")
    assert telephone.dials(DIGITS) == ("sip:alice@example.org",)

    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("carol@example.net")
    record.get_by_role("button", name="Save").click()
    expect(page.locator(".outcome")).to_contain_text("The record was changed.")

    _await_answer(name_server, "sip:carol@example.net")
    assert telephone.dials(DIGITS) == ("sip:carol@example.net",)
    # The picture, its text and the live check say the same.
    expect(page.locator("#callers")).to_contain_text("sip:carol@example.net")
    expect(page.locator("#dns")).to_contain_text("published", timeout=LIMIT * 1000)
    # So does the prediction for the records that the DNS has.
    predicted = manage(tmp_path / "var", "who_can_call", "+1 604 555 0123", **settings_of_site)
    assert re.search(r'"kamailio": \[\s*"sip:carol@example.net"\s*\]', predicted.stdout), predicted.stderr


def test_a_number_whose_records_are_deleted_is_dialled_no_more(
    page: Page, name_server: bind.Bind, telephone: Room
) -> None:
    _await_answer(name_server, "sip:alice@example.org")

    page.get_by_role("link", name="Delete all").click()
    page.fill("[name=confirm]", "+1 604 555 0123")
    page.get_by_role("button", name="Delete all records").click()
    expect(page.locator("#messages")).to_contain_text("deleted")

    _await_answer(name_server, "")
    assert telephone.dials(DIGITS) == ()


def _await_answer(name_server: bind.Bind, wanted: str) -> None:
    """Until the name server answers with this URI; with nothing at all, where none is wanted."""
    ends = time.monotonic() + LIMIT
    while True:
        answer = name_server.dig(NAME)
        if (wanted in answer) if wanted else not answer.strip():
            return
        assert time.monotonic() < ends, answer
        time.sleep(0.05)


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=1):  # noqa: S310 -- our own server
            return True
    except OSError:
        return False

"""A person signs in and saves a record through each proxy, with the configuration of docs/proxies.md."""

import contextlib
import os
import re
import select
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
import urllib3.util.connection
from playwright.sync_api import BrowserType, expect

from e164web.address import SiteAddress
from e164web.health import is_healthy
from tests.commands.test_serve import Server
from tests.interop import documents
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import LIMIT
from tests.proxies.servers import HOST, PROXIES, Front, running, write_authority
from tests.web.views.pages import elements_of, form_to, notices_of

PASSWORD = "the first administrator's password"
HERE = "127.0.0.77"  # where the browser sits: neither the proxy's address nor e164web's

# What e164web is told, by what the document calls it.
SITES = {
    "default port": "https://enum.example.org/",
    "other port": "https://enum.example.org:{port}/",
    "IPv6": "https://[::1]:{port}/",
    "path": "https://enum.example.org/enum/",
    "path and port": "https://enum.example.org:{port}/enum/",
}


@dataclass(frozen=True)
class Site:
    """A running e164web, and the port at which a proxy is to serve it."""

    address: SiteAddress
    port: int
    server: Server

    behind: str

    def front(self, path: str = "") -> Front:
        """What its proxy has to do."""
        return Front(self.address.named_host, self.port, self.behind, path)


@contextlib.contextmanager
def serving(kind: str, folder: Path) -> Iterator[Site]:
    """e164web, told the address that `kind` has in SITES."""
    port = free_port()
    address = SiteAddress.parse(SITES[kind].format(port=port))
    # One of them is reached over IPv6 itself.
    here, host = ("::1", "[::1]") if kind == "path and port" else ("127.0.0.1", "127.0.0.1")
    server = Server(
        prepare(folder),
        host=host,
        URL=str(address),
        TRUSTED_PROXIES=here,
        ADMIN_PASSWORD=PASSWORD,
        WORKERS="1",
        PUBLISHER="0",
    )
    try:
        server.wait()
        assert f"e164web serves at {address} (listening at" in server.said
        yield Site(address, port, server, f"{host}:{server.port}")
    finally:
        server.stop()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """e164web as a kind says, started when first asked for: one for all proxies."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(serving(kind, tmp_path_factory.mktemp("site"))))


@pytest.fixture
def site(request: pytest.FixtureRequest, sites: Callable[[str], Site]) -> Site:
    """That of a kind."""
    return sites(request.param)


@pytest.fixture
def browser_session(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[requests.Session]:
    """Somebody elsewhere, for whom enum.example.org:443 is where the proxy listens."""
    connect = urllib3.util.connection.create_connection

    def through(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        if address[0] == HOST:
            options["source_address"] = (HERE, 0)
            address = ("127.0.0.1", site.port)
        return connect(address, *args, **options)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", through)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = write_authority(tmp_path / "ca.pem")
        # What a client claims itself must not count.
        session.headers["X-Forwarded-For"] = "203.0.113.9"
        session.headers["X-Forwarded-Proto"] = "http"
        session.headers["Forwarded"] = "for=203.0.113.9;proto=http"
        yield session


def use(session: requests.Session, address: SiteAddress, typed: str) -> None:
    """Sign in, change a record, and see that all of it happens at this address."""
    root = str(address)

    def send(page: requests.Response, action: str, **typed: str) -> requests.Response:
        form = form_to(page, action)
        headers = {"Origin": address.origin, "Referer": page.url}
        return session.post(urljoin(page.url, action), form.fields | typed, headers=headers)

    page = session.get(root)
    assert page.url == f"{root}accounts/login/?next={address.prefix}/"
    for tag, name in (("link", "href"), ("script", "src")):
        for element in elements_of(page, tag):
            if element.get("type") == "application/json":
                continue  # data for the scripts
            assert element[name].startswith(f"{address.prefix}/static/")
            assert session.get(urljoin(root, element[name])).status_code == 200

    page = send(page, f"{address.prefix}/accounts/login/", login="admin", password=PASSWORD)
    assert (page.status_code, page.url) == (200, f"{root}credentials/1/numbers/")
    assert {(cookie.path, cookie.secure) for cookie in session.cookies} == {(address.prefix or "/", True)}

    page = session.get(f"{root}credentials/1/numbers/1/")
    (action, *_) = re.findall(r'action="([^"]+/records/\d+/)"', page.text)
    changed = send(page, action, hostdata=typed)
    assert changed.status_code == 200, changed.text
    assert changed.url.startswith(f"{root}credentials/1/numbers/1/")
    assert notices_of(changed)

    forged = session.post(urljoin(root, action), {}, headers={"Origin": "https://elsewhere.example", "Referer": root})
    assert forged.status_code == 403
    assert "Origin: https://elsewhere.example" in forged.text


def asked_from(session: requests.Session, site: Site, name: str) -> str:
    """The address that e164web counts a client as, which it tells in the log of a wrong login at its registry."""
    form = {"version": "1", "command": "ping", "username": name, "password": "wrong"}
    answer = session.post(f"{site.address}e164/api", form)
    assert (answer.status_code, "code=login" in answer.text) == (200, True)
    stdout, ends = site.server.process.stdout, time.monotonic() + LIMIT
    assert stdout is not None
    said = ""
    while not (found := re.search(r"Wrong login from (\S+)\n", said)):
        assert time.monotonic() < ends, said
        if select.select([stdout], [], [], 1)[0]:
            said += os.read(stdout.fileno(), 65_536).decode()
    return found[1]


# What asks the same site is run by the same process, which starts it once.
CASES = [
    pytest.param(kind, path, id=f"{kind} {path}".strip(), marks=pytest.mark.xdist_group(kind))
    for kind in SITES
    for path in (("whole", "off") if kind.startswith("path") else ("",))
]


@pytest.mark.parametrize("program", PROXIES)
@pytest.mark.parametrize(("site", "path"), CASES, indirect=["site"])
def test_a_person_signs_in_and_saves_a_record(
    program: str, site: Site, path: str, browser_session: requests.Session
) -> None:
    with running(program, site.front(path)):
        use(browser_session, site.address, f"{program}-{path or 'root'}@proxy.example")
        client = asked_from(browser_session, site, f"{program} {path}")
    assert client == ("::1" if site.address.host == "::1" else HERE)
    assert is_healthy(site.behind)


@pytest.mark.parametrize("program", PROXIES)
def test_a_configuration_that_is_wrong_says_so(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        proxy = PROXIES[program](Path(folder), Front(HOST, free_port(), "127.0.0.1:9"))
        for path in (*proxy.folder.glob("*.c*f*"), proxy.folder / "Caddyfile"):
            path.write_text("this is no { configuration\n")
        with pytest.raises(RuntimeError, match="does not serve"):
            proxy.start()


def test_a_real_browser_works_below_a_path(
    tmp_path: Path, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> None:
    with serving("path", tmp_path) as site, running("nginx", site.front("whole")):
        mapped = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{site.port}"
        arguments = [*browser_type_launch_args["args"], mapped]
        browser = browser_type.launch(**browser_type_launch_args | {"args": arguments})
        try:
            page = browser.new_context(base_url=str(site.address), ignore_https_errors=True).new_page()
            failed: list[str] = []
            page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
            page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
            page.goto("/enum/")
            page.fill("[name=login]", "admin")
            page.fill("[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(f"{site.address}credentials/1/numbers/")
            page.goto("/enum/credentials/1/numbers/1/")
            # htmx asks for the preview while one types, and sends the form.
            with page.expect_response(f"{site.address}preview/"):
                page.locator("[name=hostdata]").first.fill("chromium@proxy.example")
            page.get_by_role("button", name="Save").first.click()
            expect(page.locator(".outcome")).to_have_text("The record was changed.")
            assert page.url.startswith(f"{site.address}credentials/1/numbers/")
            assert failed == []
        finally:
            browser.close()


def test_the_documents_point_to_files_that_exist() -> None:
    links = documents.links("proxies.md")
    assert links
    assert [link for link in links if not (documents.DOCS / link).is_file()] == []

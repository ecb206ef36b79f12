"""Providers, real and faulty, and people who come through them."""

import html
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client as Browser

from e164web import conf
from e164web.environment import PREFIX
from tests.e164web.sign_in.oidc.faulty_provider import FaultyProvider
from tests.ports import free_port
from tests.programs import end

SECRET = "the client's secret, which nobody may read"
Configure = Callable[..., None]


class RealProvider:
    """oidc-provider-mock, in a process of its own as a provider is."""

    def __init__(self, url: str) -> None:
        self.url = url

    def has(self, sub: str, **claims: object) -> None:
        """Set everything that the provider says about a person."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=30).raise_for_status()

    def lets_in(self, address: str, sub: str) -> str:
        """Press the button on the provider's page as this person; the address to which it sends the browser."""
        response = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=30)
        return response.headers["Location"]

    def cancel(self, address: str) -> str:
        """Press the other button."""
        return requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=30).headers["Location"]


class Visitor(Browser):
    """A browser that can go to a provider and come back."""

    def leave_for(self, provider: str, **fields: str) -> str:
        """Press a provider's button; the address at the provider to which the page goes on."""
        page = self.post(f"/accounts/oidc/{provider}/login/", fields)
        assert page.status_code == 200, page.content.decode()
        found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', page.content.decode())
        assert found
        return html.unescape(found[1])

    def come_back(self, address: str) -> Any:
        """Follow the provider's redirect, and those of our own pages."""
        parts = urlsplit(address)
        return self.get(f"{parts.path}?{parts.query}", follow=True)

    def sign_in(self, provider: RealProvider, sub: str, **fields: str) -> Any:
        """The whole way through the real provider."""
        return self.come_back(provider.lets_in(self.leave_for("real", **fields), sub))

    def sign_in_at(self, faulty: FaultyProvider, **fields: str) -> Any:
        """The whole way through the faulty one."""
        query = parse_qs(urlsplit(self.leave_for("faulty", **fields)).query)
        faulty.nonce = query["nonce"][0]
        return self.come_back(f"{query['redirect_uri'][0]}?code=c&state={query['state'][0]}")

    @property
    def name(self) -> str | None:
        """Who is signed in."""
        page = self.get("/history/")
        return page.context["user"].username if page.status_code == 200 else None


@pytest.fixture(scope="session")
def real_server() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _try in range(600):
            try:
                requests.get(url, timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        end(server, limit=30)


@pytest.fixture
def real(real_server: str, configure: Configure) -> RealProvider:
    """The real provider, in the settings as "real"."""
    configure(real=real_server)
    return RealProvider(real_server)


@pytest.fixture
def faulty(configure: Configure) -> Iterator[FaultyProvider]:
    """The faulty provider, in the settings as "faulty"."""
    with FaultyProvider() as provider:
        configure(faulty=provider.url)
        yield provider


@pytest.fixture
def configure(settings: Any, tmp_path: Path) -> Configure:
    """Set providers by name and address, and more settings of each, as an environment would."""
    environment: dict[str, str] = {"DATA_DIR": str(tmp_path / "var")}
    names: list[str] = []

    def set_(more: dict[str, str] | None = None, **urls: str) -> None:
        for name, url in urls.items():
            names.append(name)
            own = {"URL": url, "CLIENT_ID": "e164web", "CLIENT_SECRET": SECRET}
            environment.update({f"OIDC_{name.upper()}_{field}": value for field, value in own.items()})
        environment.update(more or {}, OIDC_PROVIDERS=" ".join(names))
        read = conf.read({PREFIX + name: value for name, value in environment.items()}, tmp_path)
        assert read.problems == []
        settings.E164WEB = replace(
            settings.E164WEB, oidc_providers=read.oidc_providers, local_login=read.local_login, connect_timeout=2.0
        )

    return set_


@pytest.fixture
def visitor(db: None, quick_hasher: None) -> Visitor:
    """A browser of somebody who is not signed in, and who has not tried to for a while."""
    cache.clear()
    return Visitor()

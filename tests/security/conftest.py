"""What the attacks share: a site that needs no collected files, an evil registry, and the product as it is served."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from dashboard import client
from dashboard.models import Credential, Registry, User
from tests.commands.test_serve import Server
from tests.fixtures_people import sealed_credential
from tests.security.evil_registry import EvilRegistry

ADMIN_PASSWORD = "the first administrator's password"


@pytest.fixture(autouse=True)
def site(settings: Any, tmp_path: Path) -> None:
    """A folder for static files that exists and is empty, and rate limits that begin at nothing."""
    settings.STATIC_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def anonymous(db: None) -> Browser:
    """The browser of somebody who has not signed in."""
    return Browser()


@pytest.fixture
def evil() -> Iterator[EvilRegistry]:
    """A registry that an administrator allowed and that turned out to be evil."""
    with EvilRegistry() as running:
        yield running
    client.reset()


@pytest.fixture
def at_evil(person: User, evil: EvilRegistry) -> Credential:
    """Alice's credential there."""
    registry = Registry.objects.create(name="Evil", url=evil.url, ca_bundle=evil.ca_path)
    return sealed_credential(person, registry, "alice", "0" * 32, "Evil")


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product as a user starts it, with two worker processes."""
    running = Server(tmp_path_factory.mktemp("attacked"), ADMIN_PASSWORD=ADMIN_PASSWORD)
    running.wait()
    yield running
    running.stop()

"""Fixtures for tests that talk to a registry through a real socket."""

from collections.abc import Iterator

import pytest

from dashboard import client
from tests.faulty_registry import FaultyRegistry


@pytest.fixture
def registry() -> Iterator[FaultyRegistry]:
    """A sound registry with three numbers of two records each; `registry.fault()` makes it unsound."""
    with FaultyRegistry() as running:
        yield running
    client.reset()


@pytest.fixture
def registry_client(registry: FaultyRegistry) -> client.Client:
    """The product's client with a credential of `registry`, and a deadline that keeps tests quick."""
    return client.Client(registry.url, registry.username, registry.secret, ca_bundle=registry.ca_path, deadline=1)

"""What the tests of services share: a number at a registry on a real socket, and short deadlines."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.client import Client
from dashboard.models import Credential, User
from dashboard.services.credentials.connection import connect
from tests.faulty_registry import FaultyRegistry


@pytest.fixture
def set_deadline(settings: Any) -> Callable[[float], None]:
    """Change how long registries may be asked, in seconds."""

    def change(seconds: float) -> None:
        settings.E164WEB = dataclasses.replace(settings.E164WEB, deadline=seconds, connect_timeout=seconds)

    return change


@pytest.fixture
def connected(person: User, remote: Credential) -> Client:
    """A client that speaks for Alice at the registry on a real socket."""
    return connect(person, remote)


@pytest.fixture
def number_id(registry: FaultyRegistry) -> int:
    """The first number there."""
    return registry.number_ids[0]


@pytest.fixture
def record_ids(registry: FaultyRegistry, number_id: int) -> list[int]:
    """Its two records."""
    return list(registry.store.numbers[number_id].records)

"""Programs that ask the API, each with a token of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from dashboard.models import Credential, Scope, User
from dashboard.registry.models import Account, Number
from dashboard.services.tokens import limits
from tests.api.program import Program, token_of
from tests.faulty_registry import FaultyRegistry
from tests.web.views.far import Far


@pytest.fixture(autouse=True)
def no_counts(db: None) -> None:
    """Counts of requests and guesses begin at nothing."""
    cache.clear()
    limits._taken.clear()


@pytest.fixture
def numbers(account: Account) -> list[Number]:
    """The sample numbers in the embedded registry: of three records, of one, and of one."""
    return list(account.numbers.order_by("pk"))


@pytest.fixture
def far(remote: Credential, registry: FaultyRegistry) -> Far:
    """A number at the registry on a real socket."""
    return Far(registry, remote)


@pytest.fixture
def program(person: User) -> Program:
    """A program that may do what Alice may."""
    return Program(token_of(person))


@pytest.fixture
def reader(person: User) -> Program:
    """A program of Alice's that may only read."""
    return Program(token_of(person, scope=Scope.READ))


@pytest.fixture
def address(credential: Credential, numbers: list[Number]) -> str:
    """The first sample number."""
    return f"/api/v1/credentials/{credential.pk}/numbers/{numbers[0].pk}"


@pytest.fixture
def far_address(far: Far) -> str:
    """The number at the registry on a real socket."""
    return f"/api/v1/credentials/{far.credential.pk}/numbers/{far.number}"


@pytest.fixture
def set_deadline(settings: Any) -> Callable[[float], None]:
    """Change how long an answer may take, in seconds."""
    import dataclasses

    def change(seconds: float) -> None:
        settings.E164WEB = dataclasses.replace(settings.E164WEB, deadline=seconds, connect_timeout=seconds)

    return change

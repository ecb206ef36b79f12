"""What the tests of undo share: the history of a number at a registry on a real socket."""

import pytest

from dashboard.models import Credential
from tests.far import Far
from tests.faulty_registry import FaultyRegistry
from tests.services.undo.history import History


@pytest.fixture
def history(remote: Credential, number_id: int) -> History:
    """That of the first number there, made as a test wants it."""
    return History(remote, number_id)


@pytest.fixture
def far(remote: Credential, registry: FaultyRegistry) -> Far:
    """That number."""
    return Far(registry, remote)

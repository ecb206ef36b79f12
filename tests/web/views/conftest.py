"""What the tests of pages share: browsers of several kinds, and a site that needs no collected files."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from dashboard.models import Credential, User
from dashboard.registry.models import Account, Number
from tests.faulty_registry import FaultyRegistry
from tests.second_factors import Clock, standing_clock
from tests.web.views.far import Far


@pytest.fixture(autouse=True)
def site(settings: Any, tmp_path: Path) -> None:
    """A folder for static files that exists and is empty, and counts of sign-ins that begin at nothing."""
    settings.STATIC_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def set_deadline(settings: Any) -> Callable[[float], None]:
    """Change how long a page may ask registries, in seconds."""

    def change(seconds: float) -> None:
        settings.E164WEB = dataclasses.replace(settings.E164WEB, deadline=seconds, connect_timeout=seconds)

    return change


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock that codes are of, which a test puts forward."""
    with standing_clock() as clock:
        yield clock


@pytest.fixture
def anonymous(db: None) -> Browser:
    """The browser of somebody who has not signed in."""
    return Browser()


@pytest.fixture
def careful(person: User) -> Browser:
    """Alice's browser, for which forms need the token against forgery as in the real product."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(person)
    return browser


@pytest.fixture
def numbers(account: Account) -> list[Number]:
    """The sample numbers in the embedded registry: of three records, of one, and of one."""
    return list(account.numbers.order_by("pk"))


@pytest.fixture
def address(credential: Credential, numbers: list[Number]) -> str:
    """The page of the first sample number."""
    return f"/credentials/{credential.pk}/numbers/{numbers[0].pk}/"


@pytest.fixture
def far(remote: Credential, registry: FaultyRegistry) -> Far:
    """A number at the registry on a real socket."""
    return Far(registry, remote)

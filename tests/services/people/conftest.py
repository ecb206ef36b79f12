"""What the tests of people share: what was noted in the audit trail, and two who act at one instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from dashboard.services import audit

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What was noted: the event, by whom, and the words."""
    found: list[tuple[str, str, str]] = []

    def note(event: str, *, by: object, words: str = "", **_about: object) -> None:
        found.append((event, str(by), words))

    monkeypatch.setattr(audit, "note", note)
    return found


@pytest.fixture
def at_once() -> AtOnce:
    """Call functions at one instant, in a thread each: what they return, or the exception that they raise."""

    def call(*functions: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(functions))

        def one(function: Callable[[], Any]) -> Any:
            gate.wait(60)
            try:
                return function()
            except Exception as error:  # noqa: BLE001 -- the test looks at it
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(one, functions))

    return call

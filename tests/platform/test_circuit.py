"""A server that was too slow several times is left alone, and asked again by one call."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.platform.circuit import REST, TIMEOUTS, Circuit
from tests.programs import ROOT, environment

SERVER = "https://registry.example/api"


class Open(Exception):
    """The call was not made."""


@pytest.fixture
def circuit(settings: Any, tmp_path: Path) -> Circuit:
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path)
    return Circuit(SERVER)


@pytest.fixture
def opened(circuit: Circuit) -> Circuit:
    for _ in range(TIMEOUTS):
        circuit.timed_out()
    return circuit


def is_refused(circuit: Circuit, *, may_probe: bool = True) -> bool:
    try:
        with circuit.passed(Open, may_probe=may_probe):
            return False
    except Open:
        return True


def rest(tmp_path: Path) -> None:
    """As if it had been open for long enough."""
    (file,) = (tmp_path / "circuits").iterdir()
    os.utime(file, (0, time.time() - REST))


def test_it_opens_after_some_timeouts_in_a_row(circuit: Circuit) -> None:
    for _ in range(TIMEOUTS - 1):
        circuit.timed_out()
    assert not is_refused(circuit)
    circuit.timed_out()
    assert is_refused(circuit)
    assert not is_refused(Circuit("https://another.example/api"))


def test_an_answer_between_them_counts(circuit: Circuit) -> None:
    for _ in range(TIMEOUTS - 1):
        circuit.timed_out()
    circuit.answered()
    circuit.timed_out()
    assert not is_refused(circuit)


def test_after_a_while_one_call_at_a_time_is_let_through(opened: Circuit, tmp_path: Path) -> None:
    rest(tmp_path)
    with opened.passed(Open, may_probe=True):
        assert is_refused(opened)
    assert not is_refused(opened)


def test_a_probe_that_is_answered_closes_it(opened: Circuit, tmp_path: Path) -> None:
    rest(tmp_path)
    with ExitStack() as calls:
        calls.enter_context(opened.passed(Open, may_probe=True))
        opened.answered()
        calls.enter_context(opened.passed(Open, may_probe=True))
    assert not list((tmp_path / "circuits").iterdir())


def test_a_probe_that_is_not_opens_it_again(opened: Circuit, tmp_path: Path) -> None:
    rest(tmp_path)
    with opened.passed(Open, may_probe=True):
        opened.timed_out()
    assert is_refused(opened)


def test_not_every_call_may_be_the_probe(opened: Circuit, tmp_path: Path) -> None:
    rest(tmp_path)
    assert is_refused(opened, may_probe=False)
    opened.answered()
    assert not is_refused(opened, may_probe=False)


def test_another_process_knows(opened: Circuit, tmp_path: Path) -> None:
    asks = f"""
import django; django.setup()
from tests.platform.test_circuit import Circuit, is_refused
print(is_refused(Circuit({SERVER!r})))
"""
    environ = environment(tmp_path) | {"DJANGO_SETTINGS_MODULE": "e164web.settings"}
    said = subprocess.run(
        [sys.executable, "-c", asks], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert said.stdout == "True\n"

"""Places by name: so many and no more, among threads and processes, and free again however a holder ended."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.platform import places
from tests.programs import LIMIT, ROOT, environment

HOLD = """
import sys, django
django.setup()
from dashboard.platform import places
with places.one_of("a", 3) as has_one:
    print(has_one, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path)


def hold(data_dir: Path) -> "subprocess.Popen[str]":
    """Another process that tries to hold one of three places, until it is told to end."""
    environ = environment(data_dir) | {"DJANGO_SETTINGS_MODULE": "e164web.settings"}
    command = [sys.executable, "-c", HOLD]
    return subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_there_are_so_many_of_a_name_and_no_more() -> None:
    with ExitStack() as stack:
        assert [stack.enter_context(places.one_of("a", 3)) for _ in range(4)] == [True, True, True, False]
        assert stack.enter_context(places.one_of("b", 1))
    with places.one_of("a", 1) as has_one:
        assert has_one


def test_processes_share_them_and_a_killed_one_holds_none(tmp_path: Path) -> None:
    with places.one_of("a", 3) as ours:
        others = [hold(tmp_path) for _ in range(3)]
        assert ours
        assert sorted(map(said, others)) == ["False", "True", "True"]
        for other in others:
            other.kill()
            other.communicate(timeout=LIMIT)
        with ExitStack() as stack:
            assert [stack.enter_context(places.one_of("a", 3)) for _ in range(3)] == [True, True, False]


def test_many_threads_never_hold_one_place_together() -> None:
    inside, most, taken = 0, 0, 0
    count = threading.Lock()

    def take() -> None:
        nonlocal inside, most, taken
        for _ in range(200):
            with places.one_of("a", 2) as has_one:
                with count:
                    inside, taken = inside + has_one, taken + has_one
                    most = max(most, inside)
                with count:
                    inside -= has_one

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken
    assert most <= 2

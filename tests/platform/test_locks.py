"""Locks by name: one holder at a time, and free again however the holder ended."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from dashboard.platform import locks
from tests.programs import LIMIT, ROOT

HOLD = """
import sys, django
from django.db import connection
django.setup()
connection.settings_dict["NAME"] = sys.argv[2]
from dashboard.platform import locks
with locks.held(sys.argv[1], locks.at_once) as has_it:
    print(has_it, flush=True)
    sys.stdin.read()
"""


def hold(name: str) -> "subprocess.Popen[str]":
    """Another process that tries to hold a lock, until it is told to end."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "e164web.settings"}
    environment["E164WEB_DATA_DIR"] = str(django_settings.E164WEB.data_dir)
    command = [sys.executable, "-c", HOLD, name, str(connection.settings_dict["NAME"])]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=LIMIT)


@pytest.fixture(autouse=True)
def folder(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> None:
    request.getfixturevalue("transactional_db")
    settings.E164WEB = replace(settings.E164WEB, data_dir=tmp_path)


def test_only_one_process_holds_a_lock(tmp_path: Path) -> None:
    with locks.held("seven", locks.at_once) as has_it:
        assert has_it
        other, another = hold("seven"), hold("eight")
        assert (said(other), said(another)) == ("False", "True")
        end(other)
        end(another)
    again = hold("seven")
    assert said(again) == "True"
    end(again)


def test_a_lock_is_free_when_its_holder_was_killed() -> None:
    holder = hold("seven")
    assert said(holder) == "True"
    tries: list[float] = []

    def wait(seconds: float) -> bool:
        tries.append(seconds)
        holder.kill()
        end(holder)
        return len(tries) > 100

    with locks.held("seven", wait) as has_it:
        assert has_it
    assert tries


def test_threads_of_one_process_keep_each_other_out() -> None:
    results: list[bool] = []

    def try_it() -> None:
        with locks.held("seven", locks.at_once) as has_it:
            results.append(has_it)
        connection.close()

    with locks.held("seven", locks.at_once):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert results == [False]


def test_many_threads_that_take_a_lock_in_turn_never_hold_it_together() -> None:
    """Also not in the moment in which a holder removes its file and the next one has opened it already."""
    inside, most, taken = 0, 0, 0
    count = threading.Lock()

    def take() -> None:
        nonlocal inside, most, taken
        for _ in range(20):
            with locks.held("seven", locks.after(LIMIT), look_every=0) as has_it:
                with count:
                    inside, taken = inside + has_it, taken + has_it
                    most = max(most, inside)
                with count:
                    inside -= has_it
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken, most) == (80, 1)


def test_waiting_ends_when_its_time_is_over_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with locks.held("seven", locks.at_once), locks.held("eight", locks.at_once) as has_it:
        assert has_it
        results: list[bool] = []
        thread = threading.Thread(target=_wait_for_seven, args=[results])
        thread.start()
        thread.join()
    assert results == [False]
    assert not list((tmp_path / locks.FOLDER).glob("*"))


def _wait_for_seven(results: list[bool]) -> None:
    with locks.held("seven", locks.after(0.05), look_every=0.01) as has_it:
        results.append(has_it)
    connection.close()

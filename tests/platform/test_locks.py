"""Locks of publishers: one holder at a time, and free again however the holder ended."""

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
with locks.held(int(sys.argv[1]), lambda _: True) as has_it:
    print(has_it, flush=True)
    sys.stdin.read()
"""


def hold(number: int) -> "subprocess.Popen[str]":
    """Another process that tries to hold a lock, until it is told to end."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "e164web.settings"}
    environment["E164WEB_DATA_DIR"] = str(django_settings.E164WEB.data_dir)
    command = [sys.executable, "-c", HOLD, str(number), str(connection.settings_dict["NAME"])]
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
    with locks.held(7, lambda _: True) as has_it:
        assert has_it
        other, another = hold(7), hold(8)
        assert (said(other), said(another)) == ("False", "True")
        end(other)
        end(another)
    again = hold(7)
    assert said(again) == "True"
    end(again)


def test_a_lock_is_free_when_its_holder_was_killed() -> None:
    holder = hold(7)
    assert said(holder) == "True"
    tries: list[float] = []

    def wait(seconds: float) -> bool:
        tries.append(seconds)
        holder.kill()
        end(holder)
        return len(tries) > 100

    with locks.held(7, wait) as has_it:
        assert has_it
    assert tries


def test_threads_of_one_process_keep_each_other_out() -> None:
    results: list[bool] = []

    def try_it() -> None:
        with locks.held(7, lambda _: True) as has_it:
            results.append(has_it)
        connection.close()

    with locks.held(7, lambda _: True):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert results == [False]

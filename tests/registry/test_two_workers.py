"""Two processes with several threads each on one SQLite file, as gunicorn runs them."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registry.worker import THREADS

ROOT = Path(__file__).parents[2]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a worker on a database of its own, which is made first."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("E164WEB_")}
    environment["E164WEB_DATA_DIR"] = str(tmp_path)

    def run(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.registry.worker", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)

    assert finish(run("prepare")) == ""
    return run


def finish(worker: "subprocess.Popen[str]") -> str:
    output, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    return output


def test_writers_at_the_same_time_all_come_through(start: Start, tmp_path: Path) -> None:
    workers = [start("write", "1"), start("write", "2")]
    for worker in workers:
        finish(worker)
    (database,) = tmp_path.glob("*.sqlite3")
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute("SELECT preference, hostdata FROM registry_record").fetchall()
    finally:
        connection.close()
    assert len(rows) == 2 * THREADS * 5
    assert {hostdata for _, hostdata in rows} == {f"changed{preference}@example.org" for preference, _ in rows}


def test_a_number_that_many_make_at_one_instant_is_one(start: Start) -> None:
    workers = [start("make"), start("make")]
    made = [line for worker in workers for line in finish(worker).split()]
    assert (len(made), len(set(made))) == (2 * THREADS, 1)


def test_parallel_requests_with_one_login_cost_one_hash_in_a_process(start: Start) -> None:
    assert finish(start("log-in")).strip() == "1"

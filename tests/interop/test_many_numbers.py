"""One machine with SQLite: an account of many numbers is read, searched, moved, taken back, carried over, backed up.

E164WEB_TEST_NUMBERS=10000 tells it with as many.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import requests

from tests.interop import bind, story
from tests.interop.story import NUMBERS, Story, until
from tests.ports import free_port
from tests.prepared import prepare
from tests.programs import ROOT, end, environment

ZONE = "e164.test"


@contextmanager
def program(name: str, folder: Path, settings: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that runs meanwhile."""
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", name], cwd=ROOT, env=environment(folder, **settings), stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            end(process, limit=story.LIMIT)


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


def test_an_account_is_moved_by_a_job_that_is_killed_and_all_of_it_comes_back(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "var")

    def ask(query: str, *values: object) -> object:
        with closing(
            sqlite3.connect(f"file:{folder / 'e164web.sqlite3'}?mode=ro", uri=True, timeout=story.LIMIT)
        ) as db:
            return db.execute(query.replace("%s", "?"), values).fetchone()[0]

    with ExitStack() as stack:
        registry = stack.enter_context(story.slow_registry())
        server = stack.enter_context(bind.running(zone=ZONE))
        address = f"127.0.0.1:{free_port()}"
        settings = {
            "BIND": address,
            "ADMIN_PASSWORD": story.PASSWORD,
            "SAMPLE_DATA": "0",
            "WORKERS": "1",
            "WORKER": "0",
            "PUBLISHER": "0",
            **story.of_registry(registry),
            **story.of_name_server(server),
        }
        told = Story(folder, settings, f"http://{address}", ask, registry)
        with ExitStack() as programs:
            site = programs.enter_context(program("serve", folder, settings))
            until(lambda: is_up(told.url), lambda: f"{site.poll()} {(folder / 'serve.log').read_text()}")
            victim = programs.enter_context(program("work", folder, settings))
            told.begin()
            told.await_refresh()
            before = story.records_of(registry)
            job = told.prepare_move()
            told.start(job)
            until(lambda: registry.count("update") >= NUMBERS / 3, "the job does not go on")
            end(victim, limit=story.LIMIT, kill=True)
            assert registry.count("update") < NUMBERS
            programs.enter_context(program("work", folder, settings))
            told.await_done(job)
            told.insist_on_request(job)
            assert story.sent(registry) == {1: NUMBERS}
            assert story.records_of(registry) != before

            undone = told.undo(job)
            told.start(undone)
            told.await_done(undone)
            assert story.records_of(registry) == before
            assert story.sent(registry) == {2: NUMBERS}

            told.carry_over(server, tmp_path)
            backup = told.back_up(tmp_path / "backups")
        told.restore(backup)

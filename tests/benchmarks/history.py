"""A long history: a page of it that is searched, to a bare view, and all of it as a file, on both databases."""

import contextlib
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import requests

from tests import postgresql
from tests.benchmarks.browser import USERNAME, Person
from tests.benchmarks.cpu import EACH, Page
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.fill_history import COMMON, RARE
from tests.benchmarks.processes import MEGABYTE, StartError, children, memory, program, run
from tests.benchmarks.scene import NEAR, bare_view, start_registry
from tests.benchmarks.web import BrokenReplyError, get
from tests.faulty_registry import FaultyRegistry
from tests.ports import free_port

SEARCH_RATIO = 8
EXPORT_RATIO = 1.5
WORKER_MB = 150
SEARCHED = {"that most have": COMMON, "that one of 10,000 has": RARE}
BLOCK = 1_000_000  # bytes


def history(effort: Effort) -> Iterator[Figure]:
    """The figures of SQLite, and then those of PostgreSQL. Raises StartError where that is not installed."""
    yield from _measured("SQLite", {}, effort)
    if postgresql.program("initdb") is None:
        raise StartError("PostgreSQL is not installed")
    with postgresql.running() as url:
        yield from _measured("PostgreSQL", {"E164WEB_DATABASE_URL": url}, effort)


def _measured(database: str, own: dict[str, str], effort: Effort) -> Iterator[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        registry = start_registry(stack, folder, NEAR)
        port, bare_port = free_port(), free_port()
        settings = own | {
            "E164WEB_DATA_DIR": str(folder / "var"),
            "E164WEB_BIND": f"127.0.0.1:{port}",
            "E164WEB_ADMIN_PASSWORD": secrets.token_urlsafe(16),
            "E164WEB_SAMPLE_DATA": "0",
            "E164WEB_PUBLISHER": "0",
            "E164WEB_WORKERS": "1",
            "E164WEB_REGISTRIES": f"{NEAR.name}={registry.url}",
            "E164WEB_REGISTRY_CA": registry.ca_bundle,
        }
        master = stack.enter_context(program(["manage.py", "serve"], port, folder / "serve.log", settings))
        person = Person(port)
        person.sign_in(settings["E164WEB_ADMIN_PASSWORD"])
        person.add_credential(NEAR.name, FaultyRegistry.username, FaultyRegistry.password)
        run(["-m", "tests.benchmarks.fill_history", USERNAME, str(effort.history)], settings)
        registry.number_ids = [number.id for number in registry.client().list()]
        bare_master = stack.enter_context(bare_view(folder, bare_port, settings, registry))
        bare = Page(
            name="bare view, server CPU",
            requests=[get(f"/bare/{number_id}/") for number_id in registry.number_ids],
            port=bare_port,
            processes=[bare_master, *children(bare_master)],
        )
        processes = [master, *children(master)]
        for words, text in SEARCHED.items():
            request = get(f"/history/?q={text}", {"Cookie": person.cookie})
            name = f"{database}, page of {effort.history:,} changes with a text {words}"
            yield from _searched(Page(name=name, requests=[request], port=port, processes=processes), bare, effort)
        yield from _exported(database, port, person, settings, children(master), effort)


def _searched(page: Page, bare: Page, effort: Effort) -> Iterator[Figure]:
    bare.times.clear()
    for turn in range(effort.history_rounds + 1):
        spent = [one.spend(turn * EACH) for one in (page, bare)]
        if turn:  # the first is for warming up
            page.times.append(spent[0])
            bare.times.append(spent[1])
    yield Figure(name=page.name, measured=page.median, unit="ms", of=f"server CPU; a bare view {bare.median:.1f} ms")
    yield Figure(
        name="the same, to a bare view",
        measured=statistics.median(mine / base for mine, base in zip(page.times, bare.times, strict=True)),
        unit="times",
        target=SEARCH_RATIO,
        of=f"{len(page.times)} rounds in turn",
    )


def _exported(
    database: str, port: int, person: Person, settings: dict[str, str], workers: list[int], effort: Effort
) -> Iterator[Figure]:
    bare = float(run(["-m", "tests.benchmarks.bare_export"], settings))
    began = time.perf_counter()
    lines = _download(f"http://127.0.0.1:{port}/history/?export=jsonl", person.cookie)
    took = time.perf_counter() - began
    if lines != effort.history:
        raise BrokenReplyError(f"the file has {lines} lines")
    yield Figure(
        name=f"{database}, {lines:,} changes as a file, to the bare query with its JSON",
        measured=took / bare,
        unit="times",
        target=EXPORT_RATIO,
        of=f"{took:.1f} and {bare:.1f} s",
    )
    peak = max(memory(worker).peak for worker in workers) / MEGABYTE
    yield Figure(name=f"{database}, worker's memory, peak", measured=peak, unit="MB", target=WORKER_MB, of="the file")


def _download(address: str, cookie: str) -> int:
    """How many lines a file has that is read and thrown away."""
    with contextlib.closing(requests.get(address, headers={"Cookie": cookie}, stream=True, timeout=600)) as answer:
        if answer.status_code != requests.codes.ok:
            raise BrokenReplyError(f"{address} answered {answer.status_code}")
        return sum(block.count(b"\n") for block in answer.iter_content(BLOCK))

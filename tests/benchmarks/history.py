"""A long history: a page of it that is searched, to a bare view, and all of it as a file, on both databases."""

import contextlib
import time
from collections.abc import Iterator

import requests

from tests.benchmarks import fill_history
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.fill_history import COMMON, RARE
from tests.benchmarks.large import LargeSite, on_both_databases
from tests.benchmarks.processes import MEGABYTE, memory, run
from tests.benchmarks.web import BrokenReplyError

EXPORT_RATIO = 1.5
WORKER_MB = 150
SEARCHED = {"that most have": COMMON, "that one of 10,000 has": RARE}
BLOCK = 1_000_000  # bytes


def history(effort: Effort) -> Iterator[Figure]:
    """The figures of SQLite, and then those of PostgreSQL. Raises StartError where that is not installed."""
    yield from on_both_databases(fill_history.__name__, effort.history, lambda site: _measured(site, effort))


def _measured(site: LargeSite, effort: Effort) -> Iterator[Figure]:
    for words, text in SEARCHED.items():
        name = f"page of {effort.history:,} changes with a text {words}"
        yield from site.searched(name, f"/history/?q={text}", effort)
    yield from _exported(site, effort)


def _exported(site: LargeSite, effort: Effort) -> Iterator[Figure]:
    bare = float(run(["-m", "tests.benchmarks.bare_export"], site.settings))
    began = time.perf_counter()
    lines = _download(site.address("/history/?export=jsonl"), site.signed_in)
    took = time.perf_counter() - began
    if lines != effort.history:
        raise BrokenReplyError(f"the file has {lines} lines")
    yield Figure(
        name=f"{site.database}, {lines:,} changes as a file, to the bare query with its JSON",
        measured=took / bare,
        unit="times",
        target=EXPORT_RATIO,
        of=f"{took:.1f} and {bare:.1f} s",
    )
    peak = max(memory(worker).peak for worker in site.workers) / MEGABYTE
    yield Figure(
        name=f"{site.database}, worker's memory, peak", measured=peak, unit="MB", target=WORKER_MB, of="the file"
    )


def _download(address: str, headers: dict[str, str]) -> int:
    """How many lines a file has that is read and thrown away."""
    with contextlib.closing(requests.get(address, headers=headers, stream=True, timeout=600)) as answer:
        if answer.status_code != requests.codes.ok:
            raise BrokenReplyError(f"{address} answered {answer.status_code}")
        return sum(block.count(b"\n") for block in answer.iter_content(BLOCK))

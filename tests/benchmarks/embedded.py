"""The embedded registry, asked over /e164/api as a program elsewhere would."""

import json
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.latency import expect
from tests.benchmarks.processes import MEGABYTE, memory, reset_peak, run
from tests.benchmarks.scene import BIGGEST, THREADS, Scene
from tests.benchmarks.web import Connection, post
from tests.faulty_registry.store import secret_of

API = "/e164/api"
GROWTH_MB = 8  # far less than the 100,000 rows take as values; room for a spool and the allocator


def registry(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Times, memory and queries of `list` and `show`."""
    list_request = _request(scene, {"command": "list"})
    number_id = scene.embedded_page.rstrip("/").rpartition("/")[2]
    show_request = _request(scene, {"command": "show", "id": number_id})
    with Connection(scene.port) as program:
        # First of all short ones: a login that is new is hashed slowly, once in each worker.
        show_ms = _median_ms(program, show_request, effort.embedded_turns * 10)
        growth, list_ms = _growth_and_time(scene, program, list_request, effort.embedded_turns)
    yield Figure(name="embedded registry, show", measured=show_ms, unit="ms", of="median")
    yield Figure(name=f"embedded registry, list of {BIGGEST:,}", measured=list_ms, unit="ms", of="median")
    yield Figure(
        name="embedded registry, memory that the list takes",
        measured=growth / MEGABYTE,
        unit="MB",
        target=GROWTH_MB,
        of="peak of the worker above what it held before",
    )
    yield from _queries(scene)


def _queries(scene: Scene) -> Iterator[Figure]:
    """How many more queries long answers need than short ones, counted in a process of its own."""
    counts: dict[str, list[int]] = json.loads(run(["-m", "tests.benchmarks.queries"], scene.settings))
    for command, (short, long) in counts.items():
        yield Figure(
            name=f"embedded registry, queries of {command} that depend on length",
            measured=long - short,
            unit="queries",
            target=0,
            of=f"{short} for a short answer, {long} for a long one",
        )


def _growth_and_time(scene: Scene, program: Connection, request: bytes, turns: int) -> tuple[int, float]:
    # Each thread of the worker has its own connection to the database, with a cache that the first lists fill.
    for _turn in range(2 * THREADS):
        expect(program, request)
    before = {worker: memory(worker).resident for worker in scene.workers}
    for worker in before:
        reset_peak(worker)
    median = _median_ms(program, request, turns)
    return max(memory(worker).peak - resident for worker, resident in before.items()), median


def _median_ms(program: Connection, request: bytes, turns: int) -> float:
    times = []
    for _turn in range(turns):
        began = time.perf_counter()
        expect(program, request)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _request(scene: Scene, command: dict[str, str]) -> bytes:
    username, password = scene.embedded_login
    return post(API, urlencode({"version": "1", "username": username, "secret": secret_of(password), **command}))

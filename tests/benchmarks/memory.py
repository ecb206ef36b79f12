"""What a worker holds in memory, and how long the longest list takes to decode."""

import statistics
import time
from collections.abc import Iterator

from dashboard.protocol import decode_reply, numbers_in
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.latency import expect
from tests.benchmarks.processes import MEGABYTE, cpu_seconds, memory
from tests.benchmarks.scene import HUNDRED_THOUSAND, Scene
from tests.benchmarks.web import Connection

WORKED = 0.5  # seconds of processor time: a worker that has spent them has listed 100,000 numbers
TRIES = 3  # times as many pages, until every worker has

WORKER_MB = 150
DECODE_SECONDS = 0.5


def workers(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """The memory of the workers once all of them have listed 100,000 numbers, on many of their threads."""
    request = scene.page(scene.of(HUNDRED_THOUSAND).list_page)
    before = {worker: cpu_seconds([worker]) for worker in scene.workers}
    pages = 0
    while pages < effort.memory_pages or (not _all_worked(before) and pages < TRIES * effort.memory_pages):
        # A connection of its own for each page: which worker takes it is decided anew.
        with Connection(scene.port) as browser:
            expect(browser, request)
        pages += 1
    found = [memory(worker) for worker in scene.workers]
    of = f"{pages} lists of 100,000 numbers, largest of {len(found)} workers"
    resident = max(one.resident for one in found) / MEGABYTE
    peak = max(one.peak for one in found) / MEGABYTE
    yield Figure(name="worker's memory, resident", measured=resident, unit="MB", target=WORKER_MB, of=of)
    yield Figure(name="worker's memory, peak since its start", measured=peak, unit="MB", target=WORKER_MB, of=of)
    idle = sum(cpu_seconds([worker]) - spent < WORKED for worker, spent in before.items())
    yield Figure(name="workers that listed nothing", measured=idle, unit="of them", target=0)


def decoder(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """The time from the bytes of a list of 100,000 numbers to their values, in this process."""
    body = scene.of(HUNDRED_THOUSAND).bare().list()
    times = []
    for _turn in range(effort.decoder_turns):
        began = time.process_time()
        count = len(numbers_in(decode_reply(body)))
        times.append(time.process_time() - began)
    yield Figure(
        name=f"decoding {count:,} rows",
        measured=statistics.median(times),
        unit="s",
        target=DECODE_SECONDS,
        of=f"CPU, median of {len(times)}",
    )


def _all_worked(before: dict[int, float]) -> bool:
    return all(cpu_seconds([worker]) - spent >= WORKED for worker, spent in before.items())

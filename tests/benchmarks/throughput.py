"""Many people at once, with a registry that is far away: pages a second beside those of the bare view."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from tests.benchmarks.bare import BareCaller
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Job, Outcome
from tests.benchmarks.processes import run
from tests.benchmarks.scene import FAR, LATENCY_MS, NEAR, Scene

CLIENTS = 64
WARM_UP = 1.5  # seconds

SHARE_OF_BARE = 40  # percent
KEPT_ALIVE = 95  # percent


def many_clients(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Rounds of load in turn: on the product, on the bare view, and on the product with a registry that is near.

    The last one tells waiting from computing: pages that a far registry costs although processors are free.
    """
    registry, near_pages = scene.of(FAR), scene.of(NEAR).number_pages
    bare_pages = [f"/bare/{number_id}/" for number_id in registry.number_ids]
    watcher = registry.bare()
    mine: list[Outcome] = []
    theirs: list[Outcome] = []
    near: list[Outcome] = []
    said = connected = 0
    for _round in range(effort.load_rounds):
        before = _counts(watcher)
        mine.append(load(scene.port, scene.signed_in, registry.number_pages, effort))
        after = _counts(watcher)
        said, connected = said + after[0] - before[0], connected + after[1] - before[1]
        theirs.append(load(scene.bare_port, {}, bare_pages, effort))
        near.append(load(scene.port, scene.signed_in, near_pages, effort))
    yield from _figures(mine, theirs)
    yield Figure(
        name="number's pages with the registry far away, to near",
        measured=100 * rate_of(mine) / rate_of(near),
        unit="%",
        of=f"{rate_of(near):.0f} a second near",
    )
    yield Figure(
        name="calls on a kept-alive connection",
        measured=100 * (1 - connected / said),
        unit="%",
        target=KEPT_ALIVE,
        at_least=True,
        of=f"{said:,} calls, {connected} connections",
    )


def _figures(mine: list[Outcome], theirs: list[Outcome]) -> Iterator[Figure]:
    of = f"{CLIENTS} clients, {LATENCY_MS} ms away"
    rate, bare_rate = rate_of(mine), rate_of(theirs)
    median = sum(outcome.median_ms for outcome in mine) / len(mine)
    yield Figure(name="number's pages", measured=rate, unit="a second", of=f"{of}, median {median:.0f} ms")
    yield Figure(name="bare views", measured=bare_rate, unit="a second", of=of)
    yield Figure(
        name="number's pages to bare views",
        measured=100 * rate / bare_rate,
        unit="%",
        target=SHARE_OF_BARE,
        at_least=True,
        of=f"{len(mine)} rounds in turn",
    )
    errors = sum(outcome.errors for outcome in mine)
    yield Figure(name="errors", measured=errors, unit="pages", target=0, of=of)
    errors = sum(outcome.errors for outcome in theirs)
    yield Figure(name="errors of the bare view", measured=errors, unit="pages", of=of)


def load(port: int, headers: dict[str, str], paths: list[str], effort: Effort) -> Outcome:
    """One round of load, in a process of its own."""
    job = Job(port=port, headers=headers, paths=paths, clients=CLIENTS, warm_up=WARM_UP, seconds=effort.load_seconds)
    printed = run(["-m", "tests.benchmarks.load"], {}, given=json.dumps(asdict(job)))
    return Outcome(**json.loads(printed))


def rate_of(outcomes: list[Outcome]) -> float:
    """Pages a second."""
    return sum(outcome.pages for outcome in outcomes) / sum(outcome.seconds for outcome in outcomes)


def _counts(watcher: BareCaller) -> tuple[int, int]:
    """The commands and the connections that the registry has had."""
    statistics = watcher.statistics()
    return statistics["requests"], statistics["connections"]

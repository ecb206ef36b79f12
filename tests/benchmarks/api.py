"""What programs cost: a number read through the API, beside the view that does nothing but the bare call."""

from collections.abc import Iterator

from tests.benchmarks import cpu, throughput
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Outcome
from tests.benchmarks.scene import FAR, LATENCY_MS, NEAR, Scene
from tests.benchmarks.web import get

READ = "number read through the API, server CPU"
READ_RATIO = 2
SHARE_OF_BARE = 65  # percent


def reading(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Processor time of reading a number."""
    near = scene.of(NEAR)
    requests = [get(path, scene.with_token) for path in near.api_numbers]
    read = cpu.Page(name=READ, limit=READ_RATIO, requests=requests, port=scene.port, processes=scene.processes)
    yield from cpu.compared([read, cpu.bare(scene)], effort, warm_up=len(requests))


def many_programs(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Many programs at once, with a registry that is far away."""
    registry = scene.of(FAR)
    bare = [f"/bare/{number_id}/" for number_id in registry.number_ids]
    mine, theirs = list[Outcome](), list[Outcome]()
    for _round in range(effort.load_rounds):
        mine.append(throughput.load(scene.port, scene.with_token, registry.api_numbers, effort))
        theirs.append(throughput.load(scene.bare_port, {}, bare, effort))
    rate, bare_rate = throughput.rate_of(mine), throughput.rate_of(theirs)
    of = f"{throughput.CLIENTS} clients, {LATENCY_MS} ms away"
    yield Figure(name="numbers read through the API", measured=rate, unit="a second", of=of)
    yield Figure(
        name="numbers read through the API to bare views",
        measured=100 * rate / bare_rate,
        unit="%",
        target=SHARE_OF_BARE,
        at_least=True,
        of=f"{len(mine)} rounds in turn, {bare_rate:.0f} a second bare",
    )
    errors = sum(outcome.errors for outcome in mine)
    yield Figure(name="errors of the API", measured=errors, unit="answers", target=0, of=of)

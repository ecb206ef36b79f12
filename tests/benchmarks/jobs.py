"""Many numbers at once: the preview beside its bare predictions, and the job beside the bound of its commands."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import run
from tests.benchmarks.scene import FAR, start_registry
from tests.faulty_registry import FaultyRegistry

LATENCY_MS = 50
PARALLEL = 4  # as E164WEB_REFRESH_PARALLEL is by default
COMMANDS = 2  # for a number: a live read, and the write
PREVIEW_RATIO = 3
PREVIEW_MB = 200
LEAST = 70  # per cent of what is possible


def jobs(effort: Effort) -> Iterator[Figure]:
    """The figures of a preview and of a job."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        own = {"E164WEB_DATA_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "e164web.settings"}
        run(["manage.py", "migrate", "--verbosity=0"], own)
        yield from _preview(json.loads(run([*_TURNS, "preview", str(effort.previewed)], own)), effort)
        plan = replace(FAR, numbers=effort.job_numbers, records=1, latency_ms=LATENCY_MS)
        registry = start_registry(stack, folder, plan)
        login = [FaultyRegistry.username, FaultyRegistry.password, registry.url, registry.ca_bundle]
        yield _job(json.loads(run([*_TURNS, "job", str(effort.job_numbers), *login], own)), effort)


_TURNS = ["-m", "tests.benchmarks.job_turns"]


def _preview(found: dict[str, float], effort: Effort) -> Iterator[Figure]:
    name = f"preview of {effort.previewed:,} numbers"
    yield Figure(
        name=f"{name}, to their bare predictions",
        measured=found["preview"] / found["bare"],
        unit="times",
        target=PREVIEW_RATIO,
        of=f"CPU, {found['preview']:.1f} and {found['bare']:.1f} s",
    )
    yield Figure(name=f"{name}, peak of memory", measured=found["megabytes"], unit="MB", target=PREVIEW_MB)


def _job(found: dict[str, float], effort: Effort) -> Figure:
    bound = effort.job_numbers * COMMANDS * LATENCY_MS / 1000 / PARALLEL
    return Figure(
        name=f"job of {effort.job_numbers:,} updates, {LATENCY_MS} ms away",
        measured=100 * bound / found["seconds"],
        unit="% of what is possible",
        target=LEAST,
        at_least=True,
        of=f"{bound:.1f} of {found['seconds']:.1f} s, {found['done']:.0f} done",
    )

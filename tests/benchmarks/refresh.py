"""An account of many numbers at a registry that is far away is read again: how near that is to what is possible."""

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.browser import Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import program, run
from tests.benchmarks.scene import FAR, start_registry
from tests.benchmarks.web import BrokenReplyError
from tests.faulty_registry import FaultyRegistry
from tests.ports import free_port

LATENCY_MS = 50
PARALLEL = 4  # as E164WEB_REFRESH_PARALLEL is by default
LEAST = 85  # per cent of what is possible
_SAID = re.compile(r": ([0-9,]+) numbers, ([0-9.]+) s")


def refresh(effort: Effort) -> Iterator[Figure]:
    """The figures of the first refresh, which stores all of it, and of one that finds nothing new."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="e164web-bench-")))
        plan = replace(FAR, numbers=effort.refreshed, latency_ms=LATENCY_MS)
        registry = start_registry(stack, folder, plan)
        port = free_port()
        settings = {
            "E164WEB_DATA_DIR": str(folder / "var"),
            "E164WEB_BIND": f"127.0.0.1:{port}",
            "E164WEB_ADMIN_PASSWORD": secrets.token_urlsafe(16),
            "E164WEB_SAMPLE_DATA": "0",
            "E164WEB_PUBLISHER": "0",
            "E164WEB_WORKER": "0",
            "E164WEB_REGISTRIES": f"{plan.name}={registry.url}",
            "E164WEB_REGISTRY_CA": registry.ca_bundle,
        }
        with program(["manage.py", "serve"], port, folder / "serve.log", settings):
            person = Person(port)
            person.sign_in(settings["E164WEB_ADMIN_PASSWORD"])
            person.add_credential(plan.name, FaultyRegistry.username, FaultyRegistry.password)
        for which in ("the first refresh", "a refresh that finds nothing new"):
            yield _measured(which, run(["manage.py", "refresh"], settings), effort)


def _measured(which: str, said: str, effort: Effort) -> Figure:
    found = _SAID.search(said)
    if found is None or int(found[1].replace(",", "")) != effort.refreshed:
        raise BrokenReplyError(f"the refresh said: {said}")
    bound = effort.refreshed * LATENCY_MS / 1000 / PARALLEL
    return Figure(
        name=f"{which} of {effort.refreshed:,} numbers, {LATENCY_MS} ms away",
        measured=100 * bound / float(found[2]),
        unit="% of what is possible",
        target=LEAST,
        at_least=True,
        of=f"{bound:.1f} of {found[2]} s",
    )

"""`python -m tests.benchmarks [PART ...]`: measure, print a table, keep it as JSON, and
say which goals are missed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import (
    api,
    cpu,
    embedded,
    hanging,
    history,
    jobs,
    latency,
    memory,
    publishing,
    refresh,
    scaling,
    search,
    throughput,
    transfer,
)
from tests.benchmarks.browser import UnexpectedPageError
from tests.benchmarks.effort import FULL, QUICK, Effort
from tests.benchmarks.figures import Figure, is_busy, machine, table, write
from tests.benchmarks.processes import ROOT, StartError
from tests.benchmarks.scene import Scene, scene
from tests.benchmarks.web import BrokenReplyError

REPORT = ROOT / "build" / "benchmarks.json"
# Parts that have sites of their own.
ALONE: dict[str, Callable[[Effort], Iterator[Figure]]] = {
    "publishing": publishing.publishing,
    "history": history.history,
    "refresh": refresh.refresh,
    "search": search.search,
    "jobs": jobs.jobs,
    "transfer": transfer.transfer,
    "scaling": scaling.scaling,
}
# Memory comes last, so that its peak is that of all that happened before.
PARTS: dict[str, tuple[Callable[[Scene, Effort], Iterator[Figure]], ...]] = {
    "latency": (latency.number_page, latency.list_pages, latency.calls),
    "cpu": (cpu.pages, cpu.sign_in),
    "throughput": (throughput.many_clients,),
    "api": (api.reading, api.many_programs),
    "hanging": (hanging.others,),
    "embedded": (embedded.registry,),
    "memory": (memory.decoder, memory.workers),
}


class Report:
    """What was measured, and what could not be."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.broken: list[str] = []

    def add(self, name: str, measurement: Callable[[], Iterator[Figure]]) -> None:
        """Measure and keep the figures; where something does not answer as it should, keep that."""
        print(f"  {name} ...", file=sys.stderr)
        try:
            self.figures += measurement()
        except (BrokenReplyError, UnexpectedPageError, StartError, OSError) as failure:
            self.broken.append(f"{name} could not be measured: {failure}")

    @property
    def failures(self) -> list[str]:
        """A sentence for each goal that was missed, and for what could not be measured."""
        return [*(figure.missed for figure in self.figures if not figure.holds), *self.broken]


def measure(parts: Sequence[str], effort: Effort) -> Report:
    """Start what the parts need and measure one after another. Raises StartError and UnexpectedPageError."""
    report = Report()
    for name, measurement in ALONE.items():
        if name in parts:
            report.add(name, partial(measurement, effort))
    others = [part for part in PARTS if part in parts]
    if others:
        with scene() as running:
            for part in others:
                for each in PARTS[part]:
                    report.add(f"{part} ({each.__name__})", partial(each, running, effort))
    return report


def main() -> int:
    """The exit code: 0 where all goals are reached, 1 otherwise."""
    names = [*PARTS, *ALONE]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(names)}; all of them without any")
    parser.add_argument("--quick", action="store_true", help="a glance; its figures are rough")
    parser.add_argument("--json", type=Path, default=REPORT, help="where the figures are written")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(names):
        parser.error(f"there is no part {', '.join(sorted(unknown))}: the parts are {', '.join(names)}")
    about, began = machine(), time.monotonic()
    if is_busy():
        print("This machine is busy with something else: times will be too long, and ratios rough.", file=sys.stderr)
    try:
        report = measure(options.parts or names, QUICK if options.quick else FULL)
    except (StartError, UnexpectedPageError) as failure:
        print(f"Nothing was measured: {failure}", file=sys.stderr)
        return 1
    seconds = time.monotonic() - began
    write(options.json, report.figures, about, seconds)
    print("\n".join(f"{name:10} {value}" for name, value in about.items()), end="\n\n")
    print(table(report.figures))
    verdict = "\n".join(report.failures) or "All goals are reached."
    print(f"\n{verdict}\n({seconds:.0f} s)")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.benchmarks`: measure, print a table, keep it as JSON, and fail where a target is missed."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import cpu, embedded, hanging, latency, memory, predicting, publishing, throughput
from tests.benchmarks.browser import UnexpectedPageError
from tests.benchmarks.effort import FULL, QUICK, Effort
from tests.benchmarks.figures import Figure, is_busy, machine, table, write
from tests.benchmarks.processes import ROOT, StartError
from tests.benchmarks.scene import Scene, scene
from tests.benchmarks.web import BrokenReplyError

REPORT = ROOT / "build" / "benchmarks.json"
Measurement = Callable[[Scene, Effort], Iterator[Figure]]

# Memory comes last, so that its peak is that of all that happened before.
MEASUREMENTS: tuple[Measurement, ...] = (
    latency.number_page,
    latency.list_pages,
    latency.calls,
    cpu.pages,
    cpu.sign_in,
    throughput.many_clients,
    hanging.others,
    predicting.predictions,
    publishing.publishing,
    memory.decoder,
    embedded.registry,
    memory.workers,
)


def measure(effort: Effort) -> tuple[list[Figure], list[str]]:
    """Start everything and measure it all, one after another. Returns the figures, and what could not be measured."""
    figures: list[Figure] = []
    broken: list[str] = []
    with scene() as running:
        for measurement in MEASUREMENTS:
            name = f"{measurement.__module__.rpartition('.')[2]} ({measurement.__name__})"
            print(f"  {name} ...", file=sys.stderr)
            try:
                figures += measurement(running, effort)
            except (BrokenReplyError, StartError, OSError) as failure:
                broken.append(f"{name} could not be measured: {failure}")
    return figures, broken


def main() -> int:
    """The exit code: 0 where all targets hold, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a glance of half a minute; its figures are rough")
    parser.add_argument("--json", type=Path, default=REPORT, help="where the figures are written")
    options = parser.parse_args()
    about, began = machine(), time.monotonic()
    if is_busy():
        print("This machine is busy with something else: times will be too long. Ratios still hold.", file=sys.stderr)
    try:
        figures, broken = measure(QUICK if options.quick else FULL)
    except (StartError, UnexpectedPageError) as failure:
        print(f"Nothing was measured: {failure}", file=sys.stderr)
        return 1
    seconds = time.monotonic() - began
    write(options.json, figures, about, seconds)
    print("\n".join(f"{name:10} {value}" for name, value in about.items()), end="\n\n")
    print(table(figures))
    missed = [figure.name for figure in figures if not figure.holds]
    verdict = "\n".join([*(f"Missed: {name}" for name in missed), *broken]) or "All targets hold."
    print(f"\n{verdict}\n({seconds:.0f} s)")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""How long it takes to predict what every telephone system does with a number."""

import statistics
import time
from collections.abc import Iterator

from dashboard.enum import Naptr
from dashboard.telephones import TELEPHONES, predict
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import Scene

RECORDS = 10
PREDICTION_MS = 1


def predictions(_scene: Scene, effort: Effort) -> Iterator[Figure]:
    """A number with ten records, another number each time, as on pages: only patterns repeat."""
    times = []
    for turn in range(effort.predictions):
        digits = f"999{turn:09}"
        records = [
            Naptr(100, 10 * place, "u", "E2U+sip", rf"!^\+(.*)$!sip:\1@sip{place}.example.org!")
            for place in range(RECORDS)
        ]
        began = time.perf_counter()
        predict(digits, records)
        times.append((time.perf_counter() - began) * 1000)
    yield Figure(
        name=f"prediction of {RECORDS} records for {len(TELEPHONES)} systems",
        measured=statistics.median(times),
        unit="ms",
        target=PREDICTION_MS,
        of=f"median of {effort.predictions} numbers",
    )

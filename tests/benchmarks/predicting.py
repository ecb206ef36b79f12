"""How long it takes to predict what every telephone system does with a number."""

import statistics
import time

from dashboard.enum import Naptr
from dashboard.telephones import TELEPHONES, predict

__all__ = ["RECORDS", "TELEPHONES", "median"]

RECORDS = 10


def median(turns: int) -> float:
    """Milliseconds of this process for a number with ten records; another number each time, as on pages: only
    patterns repeat.
    """
    times = []
    for turn in range(turns):
        digits = f"999{turn:09}"
        records = [
            Naptr(100, 10 * place, "u", "E2U+sip", rf"!^\+(.*)$!sip:\1@sip{place}.example.org!")
            for place in range(RECORDS)
        ]
        began = time.process_time()
        predict(digits, records)
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)

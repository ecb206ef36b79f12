"""How long to wait after a failure."""

from __future__ import annotations

import random
from datetime import timedelta

SHORTEST, LONGEST = 1.0, 60.0  # seconds between two attempts at a server that does not answer
JITTER = 0.25  # of a pause, so that several publishers do not return at the same moment

# Of a server that refuses: somebody has to mend something, which takes minutes, and nobody is to press a button then.
SERVER_REFUSES = timedelta(minutes=2), timedelta(hours=1)
# Of one name whose message the server does not take or does not keep: others go first.
NAME = timedelta(seconds=10), timedelta(hours=1)
REFUSED = timedelta(minutes=10), timedelta(days=1)
_DOUBLINGS = 20

Limits = tuple[timedelta, timedelta]


def of_server(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    pause = min(SHORTEST * (1 << min(failures - 1, _DOUBLINGS)), LONGEST)
    return min(pause * random.uniform(1 - JITTER, 1 + JITTER), LONGEST)  # noqa: S311 -- spreads load, hides nothing


def of_refusal(refusals: int) -> timedelta:
    """How long a server is left alone that has refused so often in a row."""
    return of_name(refusals - 1, SERVER_REFUSES)


def of_name(attempts: int, limits: Limits) -> timedelta:
    """How long one name waits that has failed so often before."""
    shortest, longest = limits
    return min(shortest * (1 << min(attempts, _DOUBLINGS)), longest)

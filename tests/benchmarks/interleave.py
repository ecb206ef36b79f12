"""Two things measured in turn, so that a machine that grows slower or faster meanwhile does the same to both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[int], object]  # gets the number of its turn
MILLISECONDS = 1000


@dataclass(frozen=True)
class Pair:
    """The times of A and of B in milliseconds, turn by turn."""

    a: list[float]
    b: list[float]

    @property
    def medians(self) -> tuple[float, float]:
        """The median of each."""
        return statistics.median(self.a), statistics.median(self.b)

    @property
    def surplus(self) -> float:
        """What A takes longer than B: the difference of the medians."""
        a, b = self.medians
        return a - b

    def ratio(self, block: int) -> float:
        """How many times as long A takes: the median over blocks of `block` turns, so that one hiccup counts once."""
        starts = range(0, len(self.a), block)
        return statistics.median(sum(self.a[at : at + block]) / sum(self.b[at : at + block]) for at in starts)


def timed(a: Work, b: Work, turns: int, warm_up: int) -> Pair:
    """Do A and B in turn; the first `warm_up` turns do not count."""
    pair = Pair([], [])
    for turn in range(warm_up + turns):
        # Whoever goes second finds warmer caches, so they take turns in that too.
        order = [(a, pair.a), (b, pair.b)] if turn % 2 else [(b, pair.b), (a, pair.a)]
        for work, times in order:
            began = time.perf_counter()
            work(turn)
            elapsed = (time.perf_counter() - began) * MILLISECONDS
            if turn >= warm_up:
                times.append(elapsed)
    return pair

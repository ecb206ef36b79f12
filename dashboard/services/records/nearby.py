"""The numbers of a large account on which it hangs what one of them changes for the others.

An account may have 100,000 numbers, and a job writes as many: so they are sorted once, and found by their digits.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from operator import attrgetter

from dashboard.protocol import Number
from dashboard.services.names import is_block
from dashboard.services.records.neighbours import LOOKS

_digits = attrgetter("digits")
_BEHIND = ":"  # comes behind all digits


class Nearby:
    """The numbers of an account in the order of their digits."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        self._numbers = sorted(numbers, key=_digits)
        self._blocks = {number.digits: number for number in self._numbers if is_block(number)}

    def add(self, number: Number) -> None:
        """One more."""
        insort(self._numbers, number, key=_digits)
        if is_block(number):
            self._blocks[number.digits] = number

    def of(self, number: Number) -> Sequence[Number]:
        """Those that `neighbours` must know to say the same as with all of them: none where no block is concerned.

        A number shares most with those that stand next to it. As many are looked at as may turn out to have nothing.
        """
        digits = number.digits
        around = [self._blocks[digits[:end]] for end in range(len(digits)) if digits[:end] in self._blocks]
        if is_block(number):
            return self._below(around[0].digits if around else digits)
        if not around:
            return []
        first, last = (find(self._numbers, digits, key=_digits) for find in (bisect_left, bisect_right))
        beside = self._numbers[max(0, first - LOOKS - 1) : last + LOOKS + 1]
        return [*around, *(other for other in beside if other not in around)]

    def _below(self, digits: str) -> Sequence[Number]:
        first = bisect_left(self._numbers, digits, key=_digits)
        return self._numbers[first : bisect_left(self._numbers, digits + _BEHIND, key=_digits)]

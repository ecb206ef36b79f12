"""Which numbers accounts have, remembered for a while: each number of a job that has no record yet would ask."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard.client import Client
from dashboard.protocol import Number
from dashboard.services.records.nearby import Nearby

REMEMBERED = 60  # seconds; what a number has itself is read live, whatever is remembered of the others


class _Listed:
    """What a registry said, when, and what was made since."""

    def __init__(self, numbers: Iterable[Number], at: float) -> None:
        self.at = at
        self.numbers = {number.id: number for number in numbers}
        self.nearby = Nearby(self.numbers.values())

    def add(self, number: Number) -> None:
        if number.id not in self.numbers:
            self.numbers[number.id] = number
            self.nearby.add(number)

    def around(self, number_id: int) -> list[Number]:
        number = self.numbers.get(number_id)
        if number is None:
            return []
        return [number, *(other for other in self.nearby.of(number) if other.id != number_id)]


@dataclass
class Listings:
    """The accounts of one job, as its threads share them."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _accounts: dict[int, _Listed] = field(default_factory=dict)

    def of(self, credential: int, registry: Client, number_id: int) -> list[Number]:
        """A number of a credential, and those of its account that are near it (`Nearby`); none where it is gone.

        They are asked for anew where this one is none of those that are remembered. Raises client.RegistryError.
        """
        with self._lock:
            listed = self._accounts.get(credential)
            if listed is None or time.monotonic() - listed.at > REMEMBERED or number_id not in listed.numbers:
                at = time.monotonic()
                listed = self._accounts[credential] = _Listed(registry.list(), at)
            return listed.around(number_id)

    def add(self, credential: int, number: Number) -> None:
        """Remember one that was made."""
        with self._lock:
            if (listed := self._accounts.get(credential)) is not None:
                listed.add(number)

"""What one number changes for others hangs on those near it, and on no others of its account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from dashboard.protocol import Number, RecordState
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block
from dashboard.services.records.nearby import Nearby
from dashboard.services.records.neighbours import LOOKS, effect_on_others

ROUNDS = 60


@dataclass
class Account:
    """Numbers, some without records."""

    numbers: list[Number]
    empty: set[int]

    def list(self) -> "list[Number]":
        return self.numbers

    def show(self, number_id: int) -> Sequence[RecordState]:
        one = RecordState(id=1, preference=10, service="SIP", hostdata="a@example.org")
        return [] if number_id in self.empty else [one]


def account(random: Random) -> Account:
    """Some forty numbers and blocks below +44, so few digits apart that many stand above, below and beside others."""
    names = {
        "".join(random.choices("012", k=random.randint(1, 6))) + "*" * (random.random() < 0.2) for _ in range(40)
    }
    numbers = [
        Number(id=place, country="44", area="", local=name) for place, name in enumerate(sorted(names), start=1)
    ]
    random.shuffle(numbers)
    return Account(numbers, {number.id for number in random.sample(numbers, k=LOOKS // 2)})


def test_what_a_number_changes_is_the_same_with_all_and_with_those_near_it() -> None:
    random, affecting = Random(7), 0  # noqa: S311 -- the same in each run
    for _round in range(ROUNDS):
        known = account(random)
        half = Nearby(known.numbers[:20])
        for number in known.numbers[20:]:
            half.add(number)
        for number in random.sample(known.numbers, k=10):
            found = NumberRecords(number=number, records=[], listed=known.numbers)
            # Which of the holes of a block are empty is looked at for some only.
            registry = Account(known.numbers, set()) if is_block(number) else known
            expected = effect_on_others(registry, found)
            affecting += expected is not None
            assert effect_on_others(registry, replace(found, listed=list(half.of(number)))) == expected
    assert affecting > ROUNDS


def test_of_a_large_account_only_a_few_are_near() -> None:
    block = Number(id=1, country="44", area="", local="*")
    numbers = [Number(id=place, country="44", area="20", local=str(place)) for place in range(1000, 3000)]
    nearby = Nearby([block, *numbers])

    near = nearby.of(numbers[500])
    assert block in near
    assert len(near) <= 2 * (LOOKS + 1) + 2
    assert Nearby(numbers).of(numbers[500]) == []

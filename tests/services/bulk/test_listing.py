"""What a job remembers of its accounts' numbers."""

import pytest

from dashboard.protocol import Number
from dashboard.services.bulk import listing
from dashboard.services.bulk.listing import Listings

FIRST, SECOND, MADE = (Number(id=pk, country="44", area="20", local=f"7946000{pk}") for pk in (1, 2, 3))
BLOCK = Number(id=9, country="44", area="20", local="7946*")
CREDENTIAL = 7


class Registry:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def list(self) -> list[Number]:
        self.asked += 1
        return [SECOND, FIRST, BLOCK]


def asked(listings: Listings, registry: Registry, number: Number) -> list[Number]:
    return listings.of(CREDENTIAL, registry, number.id)  # type: ignore[arg-type]


def test_an_account_is_asked_for_once_for_many_numbers() -> None:
    listings, registry = Listings(), Registry()
    assert asked(listings, registry, FIRST) == [FIRST, BLOCK, SECOND]
    assert asked(listings, registry, SECOND) == [SECOND, BLOCK, FIRST]
    assert registry.asked == 1


def test_one_that_was_made_is_remembered_with_the_others() -> None:
    listings, registry = Listings(), Registry()
    asked(listings, registry, FIRST)
    listings.add(CREDENTIAL, MADE)
    listings.add(CREDENTIAL, MADE)
    assert asked(listings, registry, MADE) == [MADE, BLOCK, FIRST, SECOND]
    assert registry.asked == 1


def test_a_number_that_is_not_remembered_is_asked_for() -> None:
    listings, registry = Listings(), Registry()
    asked(listings, registry, FIRST)
    assert asked(listings, registry, MADE) == []
    assert registry.asked == 2


def test_nothing_is_remembered_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    listings, registry = Listings(), Registry()
    asked(listings, registry, FIRST)
    monkeypatch.setattr(listing, "REMEMBERED", -1)
    asked(listings, registry, FIRST)
    assert registry.asked == 2

"""Which other numbers change their answer, by what a registry lists and shows."""

from collections.abc import Callable

import pytest

from dashboard.enum import Effect
from dashboard.models import Credential, Exchange, User
from dashboard.registry import store, zones
from dashboard.registry.models import Account, Delegation, RawRecord
from dashboard.registry.models import Number as Kept
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import read_number
from dashboard.services.records.neighbours import LOOKS, effect_of_first, effect_on_others
from tests.registry.publishing import make_zone

Add = Callable[..., Kept]


@pytest.fixture
def add(account: Account) -> Add:
    """Give the account another number; with a record unless it is to have none."""

    def add_(local: str, *, is_block: bool = False, records: int = 1) -> Kept:
        number = Kept(account=account, country="1", area="604", local=local, is_block=is_block)
        store.save_number(number)
        for place in range(records):
            store.create_record(number, preference=place, service="SIP", hostdata=f"{local}{place}@example.org")
        return number

    return add_


@pytest.fixture
def effect(person: User, credential: Credential) -> Callable[[Kept], Effect | None]:
    """What a number's presence changes."""

    def effect_(kept: Kept) -> Effect | None:
        registry = connect(person, credential)
        return effect_on_others(registry, read_number(person, registry, credential, kept.pk))

    return effect_


def test_a_number_in_a_block_hides_it_from_its_neighbours(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("777", is_block=True)
    found = effect(add("7770100", records=0))

    assert found is not None
    assert (str(found.instead), found.hidden) == ("+1604777*", "16047770")


def test_an_account_without_blocks_is_listed_once_and_no_other_number_is_looked_at(
    add: Add, effect: Callable[[Kept], Effect | None], person: User, credential: Credential
) -> None:
    number = add("7770100", records=0)

    assert effect(number) is None
    asked = Exchange.objects.filter(user=person).order_by("pk")
    assert [exchange.command for exchange in asked] == ["show", "list"]


def test_a_further_record_changes_nothing_for_others(add: Add, person: User, credential: Credential) -> None:
    add("777", is_block=True)
    empty, filled = add("7770100", records=0), add("7770200")
    registry = connect(person, credential)

    assert effect_of_first(registry, read_number(person, registry, credential, filled.pk)) == []
    filled.records.all().delete()
    first = effect_of_first(registry, read_number(person, registry, credential, empty.pk))
    assert "hides" in {problem.code for problem in first}


def test_a_block_without_records_answers_nobody(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("777", is_block=True, records=0)

    assert effect(add("7770100", records=0)) is None


def test_a_block_whose_records_are_raw_answers_as_well(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    make_zone()
    store.save_raw(RawRecord(number=add("777", is_block=True, records=0), regexp=r"!^(.*)$!sip:\1@pbx.example.org!"))
    found = effect(add("7770100", records=0))

    assert found is not None
    assert str(found.instead) == "+1604777*"


def test_behind_an_empty_block_there_may_be_another(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("77", is_block=True)
    add("777", is_block=True, records=0)
    found = effect(add("7770100", records=0))

    assert found is not None
    assert (str(found.instead), found.hidden) == ("+160477*", "1604777")


def test_a_neighbour_with_records_has_hidden_the_block_before(
    add: Add, effect: Callable[[Kept], Effect | None]
) -> None:
    add("777", is_block=True)
    add("7770101")

    assert effect(add("7770100", records=0)) is None


def test_a_neighbour_without_records_hides_nothing(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("777", is_block=True)
    add("7770101", records=0)
    add("7770199", records=0)
    found = effect(add("7770100", records=0))

    assert found is not None
    assert found.hidden == "16047770"


def test_a_block_says_where_it_has_holes(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("7770100")
    found = effect(add("777", is_block=True, records=0))

    assert found is not None
    assert (found.instead, found.holes) == (None, ("16047770",))


def test_of_many_empty_neighbours_only_some_are_looked_at(
    add: Add, effect: Callable[[Kept], Effect | None], person: User
) -> None:
    add("777", is_block=True)
    for last in range(1, 30):
        add(f"77701{last:02}", records=0)
    effect(add("7770100", records=0))

    # One more is that of the number itself.
    assert Exchange.objects.filter(user=person, command="show").count() <= LOOKS + 1


def test_a_block_does_not_reach_into_another_zone(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    block = add("777", is_block=True, records=0)
    add("7770100")
    assert (found := effect(block)) is not None
    assert found.holes == ("16047770",)

    make_zone(suffix="e164.test")
    zones.save_delegation(Delegation(digits="16047770", hosts="ns.example.net"))
    zones.save_delegation(Delegation(digits="16047775", hosts="ns.example.net"))
    assert (found := effect(block)) is not None
    assert found.holes == ("16047770", "16047775")


def test_a_number_that_others_serve_changes_nobodys_answer(add: Add, effect: Callable[[Kept], Effect | None]) -> None:
    add("777", is_block=True)
    number = add("7770100", records=0)
    assert effect(number) is not None
    make_zone(suffix="e164.test")
    zones.save_delegation(Delegation(digits="16047770", hosts="ns.example.net"))
    assert effect(number) is None

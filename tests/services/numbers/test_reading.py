"""Reading numbers and records live."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404

from dashboard.client import Refused, RegistryError
from dashboard.models import Credential, MirroredNumber, User
from dashboard.services.numbers import PAGE_SIZE, list_numbers, show_number
from tests.faulty_registry import FaultyRegistry


@pytest.fixture
def many(person: User, registry: FaultyRegistry) -> None:
    """A hundred and twenty numbers more."""
    for place in range(120):
        registry.store.add_number(registry.username, "44", "20", f"79460{place:03}")


def _digits(person: User, credential: Credential, **how: str) -> list[str]:
    return [row.number.digits for row in list_numbers(person, credential, **how).rows]


def test_a_page_holds_so_many_and_says_how_many_there_are(person: User, remote: Credential, many: None) -> None:
    found = list_numbers(person, remote, page="2")

    assert (found.total, found.matching, len(found.rows)) == (123, 123, PAGE_SIZE)
    assert found.page.number == 2


@pytest.mark.parametrize("sort", ["number", "-number", "id", "-id"])
def test_the_whole_list_is_sorted_and_not_the_page(person: User, remote: Credential, many: None, sort: str) -> None:
    pages = [list_numbers(person, remote, sort=sort, page=str(page)) for page in range(1, 8)]
    shown = [row.number for page in pages for row in page.rows]

    def key(place: int) -> object:
        return shown[place].digits if "number" in sort else shown[place].id

    keys = [key(place) for place in range(len(shown))]
    assert keys == sorted(keys, reverse=sort.startswith("-"))  # type: ignore[type-var]
    assert len(shown) == 123


def test_searching_finds_digits_anywhere_in_the_number(person: User, remote: Credential, many: None) -> None:
    assert _digits(person, remote, query="+44 (20) 7946 0007") == ["442079460007"]
    assert _digits(person, remote, query="46 0119") == ["442079460119"]
    assert list_numbers(person, remote, query="4420").matching == 120
    assert list_numbers(person, remote, query="no digits").matching == 0


@pytest.mark.parametrize(
    "query",
    [
        "+44 (0)20 7946\u20110007",
        "\u202a+44\u00a020\u00a07946\u00a00007\u202c",
        "020 7946 0007",
        "tel:+44-20-7946-0007",
        "7.0.0.0.6.4.9.7.0.2.4.4.e164.arpa",
        "7.0.0.0.6.4.9.7.0.2.4.4.E164.ARPA.",
        "7.0.0.0.6.4.9.7.0.2.4.4.tel.dn42",
        "7.0.0.0.6.4",
    ],
)
def test_a_number_is_found_by_whatever_is_pasted(person: User, remote: Credential, many: None, query: str) -> None:
    found = list_numbers(person, remote, query=query)
    assert [row.number.digits for row in found.rows] == ["442079460007"]
    assert found.problem is None


def test_a_number_is_found_as_it_is_dialled_at_home(
    person: User, remote: Credential, many: None, settings: Any
) -> None:
    settings.E164WEB = replace(settings.E164WEB, country="US")
    assert list_numbers(person, remote, query="011 44 20 7946").matching == 120


def test_a_search_that_cannot_be_read_says_why(person: User, remote: Credential) -> None:
    found = list_numbers(person, remote, query="+44 20 (home)")
    assert found.matching == 0
    assert "U+0068 LATIN SMALL LETTER H" in str(found.problem)


@pytest.mark.parametrize(
    ("parts", "suffix", "meant"),
    [
        (("44", "020", "79460958"), "e164.arpa", "+44 20 7946 0958"),
        (("44", "020", "7946*"), "e164.arpa", "+44207946*"),
        (("44", "20", "79460958"), "e164.arpa", ""),
        (("39", "06", "69812345"), "e164.arpa", ""),
        (("44", "020", "79460958"), "tel.dn42", ""),
    ],
)
def test_a_number_with_a_trunk_prefix_comes_with_the_one_that_was_meant(
    person: User, remote: Credential, registry: FaultyRegistry, parts: tuple[str, str, str], suffix: str, meant: str
) -> None:
    remote.registry.suffix = suffix
    number_id = registry.store.add_number(registry.username, *parts)
    assert show_number(person, remote, number_id).meant == meant


def test_an_order_that_nobody_offers_is_the_usual_one(person: User, remote: Credential) -> None:
    assert list_numbers(person, remote, sort="__class__").sort == "number"


def test_a_number_is_named_by_its_records_and_counted(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    found = show_number(person, remote, number_id)

    assert found.number.digits == "12005550100"
    assert [record.preference for record in found.records] == [10, 20]
    assert MirroredNumber.objects.get(number_id=number_id).record_count == 2
    assert registry.requests == 1


def test_counting_follows_what_is_seen(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    show_number(person, remote, number_id)
    registry.store.add_record(number_id, 30, "SIP", "third@example.org")
    show_number(person, remote, number_id)

    assert MirroredNumber.objects.get(number_id=number_id).record_count == 3


def test_bad_for_a_number_that_the_list_has_is_a_refusal(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    registry.fault("show", "bad-silent")
    with pytest.raises(Refused):
        show_number(person, remote, number_id)


def test_bad_for_a_number_that_the_list_lacks_is_not_found(person: User, remote: Credential) -> None:
    with pytest.raises(Http404):
        show_number(person, remote, 999_999)


def test_a_number_that_vanishes_between_show_and_list_is_not_found(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    registry.store.numbers[number_id].records.clear()
    registry.store.numbers[number_id].owner = "somebody else"
    with pytest.raises(Http404):
        show_number(person, remote, number_id)


def test_a_number_whose_list_cannot_be_read_is_a_failure(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    registry.store.numbers[number_id].records.clear()
    registry.fault("list", "html")
    with pytest.raises(RegistryError):
        show_number(person, remote, number_id)


def test_the_records_of_a_number_can_be_looked_up(person: User, remote: Credential, number_id: int) -> None:
    found = show_number(person, remote, number_id)
    first, second = found.records

    assert found.record(first.id) == first
    assert found.others(first) == [second]
    assert found.others(None) == [first, second]
    assert found.find(second.id) == second
    assert found.find(1) is None
    with pytest.raises(Http404):
        found.record(1)

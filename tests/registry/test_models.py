"""What a number and a record may be, and how numbers are found."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.registry.models import Account, Number, Record
from dashboard.registry.search import numbers_matching, searched_digits
from tests.registry.conftest import make_account, make_number


def clean_number(account: Account, country: str, area: str, local: str) -> Number:
    number = Number(account=account, country=country, area=area, local=local)
    number.full_clean()
    return number


@pytest.mark.parametrize(
    ("parts", "digits"),
    [
        (("1", "604", "5550123"), "16045550123"),
        (("+1", "(604)", "555-0123"), "16045550123"),
        (("44", "20", "7946 0958"), "442079460958"),
        (("49", "", "30/23125.000"), "493023125000"),
        (("883", "", "510012345678"), "883510012345678"),
    ],
)
def test_a_number_is_the_digits_of_its_fields(alice: Account, parts: tuple[str, str, str], digits: str) -> None:
    number = clean_number(alice, *parts)
    number.save()
    assert Number.objects.get(digits=digits) == number
    assert (number.country + number.area + number.local) == digits


@pytest.mark.parametrize(
    "parts",
    [
        ("0", "604", "5550123"),
        ("1", "604", "555012312345"),
        ("1", "604", "ALICE"),
        ("", "604", "5550123"),
        ("1", "604", ""),
        ("-", "604", "-"),
        ("1", "٦٠٤", "5550123"),
        ("1", "604", "5550\n123x"),
    ],
)
def test_what_is_no_number_is_refused(alice: Account, parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValidationError):
        clean_number(alice, *parts)


def test_a_number_that_exists_is_refused_however_it_is_split(number: Number) -> None:
    with pytest.raises(ValidationError, match="already"):
        clean_number(make_account("bob"), "1", "", "6045550123")


def test_a_number_may_be_saved_again(number: Number) -> None:
    number.full_clean()


def test_a_number_shows_itself_with_its_parts(number: Number) -> None:
    assert str(number) == "+1 604 5550123"
    assert str(Number(country="49", area="", local="3023125000")) == "+49 3023125000"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"preference": 65_536}, "preference"),
        ({"preference": -1}, "preference"),
        ({"service": "CARRIER-PIGEON"}, "service"),
        ({"service": ""}, "service"),
        ({"hostdata": "two\nlines"}, "hostdata"),
        ({"hostdata": "nul\x00"}, "hostdata"),
        ({"hostdata": ""}, "hostdata"),
        ({"hostdata": "x" * 1001}, "hostdata"),
    ],
)
def test_an_illegal_record_is_refused_at_the_field_at_fault(
    number: Number, values: dict[str, object], field: str
) -> None:
    legal = {"preference": 10, "service": "SIP", "hostdata": "alice@example.org"}
    with pytest.raises(ValidationError) as caught:
        Record(number=number, **legal | values).full_clean()
    assert set(caught.value.message_dict) == {field}


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+1 (604) 555-0123", "16045550123"),
        ("604.555/0123", "6045550123"),
        ("020 7946\u20130958", "02079460958"),
        (" 5 ", "5"),
        ("alice", None),
        ("555x", None),
        ("+", None),
        ("", None),
        ("٥٥٥", None),
    ],
)
def test_digits_are_read_in_any_writing(text: str, digits: str | None) -> None:
    assert searched_digits(text) == digits


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("", {"1", "44"}),
        ("555-0123", {"1"}),
        ("+1 604", {"1"}),
        ("+604", set()),
        ("604", {"1"}),
        ("+44 (20) 7946", {"44"}),
        ("0", {"1", "44"}),
        ("ALI", {"1"}),
        ("bob", {"44"}),
        ("nobody", set()),
        ("%", set()),
    ],
)
def test_numbers_are_found_by_digits_or_account(
    number: Number, bobs_record: Record, term: str, found: set[str]
) -> None:
    numbers = numbers_matching(Number.objects.all(), term)
    assert set(numbers.values_list("country", flat=True)) == found


def test_an_area_code_may_be_blank(alice: Account) -> None:
    assert make_number(alice, "49", "", "3023125000").digits == "493023125000"

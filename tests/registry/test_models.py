"""What a number and a record may be, and how numbers are found."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.registry.models import Account, Number, Record, Zone
from dashboard.registry.search import numbers_matching
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
        (("1", "٦٠٤", "5550123"), "16045550123"),
        (("+44", "(0)20", "7946\u20110958"), "442079460958"),
        (("44", "(0)", "20 7946 0958"), "442079460958"),
        (("0044", "20", "7946 0958"), "442079460958"),
        (("44", "020", "7946 0958"), "4402079460958"),
        (("39", "06", "6981 2345"), "390669812345"),
        (("39", "(0)6", "6981 2345"), "390669812345"),
        (("", "", "+44 (0)20 7946 0958"), "442079460958"),
        (("", "", "\u202atel:+44-20-7946-0958\u202c"), "442079460958"),
        (("+44 20 7946 0958", "", ""), "442079460958"),
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
        ("1", "604", "5550\n123x"),
        ("1", "604", "+5550123"),
        ("1", "+604", "5550123"),
        ("1", "604", "tel:5550123"),
        ("", "", "79460958"),
        ("", "", "+44"),
        ("", "", "+999 5550123"),
        ("", "", "tel:+1-604-555-0123;ext=7"),
    ],
)
def test_what_is_no_number_is_refused(alice: Account, parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValidationError):
        clean_number(alice, *parts)


def test_a_whole_number_is_divided_as_its_country_does(alice: Account) -> None:
    london = clean_number(alice, "", "", "+44 20 7946 0958")
    mobile = clean_number(alice, "", "", "+61 491 570 156")
    assert (london.country, london.area, london.local) == ("44", "20", "79460958")
    assert (mobile.country, mobile.area, mobile.local) == ("61", "", "491570156")


@pytest.mark.parametrize(
    ("parts", "field", "words"),
    [
        (("1", "604", "555 0123 x7"), "local", "U+0078 LATIN SMALL LETTER X"),
        (("1", "604\u2026", "5550123"), "area", "U+2026 HORIZONTAL ELLIPSIS"),
        (("\u2460", "604", "5550123"), "country", "U+2460 CIRCLED DIGIT ONE"),
        (("", "604", "5550123"), "country", "Only the area code"),
        (("1", "604", " - "), "local", "Only the area code"),
        (("", "", "+999 555"), "country", "begins with no country code"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(
    alice: Account, parts: tuple[str, str, str], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_number(alice, *parts)
    assert [name for name in caught.value.message_dict if name in ("country", "area", "local")] == [field]
    assert words in " ".join(caught.value.message_dict[field])


@pytest.mark.parametrize("values", [{"suffix": "tel.dn42"}, {"leading_zero": True}])
def test_a_private_tree_keeps_the_digits_that_were_written(alice: Account, values: dict[str, object]) -> None:
    zone = Zone.current()
    Zone.objects.filter(pk=zone.pk).update(leading_zero=True)
    Zone.objects.filter(pk=zone.pk).update(**values)
    assert clean_number(alice, "0042", "(0)4", "\u202a2\u201142").digits == "00420" + "4242"


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
    ("term", "found"),
    [
        ("", {"1", "44"}),
        ("555-0123", {"1"}),
        ("+1 604", {"1"}),
        ("+604", set()),
        ("604", {"1"}),
        ("+44 (20) 7946", {"44"}),
        ("0", {"1", "44"}),
        ("020 7946\u20130958", {"44"}),
        ("0044 (0)20", {"44"}),
        ("+44 020", {"44"}),
        ("\uff0b\uff11 604\u200e", {"1"}),
        ("tel:+1-604", {"1"}),
        ("3.2.1.0.5.5.5.4.0.6.1.e164.arpa", {"1"}),
        ("3.2.1.0.5.5.5.4.0.6.1.E164.arpa.", {"1"}),
        ("3.2.1.0.5.5.5.4.0.6.1.other.example", {"1"}),
        ("8.5.9.0.6", {"44"}),
        ("8.5.9.0.6.", {"44"}),
        ("+", set()),
        ("555x", set()),
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

"""Numbers that an account has made for it: within its ranges, once, and with a login of its own."""

import pytest
from pytest_django import DjangoAssertNumQueries

from dashboard.enum import NumberError
from dashboard.protocol import secret_of
from dashboard.registry import making
from dashboard.registry.models import Account, Number, Publication, Range
from tests.registry.conftest import PASSWORD, make_account, make_number
from tests.registry.publishing import make_server, make_zone, waiting

SECRET = secret_of(PASSWORD)


@pytest.fixture(autouse=True)
def _ranges(alice: Account) -> None:
    make_zone()
    Range.objects.create(account=alice, digits="4420")
    Range.objects.create(account=alice, digits="1604555")


def make(name: str) -> Number:
    return Number.objects.get(pk=making.make_number("alice", SECRET, name).id)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("442079460958", ("44", "20", "79460958")),
        ("16045550123", ("1", "604", "5550123")),
        ("16045550*", ("1", "", "6045550*")),
    ],
)
def test_a_number_of_a_range_is_made_as_its_plan_divides_it(name: str, parts: tuple[str, str, str]) -> None:
    number = make(name)
    assert (number.country, number.area, number.written_local, number.name) == (*parts, name)


def test_a_number_that_was_made_is_published() -> None:
    make_server()
    make("442079460958")
    assert (waiting(), Publication.objects.count()) == ({"442079460958"}, 1)


def test_where_no_plan_divides_a_number_the_range_does(alice: Account) -> None:
    make_zone(suffix="tel.dn42", leading_zero=True)
    Range.objects.create(account=alice, digits="0424")
    number = make("042412345678")
    assert (number.country, number.local) == ("0424", "12345678")
    assert (make("0424*").country, make("0424*").written_local) == ("042", "4*")


def test_what_the_account_has_already_is_made_no_second_time(alice: Account) -> None:
    there = make_number(alice, "49", "30", "123456")
    assert make("4930123456") == there
    assert make("442079460958") == make("442079460958")
    assert Number.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("4930123456", "is in none of the account's ranges"),
        ("442", r"\+442 is in none of the account's ranges"),
        ("44*", r"\+44\* is in none of the account's ranges"),
        ("16045550199", "belongs to another account"),
        ("16045550198*", r"The account has \+16045550198 already, which excludes \+16045550198\*"),
        ("4420794609581234567", "at most 15 are allowed"),
        ("0442079460958", "never begins with 0"),
        ("4420x", "digits only"),
        ("٤٤20", "digits only"),
        ("*", "Enter a number"),
        ("", "Enter a number"),
    ],
)
def test_what_cannot_be_made_says_why(alice: Account, name: str, sentence: str) -> None:
    make_number(make_account("bob"), "1", "604", "5550199")
    make_number(alice, "1", "604", "5550198")
    with pytest.raises(NumberError, match=sentence):
        make(name)
    (error,) = making.refusals("alice", SECRET, [name])
    assert Number.objects.count() == 2
    with pytest.raises(NumberError, match=sentence):
        raise error or AssertionError


def test_a_thousand_numbers_are_looked_at_in_a_few_queries(
    alice: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"4420794{number:05d}" for number in range(1_000)]
    with django_assert_max_num_queries(6):
        assert making.refusals("alice", SECRET, [*names[:-1], "49301"])[-2:] != [None, None]


def test_without_its_password_nobody_makes_numbers_for_an_account() -> None:
    wrong = secret_of("guessed")
    for ask in (
        lambda: making.make_number("alice", wrong, "442079460958"),
        lambda: making.refusals("alice", wrong, []),
    ):
        with pytest.raises(NumberError, match="wrong") as caught:
            ask()
        assert caught.value.field == "login"
    assert not Number.objects.exists()


def test_an_inactive_account_gets_no_numbers(alice: Account) -> None:
    Account.objects.update(is_active=False)
    with pytest.raises(NumberError, match="wrong"):
        make("442079460958")

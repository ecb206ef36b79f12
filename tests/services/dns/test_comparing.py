"""What a server says about a number, compared with what the registry has: record by record."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Naptr
from dashboard.services.dns import Difference, State, compare
from dashboard.services.dns.comparing import MOST_FORMS

DIGITS = "16045550123"


def sip(preference: int = 10, user: str = "alice", **others: Any) -> Naptr:
    """A SIP record."""
    return replace(Naptr(100, preference, "u", "E2U+sip", f"!^.*$!sip:{user}@example.org!"), **others)


MAIL = Naptr(100, 20, "u", "E2U+email:mailto", "!^.*$!mailto:alice@example.org!")


@pytest.mark.parametrize(
    ("expected", "found", "state"),
    [
        ([sip()], [sip()], State.PUBLISHED),
        ([sip(), MAIL], [MAIL, sip()], State.PUBLISHED),
        ([sip(), sip()], [sip()], State.PUBLISHED),  # an RRset is a set (RFC 2181 s5)
        ([sip()], [], State.MISSING),
        ([], [sip()], State.EXTRA),
        ([], [], State.EMPTY),
        ([sip()], [sip(user="bob")], State.DIFFERS),
        ([sip()], [sip(), MAIL], State.DIFFERS),
        ([sip(), MAIL], [sip()], State.DIFFERS),
    ],
)
def test_a_number_has_a_state(expected: list[Naptr], found: list[Naptr], state: State) -> None:
    assert compare(expected, found, DIGITS).state is state


@pytest.mark.parametrize(
    "found",
    [
        sip(service="e2u+SIP"),
        sip(flags="U"),
        sip(regexp="!^\\+16045550123$!sip:alice@example.org!"),
        sip(regexp="!(.*)!sip:alice@example.org!"),
    ],
)
def test_what_telephone_systems_treat_the_same_is_the_same(found: Naptr) -> None:
    assert compare([sip()], [found], DIGITS).state is State.PUBLISHED


def test_a_pattern_that_does_not_match_the_number_is_not_the_same() -> None:
    found = sip(regexp="!^\\+999$!sip:alice@example.org!")

    assert compare([sip()], [found], DIGITS).differences == (Difference(sip(), found),)


@pytest.mark.parametrize(
    ("found", "fields"),
    [
        (sip(preference=30), ("preference",)),
        (replace(sip(), order=101), ("order",)),
        (sip(user="bob"), ("regexp",)),
        (sip(service="E2U+pstn:sip"), ("service",)),
        (sip(flags=""), ("flags",)),
    ],
)
def test_a_record_in_another_form_is_one_difference_that_says_what_changed(
    found: Naptr, fields: tuple[str, ...]
) -> None:
    (difference,) = compare([sip(), MAIL], [MAIL, found], DIGITS).differences

    assert (difference.expected, difference.found, difference.fields) == (sip(), found, fields)


def test_a_record_that_is_missing_and_one_that_is_too_many_are_two_differences() -> None:
    other = Naptr(100, 5, "u", "E2U+h323", "!^.*$!h323:gk.example.org!")

    compared = compare([sip(), MAIL], [MAIL, other], DIGITS)

    assert compared.differences == (Difference(None, other), Difference(sip(), None))
    assert [each.fields for each in compared.differences] == [(), ()]


def test_every_record_is_named_where_all_are_missing() -> None:
    assert compare([sip(), MAIL], [], DIGITS).differences == (Difference(sip(), None), Difference(MAIL, None))


def test_what_may_be_the_form_of_an_unknown_service_is_no_difference() -> None:
    other = Naptr(100, 5, "u", "E2U+msg", "!^.*$!msg:x!")

    assert compare([sip()], [sip(), other], DIGITS, formless=1).state is State.PUBLISHED
    assert compare([sip()], [sip(), other, MAIL], DIGITS, formless=1).state is State.DIFFERS
    assert compare([sip()], [other], DIGITS, formless=1).state is State.DIFFERS
    assert compare([], [other], DIGITS, formless=1).state is State.PUBLISHED
    assert compare([], [], DIGITS, formless=1).state is State.EMPTY


records = st.builds(
    Naptr,
    st.integers(100, 101),
    st.integers(0, 3),
    st.sampled_from(["u", "U", ""]),
    st.sampled_from(["E2U+sip", "E2U+SIP", "E2U+tel"]),
    st.sampled_from(["!^.*$!sip:a@b!", "!(.*)!sip:a@b!", "!^.*$!sip:c@d!", "!broken", "", '!\\1!\x00\xff"!']),
)


@given(st.lists(records, max_size=6), st.lists(records, max_size=6))
def test_every_record_of_either_side_is_equal_to_one_or_named_once(expected: list[Naptr], found: list[Naptr]) -> None:
    compared = compare(expected, found, DIGITS)

    lost = [each.expected for each in compared.differences if each.expected]
    extra = [each.found for each in compared.differences if each.found]
    assert len(set(lost)) == len(lost)
    assert len(set(extra)) == len(extra)
    assert set(lost) <= set(expected)
    assert set(extra) <= set(found)
    assert len(set(expected)) - len(lost) == len(set(found)) - len(extra)
    assert (compared.differences == ()) == (compared.state in {State.PUBLISHED, State.EMPTY})


@given(st.lists(records, max_size=6))
def test_a_set_of_records_never_differs_from_itself(same: list[Naptr]) -> None:
    assert compare(same, list(reversed(same)), DIGITS).differences == ()


def test_sixty_records_are_compared() -> None:
    many = [sip(preference=number, user=f"alice{number}") for number in range(60)]
    moved = [replace(record, preference=record.preference + 1) for record in many]

    assert [each.fields for each in compare(many, moved, DIGITS).differences] == [("preference",)] * 60


def test_of_thousands_of_further_records_some_are_shown_and_few_are_worked_out() -> None:
    hostile = "!" + "((.*)*(.*)*)*" * 16 + "x!%d!"
    found = [sip(regexp=hostile % number) for number in range(5_000)]

    compared = compare([sip(), MAIL], found, DIGITS)

    assert compared.state is State.DIFFERS
    assert len(compared.differences) <= 2 + MOST_FORMS


def test_further_records_count_although_they_are_not_shown() -> None:
    found = [sip(), *(sip(user=f"user{number}") for number in range(2 * MOST_FORMS))]
    assert compare([sip()], found, DIGITS, formless=MOST_FORMS + 1).state is State.DIFFERS
    assert compare([sip()], found, DIGITS, formless=2 * MOST_FORMS).state is State.PUBLISHED

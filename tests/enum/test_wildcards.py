"""Wildcards against a model of RFC 4592 that looks names up label by label."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum.wildcards import Effect, Name, answering, deciding, effect_of, effect_problems

DEPTH = 5
# Two digits are as good as ten, and all numbers up to a length can be tried.
EVERY_NUMBER = ["".join(digits) for size in range(1, DEPTH + 1) for digits in itertools.product("01", repeat=size)]
names = st.builds(Name, st.text("01", min_size=1, max_size=DEPTH - 1), st.booleans())
zones = st.frozensets(names, max_size=6)


def looked_up(digits: str, zone: frozenset[Name]) -> Name | None:
    """What RFC 4592 and RFC 1034 (section 4.3.2) say, with names as lists of labels from the top down."""
    owners = {(*name.digits, "*") if name.is_block else tuple(name.digits): name for name in zone}
    existing = {owner[:length] for owner in owners for length in range(len(owner) + 1)} | {()}
    here: tuple[str, ...] = ()
    for label in digits:
        if (*here, label) not in existing:
            return owners.get((*here, "*"))
        here = (*here, label)
    return owners.get(here)


@given(zone=zones)
def test_every_number_is_answered_as_the_rfc_says(zone: frozenset[Name]) -> None:
    for digits in EVERY_NUMBER:
        assert answering(digits, zone) == looked_up(digits, zone)


@given(zone=zones, name=names)
def test_exactly_the_numbers_said_change_their_answer(zone: frozenset[Name], name: Name) -> None:
    effect = effect_of(name, zone)
    without, present = zone - {name}, zone | {name}
    for digits in EVERY_NUMBER:
        before, after = looked_up(digits, without), looked_up(digits, present)
        if effect.hides(digits):
            assert (before, after) == (effect.instead, None)
        elif name.owns(digits) and not digits.startswith(effect.holes or "-"):
            assert (before, after) == (effect.instead, name)
        else:
            assert before == after


@given(zone=zones, name=names)
def test_it_does_not_matter_whether_a_name_comes_or_goes(zone: frozenset[Name], name: Name) -> None:
    assert effect_of(name, zone - {name}) == effect_of(name, zone | {name})


def test_one_number_hides_a_tenth_of_the_block_around_it() -> None:
    block = Name("1604555", is_block=True)
    effect = effect_of(Name("16045550100"), [block])

    assert (effect.instead, effect.hidden) == (block, "16045550")
    assert effect.hides_others
    assert effect.hides("16045550999")
    assert effect.hides("160455501")
    assert not effect.hides("16045550100")
    assert not effect.hides("16045551000")


def test_what_is_hidden_already_is_not_hidden_again() -> None:
    zone = [Name("1604555", is_block=True), Name("16045550100")]

    assert effect_of(Name("16045550101"), zone).hidden == ""


def test_a_number_right_below_a_block_hides_nothing_but_longer_ones() -> None:
    effect = effect_of(Name("16045550100"), [Name("1604555010", is_block=True)])

    assert effect.hidden == "16045550100"
    assert not effect.hides_others


def test_a_block_has_holes_where_names_exist() -> None:
    effect = effect_of(Name("1604555", is_block=True), [Name("16045550100"), Name("160455529", is_block=True)])

    assert (effect.instead, effect.holes) == (None, ("16045550", "16045552"))


def test_a_block_inside_a_block_hides_the_outer_one_beside_itself() -> None:
    outer = Name("1604", is_block=True)
    effect = effect_of(Name("1604555", is_block=True), [outer])

    assert (effect.instead, effect.hidden) == (outer, "16045")
    assert effect.hides("16045990100")
    assert effect.hides("1604555")  # the name right above the asterisk is no number of the block
    assert not effect.hides("16045550100")


def test_a_name_is_written_as_people_write_it() -> None:
    assert [str(Name("1604")), str(Name("1604", is_block=True))] == ["+1604", "+1604*"]


@given(zone=zones, name=names)
def test_without_what_decides_the_effect_may_be_another_and_without_the_rest_it_is_not(
    zone: frozenset[Name], name: Name
) -> None:
    effect = effect_of(name, zone)
    decides = deciding(effect, zone)

    assert decides <= zone
    alone = effect_of(name, decides)
    assert (alone.instead, alone.hidden) == (effect.instead, effect.hidden)


def said(effect: Effect, *, comes: bool) -> dict[str, str]:
    """The sentences by their codes."""
    return {problem.code: str(problem) for problem in effect_problems(effect, comes=comes)}


def test_sentences_name_the_numbers_and_the_block() -> None:
    effect = effect_of(Name("16045550100"), [Name("1604555", is_block=True)])

    assert said(effect, comes=True) == {
        "instead": "The records of +16045550100 itself answer for it, not those of the block +1604555*.",
        "hides": "No other number that begins with +16045550 gets an answer from the block +1604555*: "
        "in the DNS, a name hides the wildcard for everything beside it.",
    }
    assert "will get that of the block +1604555* again" in said(effect, comes=False)["hides"]


def test_nothing_is_said_where_nothing_changes() -> None:
    assert effect_problems(effect_of(Name("16045550100"), [Name("16045550101")]), comes=True) == []


def test_what_only_longer_numbers_lose_hides_nobody() -> None:
    effect = effect_of(Name("16045550100"), [Name("1604555010", is_block=True)])

    assert list(said(effect, comes=True)) == ["instead"]


def test_of_many_holes_some_are_named() -> None:
    effect = effect_of(Name("1604", is_block=True), [Name(f"1604{digit}55") for digit in range(8)])

    assert said(effect, comes=True)["holes"] == (
        "+1604* answers for no number that begins with +16040, +16041, +16042, +16043, +16044 and 3 more beginnings: "
        "others exist there."
    )

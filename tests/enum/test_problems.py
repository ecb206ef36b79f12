"""Problems and errors as data."""

from __future__ import annotations

import pytest

from dashboard.enum import NaptrError, NumberError, Problem
from dashboard.enum.problems import UriError, cut


def test_a_problem_fills_its_words_and_keeps_template_and_values_apart() -> None:
    problem = Problem("hostdata", "too-long", "%(count)d of %(limit)d.", {"count": 9, "limit": 5})
    assert str(problem) == "9 of 5."
    assert problem.message == "%(count)d of %(limit)d."
    assert problem.params == {"count": 9, "limit": 5}


def test_a_problem_is_an_error_unless_it_is_a_warning() -> None:
    assert Problem("service", "empty", "x").is_error
    assert not Problem("service", "risky", "x", severity="warning").is_error


def test_problems_can_be_compared_and_kept_in_sets() -> None:
    one, same = (Problem("number", "x", "%(n)d", {"n": 1}) for _ in range(2))
    assert one == same
    assert {one, same} == {one}
    assert one != Problem("number", "x", "%(n)d", {"n": 2})


def test_a_percent_sign_in_an_error_and_its_problem_reads_the_same() -> None:
    error = UriError("percent", "A %% alone.")
    assert str(error) == str(error.as_problem()) == "A % alone."


@pytest.mark.parametrize("kind", [NaptrError, NumberError])
def test_an_error_names_its_field_and_reads_as_a_sentence(kind: type[NaptrError]) -> None:
    error = kind("number", "Not %(what)s.", {"what": "this"})
    assert (error.field, error.message, error.params, str(error)) == (
        "number",
        "Not %(what)s.",
        {"what": "this"},
        "Not this.",
    )
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(("length", "shown"), [(0, 0), (59, 59), (60, 60), (61, 60), (10_000, 60)])
def test_a_long_value_is_shown_short(length: int, shown: int) -> None:
    text = cut("x" * length)
    assert len(text) == shown
    assert text.endswith("…") == (length > shown)

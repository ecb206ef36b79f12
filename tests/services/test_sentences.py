"""Sentences of the pure packages, in the reader's language."""

import pytest
from django.utils.translation import override

from dashboard.client import Refused, ReplyLost
from dashboard.services.sentences import say


def test_a_sentence_is_filled() -> None:
    error = ReplyLost("%(host)s did not answer in time.", {"host": "registry.example"}, code="timeout")

    assert say(error) == "registry.example did not answer in time."


def test_a_sentence_without_gaps_may_hold_a_percent_sign() -> None:
    assert say(Refused("Only 10 % of it.")) == "Only 10 % of it."


@pytest.mark.parametrize("words", ["100 %", "%(evil)s", "%s", "{0}", "%%"])
def test_what_fills_a_gap_is_not_read_as_a_sentence(words: str) -> None:
    assert say(Refused("The registry refused: %(reason)s", {"reason": words})) == f"The registry refused: {words}"


def test_a_language_that_has_no_such_sentence_says_it_in_english() -> None:
    with override("de"):
        assert say(Refused("The registry refused and did not say why."))

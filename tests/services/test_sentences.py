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


@pytest.mark.parametrize(
    ("message", "params", "said"),
    [
        ("%(count)d octets", {"count": 1_234_567}, "1,234,567 octets"),
        ("more than %(limit)s lines", {"limit": 1_000}, "more than 1,000 lines"),
        ("a number from 1 to %(limit)d", {"limit": 65_535}, "a number from 1 to 65535"),
        ("port %(port)s, id %(id)d", {"port": "5060", "id": 12_345}, "port 5060, id 12345"),
        ("%(count)s of %(name)s", {"count": "many", "name": "%(count)d"}, "many of %(count)d"),
        ("%(count)d %%", {"count": 999}, "999 %"),
    ],
)
def test_counts_have_their_thousands_set_apart_and_values_do_not(
    message: str, params: dict[str, object], said: str
) -> None:
    assert say(Refused(message, params)) == said


def test_a_language_that_has_no_such_sentence_says_it_in_english() -> None:
    with override("de"):
        assert say(Refused("The registry refused and did not say why."))

"""How a token is written."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.services.tokens.writing import NoToken, Written

ALPHABET = string.ascii_letters + string.digits
WRITTEN = st.builds(Written, st.text(ALPHABET, min_size=12, max_size=12), st.text(ALPHABET, min_size=43, max_size=43))


@given(WRITTEN)
def test_what_is_written_is_read(written: Written) -> None:
    assert Written.read(written.text) == written
    assert re.fullmatch(r"e164_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", written.text)


@given(WRITTEN, st.data())
def test_no_typo_of_one_character_is_taken_for_a_token(written: Written, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(written.text) - 1))
    other = data.draw(st.characters().filter(lambda each: each != written.text[place]))
    with pytest.raises(NoToken):
        Written.read(written.text[:place] + other + written.text[place + 1 :])


@given(WRITTEN, st.integers(0, 68))
def test_no_part_of_a_token_is_one(written: Written, end: int) -> None:
    with pytest.raises(NoToken):
        Written.read(written.text[: min(end, len(written.text) - 1)])


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NoToken) as refusal:
        Written.read(text)
    assert str(refusal.value) == ""


def test_the_end_of_a_line_is_no_part_of_a_token() -> None:
    with pytest.raises(NoToken):
        Written.read(Written.anew().text + "\n")


def test_no_two_are_alike_and_none_shows_its_secret() -> None:
    made = [Written.anew() for _ in range(100)]
    assert len({each.public_id for each in made}) == len({each.secret for each in made}) == 100
    assert made[0].secret not in repr(made[0])

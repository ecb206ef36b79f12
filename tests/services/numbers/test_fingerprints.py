"""What a form carries to notice that somebody else changed what it showed."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.protocol import Record
from dashboard.services.numbers import fingerprint, is_of

FIRST = Record(
    id=17,
    country="1",
    area="200",
    local="5550100",
    order=100,
    preference=10,
    service="SIP",
    hostdata="alice@example.org",
)
SECOND = replace(FIRST, id=18, preference=20)


@pytest.mark.parametrize(
    "values", [{"id": 1}, {"order": 1}, {"preference": 1}, {"service": "x"}, {"hostdata": "x"}], ids=str
)
def test_every_field_that_a_person_sees_is_noticed(values: dict[str, Any]) -> None:
    other = replace(FIRST, **values)

    assert fingerprint([other]) != fingerprint([FIRST])
    assert fingerprint([other, SECOND]) != fingerprint([FIRST, SECOND])


def test_the_order_of_rows_and_the_writing_of_the_number_are_not() -> None:
    assert fingerprint([FIRST, SECOND]) == fingerprint([SECOND, FIRST])
    assert fingerprint([replace(FIRST, area="", local="2005550100")]) == fingerprint([FIRST])


def test_that_of_one_record_says_which_it_is() -> None:
    assert is_of(fingerprint([FIRST]), 17)
    assert not is_of(fingerprint([FIRST]), 18)
    assert not is_of(fingerprint([FIRST]), 1)
    assert not is_of(fingerprint([FIRST, SECOND]), 17)
    assert not is_of(fingerprint([]), 0)

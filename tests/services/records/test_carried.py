"""What a page carries to the preview comes back whole, or not at all."""

import base64
import hashlib
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.protocol import Number, Record
from dashboard.services.numbers import NumberRecords
from dashboard.services.records.callers import Callers
from dashboard.services.records.carried import MAX_CARRIED, carried, carry


def companions(*hostdata: str) -> Callers:
    """A number with a record for each."""
    number = Number(id=0, country="1", area="604", local="5550100")
    records = tuple(
        Record(
            id=place,
            country="1",
            area="604",
            local="5550100",
            order=100,
            preference=place,
            service="SIP",
            hostdata=each,
        )
        for place, each in enumerate(hostdata, start=1)
    )
    return Callers(number, records, "e164.arpa")


@pytest.mark.parametrize(
    "hostdata", [(), ("alice@example.org",), ("a,b'\"\\!é🎉<>&|@example.org", "bob@example.org")]
)
def test_comes_back_as_it_was(hostdata: tuple[str, ...]) -> None:
    sent = companions(*hostdata)

    found = carried(carry(sent))
    assert found is not None
    assert Callers.of(found) == sent


def test_is_short() -> None:
    usual = companions(*(f"user{place}@sip.example.org" for place in range(60)))

    assert 0 < len(carry(usual)) < 1_000


def test_what_is_too_long_is_not_carried() -> None:
    noise = (hashlib.sha512(str(place).encode()).hexdigest() for place in range(600))

    assert carry(companions(*noise)) == ""


def packed(value: object) -> str:
    """Anything, in the form in which it is carried."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode(), 9)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x" * 50_001,
        "AAAA",
        "é",
        packed(None),
        packed([]),
        packed({"a": 1}),
        packed(["1", "604", "5550100", "e164.arpa", [[1]]]),
        packed(["1", "604", "5550100", "e164.arpa", [["1", 100, 10, "SIP", "a@b.c"]]]),
        packed(["1", "604", "5550100", "e164.arpa", [[1, 100, 10, "SIP", None]]]),
        packed(["1", "604", "5550100", "e164.arpa", {"a": 1}]),
        packed(["1", "604", "5550100", "no domain name", []]),
        packed(["1", "604", "5550100", 5, []]),
        packed(["", "", "", "e164.arpa", []]),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000, 9)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"x" * 1_500_000, 9)).decode(),
    ],
)
def test_anything_else_is_nothing(text: str) -> None:
    assert carried(text) is None


@given(st.one_of(st.text(max_size=300), st.text("ABCDabcd0123-_=", max_size=MAX_CARRIED)))
def test_no_text_does_harm(text: str) -> None:
    assert carried(text) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 10**20) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.one_of(json_values, st.tuples(*[st.text(max_size=4)] * 3, st.just("e164.arpa"), json_values)))
def test_no_value_does_harm(value: object) -> None:
    found = carried(packed(value))

    assert found is None or isinstance(found, NumberRecords)

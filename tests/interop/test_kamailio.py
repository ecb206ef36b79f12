"""Predictions held against a Kamailio that runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from dashboard.enum import Naptr
from dashboard.telephones import predict
from tests.interop import kamailio
from tests.interop.kamailio import Room
from tests.telephones.cases import Observed, observed, sip

NUMBERS = map(str, itertools.count(49301000000))  # never the same twice: nothing is remembered from before


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with kamailio.running() as started:
        yield started


def agree(room: Room, *records: Naptr, digits: str = "") -> bool:
    """Whether Kamailio calls what was predicted."""
    number = digits or next(NUMBERS)
    predicted = predict(number, records)[0]
    assert predicted.telephone.name == "kamailio"
    assert room.calls(number, records) == predicted.uris, [str(verdict) for verdict in predicted.verdicts]
    return bool(predicted.uris)


@pytest.mark.parametrize("case", observed(), ids=lambda case: case.name)
def test_it_still_does_what_was_observed(room: Room, case: Observed) -> None:
    assert list(room.calls(case.digits, case.records)) == case.uris["kamailio"]


USED = [
    "!^.*$!sip:a@b!anything",
    r"!^.*$!sip:\x\\y@b!",
    "!!sip:a@b!",
    r"!^\+(\w+)$!sip:\1@b!",
    r"!\s*!sip:a@b!",
    "!^.*?$!sip:a@b!",
    "!^.**$!sip:a@b!",
    "!.{0,300}!sip:a@b!",
    r"![[:digit:]]+!sip:\0@b!",
    r"!0{1}{2}!sip:\0@b!",
    r"!0+?!sip:\0@b!",
    r"!\W4!sip:\0@b!",
    r"!(4|49)(3|93)(.*)!sip:\1-\2-\3@b!",
    r"!((.)(.))*!sip:\1\2\3@b!",
    r"!(.)(.)(.)(.)(.)!sip:\5@b!",
    "!(.)(.)(.)(.)(.)(.)!sip:a@b!",
    "!^.*$! sip:a@b !",
    "!^.*$!SIP:a@b!",
    "!^.*$!tel:+49301!",
    '!^.*$!sip:"x" <y>,z@b!',
    "!^.*$!sip:\xc3\xa9\t\xff@b!",
    "!^.*$!sip:a\0b@c!",
    "!^(.*)$!sip:" + r"\1" * 84 + "!",
]
UNTOLD = [
    r"!^.{,3}!sip:\0@b!",
    r"![[.0.]]+!sip:\0@b!",
    r"!\b4!sip:\0@b!",
    r"!\B9!sip:\0@b!",
    r"!\<493!sip:\0@b!",
    r"!\`.4!sip:\0@b!",
    r"!(|4)!sip:\1a@b!",
    r"!()!sip:\1a@b!",
    r"!^.(4).*\1!sip:a@b!",
]
SKIPPED = [
    "#^.*$#sip:a@b#",
    r"!a\!b!sip:a@b!",
    "!^.*$!sip:a@b",
    "!^.*$!",
    "!",
    "",
    "^.*$",
    r"!^\+(\d+)$!sip:\1@b!",
    "!^(?:.*)$!sip:a@b!",
    "!^*!sip:a@b!",
    "!*!sip:a@b!",
    "!a|*b!sip:a@b!",
    "!.{!sip:a@b!",
    "!.{x}!sip:a@b!",
    "!.{2,1}!sip:a@b!",
    "!.{0,40000}!sip:a@b!",
    "!(!sip:a@b!",
    "!)!sip:a@b!",
    "![z-a]!sip:a@b!",
    "![[:nope:]]!sip:a@b!",
    r"!\!sip:a@b!",
    r"!\1!sip:a@b!",
    "!4^9!sip:a@b!",
    "!(.)(.)(.)(.)(.)(.)(.)!sip:a@b!",
    r"!^.*$!sip:\1@b!",
    r"!^.*(x)?$!sip:\1@b!",
    "!^.*$!sip:a@b\\!",
    "!^493!sip:a@b!",
    "!^(.*)$!sip:" + r"\1" * 85 + "!",
]


@pytest.mark.parametrize("regexp", USED)
def test_it_takes_an_odd_regexp_as_predicted(room: Room, regexp: str) -> None:
    assert agree(room, sip(regexp))


@pytest.mark.parametrize("regexp", UNTOLD)
def test_what_it_makes_of_some_patterns_is_not_told_though_it_takes_them(room: Room, regexp: str) -> None:
    number, record = "49301234567", sip(regexp)
    assert room.calls(number, [record])
    assert predict(number, [record])[0].verdicts[0].code == "unpredictable"


@pytest.mark.parametrize("regexp", SKIPPED)
def test_it_skips_what_it_is_predicted_to_skip_and_goes_on(room: Room, regexp: str) -> None:
    assert agree(room, sip(regexp, 1), sip())
    assert not agree(room, sip(regexp))


SERVICES = [
    "E2U+SIP",
    "e2U+sIp",
    "SIP+e2u",
    "E2U+sip:sip",
    "E2U+sips",
    "E2U+sip ",
    "E2U+sip\0",
    "E2U+pstn:sip",
    "sip",
    "",
]


@pytest.mark.parametrize("service", SERVICES)
def test_it_looks_for_services_as_predicted(room: Room, service: str) -> None:
    agree(room, sip(service=service))


@pytest.mark.parametrize("flags", ["", "U", "uu", "us", "s"])
def test_it_reads_flags_as_predicted(room: Room, flags: str) -> None:
    assert agree(room, sip(flags=flags)) == (flags == "U")


@pytest.mark.parametrize("count", [1, 2, 15, 16, 31, 32])
def test_it_asks_for_numbers_of_the_predicted_length(room: Room, count: int) -> None:
    assert agree(room, sip(), digits="1" * count) == (count <= 31)


def test_it_takes_as_many_addresses_as_predicted(room: Room) -> None:
    assert agree(room, *(sip(f"!^.*$!sip:a{place}@b!", place) for place in range(20)))


def test_an_empty_uri_has_it_call_the_first_address_again(room: Room) -> None:
    assert agree(room, sip("!^.*$!!", 20), sip(), sip("!^.*$!sip:b@c!", 30), sip("!.*!!", 40))


@pytest.mark.parametrize("count", [20, 50])
def test_it_reads_answers_of_the_predicted_size(room: Room, count: int) -> None:
    others = [sip(f"!^.*$!mailto:{'x' * 200}{place:02}@b!", place, "E2U+email:mailto") for place in range(count)]
    assert agree(room, sip(), *others) == (count == 20)


def test_it_tries_equal_and_large_orders_as_predicted(room: Room) -> None:
    assert agree(room, *(sip(f"!^.*$!sip:{user}@b!") for user in ("zoe", "bob", "al", "ann")))
    orders = [(65535, 65535), (65535, 0), (32768, 7), (32767, 9), (0, 65535), (100, 10)]
    assert agree(room, *(Naptr(*order, "u", "E2U+sip", f"!^.*$!sip:a{order[0]}@b!") for order in orders))

"""Which name answers for a number: BIND against our reading of RFC 4592."""

import itertools

import dns.rdata
import pytest

from dashboard.enum import Name, answering, domain_name
from dashboard.nameservers import Replacement, ask, update
from tests.interop.bind import Bind
from tests.interop.conftest import ZONE

EVERY_NUMBER = ["".join(digits) for size in range(1, 5) for digits in itertools.product("12", repeat=size)]
BLOCK = Name("1", is_block=True)
ZONES = {
    "one block": [BLOCK],
    "a number inside a block": [BLOCK, Name("1212")],
    "a number right below a block": [BLOCK, Name("12")],
    "a number and the block of the same digits": [BLOCK, Name("1")],
    "a block inside a block": [BLOCK, Name("121", is_block=True)],
    "a number inside a block inside a block": [BLOCK, Name("12", is_block=True), Name("1221")],
    "neighbours": [BLOCK, Name("1211"), Name("1212"), Name("2")],
}


@pytest.mark.parametrize("names", ZONES.values(), ids=ZONES)
def test_bind_answers_for_every_number_as_we_say(bind_server: Bind, names: list[Name]) -> None:
    update(bind_server.address, ZONE, [_published(name) for name in names], key=bind_server.key)

    answers = {digits: _answered(bind_server, digits) for digits in EVERY_NUMBER}

    assert answers == {digits: _text(answering(digits, names)) for digits in EVERY_NUMBER}


def _published(name: Name) -> Replacement:
    """A record that says whose it is."""
    owner = domain_name(name.digits, ZONE)
    record = dns.rdata.from_text("IN", "NAPTR", f'100 10 "u" "E2U+sip" "!^.*$!sip:{_text(name)}@example.org!" .')
    return Replacement(f"*.{owner}" if name.is_block else owner, 300, {"NAPTR": (record,)})


def _answered(server: Bind, digits: str) -> str:
    texts = [record.to_text() for record in ask(server.address, domain_name(digits, ZONE), "NAPTR").rdatas]
    return texts[0].split("sip:")[1].split("@")[0] if texts else ""


def _text(name: Name | None) -> str:
    return "" if name is None else f"{'block' if name.is_block else 'number'}-{name.digits}"

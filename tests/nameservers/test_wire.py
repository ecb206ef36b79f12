"""Messages as octets, read as dnspython reads them."""

import dns.exception
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.nameservers import wire
from tests.nameservers.records import NAME, naptr

LABELS = st.lists(st.binary(min_size=1, max_size=63), max_size=5).filter(
    lambda ls: sum(len(one) + 1 for one in ls) < 255
)


@given(LABELS)
def test_names_read_as_dnspython_reads_them(labels: list[bytes]) -> None:
    name = dns.name.Name([*labels, b""])

    read = wire.name(name.to_wire() or b"", 0)

    assert read == name.to_text(omit_final_dot=True).lower() if labels else not read


@pytest.mark.parametrize(
    "octets",
    [
        b"\xc0\x00",  # a pointer to itself
        b"\x01a\xc0\x02",
        b"\x01a\xc0\x00",
        b"\xc0\x04\x00\x00\x00",  # a pointer forward
        b"\x40" + b"x" * 64 + b"\0",  # a label of 64 octets
        (b"\x3f" + b"x" * 63) * 4 + b"\0",  # 255 characters
        b"\x01a" * 128,  # more labels than a name can have, and no end
    ],
)
def test_a_name_that_is_none_is_an_error(octets: bytes) -> None:
    with pytest.raises(dns.exception.FormError):
        wire.name(octets, 0)


@pytest.mark.parametrize("octets", [b"", b"\x05abc", b"\xc0"])
def test_a_name_without_an_end_is_an_error(octets: bytes) -> None:
    with pytest.raises(IndexError):
        wire.name(octets, 0)


def test_the_records_of_a_message_are_found() -> None:
    message = dns.message.make_response(dns.message.make_query(NAME, "NAPTR"))
    message.answer.append(dns.rrset.from_rdata(f"{NAME}.", 300, naptr(), naptr("sip:b@x")))
    message.authority.append(dns.rrset.from_text("e164.test.", 60, "IN", "NS", "ns1.example."))
    octets = message.to_wire()

    found = list(wire.entries(octets))

    assert [(one.section, wire.name(octets, one.start), one.ttl) for one in found] == [
        (wire.ANSWERS, NAME, 300),
        (wire.ANSWERS, NAME, 300),
        (wire.AUTHORITIES, "e164.test", 60),
    ]
    assert wire.question(octets) == (NAME, dns.rdatatype.NAPTR, dns.rdataclass.IN)

"""The size of an answer, held against the messages that dnspython makes."""

import dns.flags
import dns.message
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import MAX_ANSWER, UDP_ANSWER, Naptr, answer_size, domain_name
from tests.enum.strategies import OCTETS, digits, suffixes

strings = st.text(OCTETS, max_size=255)
replacements = st.sampled_from([".", "a.example.", "\\046dot.example.", "_sip._udp.example.org."])
uint16 = st.integers(0, 65535)
records = st.lists(st.builds(Naptr, uint16, uint16, strings, strings, strings, replacements), max_size=12)


def message_size(number: str, naptrs: list[Naptr], suffix: str) -> int:
    """What dnspython's own answer has on the wire."""
    name = domain_name(number, suffix) + "."
    answer = dns.message.make_response(dns.message.make_query(name, "NAPTR", use_edns=0, payload=1232))
    rrset = dns.rrset.RRset(dns.name.from_text(name), dns.rdataclass.IN, dns.rdatatype.NAPTR)
    rrset.update_ttl(300)
    for naptr in naptrs:
        rrset.add(naptr.to_rdata())
    if naptrs:
        answer.answer.append(rrset)
    return len(answer.to_wire())


@given(number=digits, naptrs=records, suffix=suffixes)
def test_an_answer_has_the_size_of_the_message(number: str, naptrs: list[Naptr], suffix: str) -> None:
    # dnspython compresses no name inside the data of a NAPTR either (RFC 3597, section 4).
    assert answer_size(number, naptrs, suffix) == message_size(number, naptrs, suffix)


def test_a_record_that_is_there_twice_counts_once() -> None:
    naptr = Naptr(100, 10, "u", "E2U+sip", "!^.*$!sip:a@example.net!")

    assert answer_size("1", [naptr, naptr]) == answer_size("1", [naptr])


def test_a_dot_behind_the_suffix_makes_no_difference() -> None:
    assert answer_size("1", [], "e164.arpa.") == answer_size("1", [], "e164.arpa")


@pytest.mark.parametrize(("count", "limit"), [(17, UDP_ANSWER), (60, MAX_ANSWER)])
def test_how_many_usual_records_fit(count: int, limit: int) -> None:
    naptrs = [
        Naptr(100, place, "u", "E2U+sip", f"!^.*$!sip:5550100.{place:04}@sip.example.org!") for place in range(80)
    ]

    assert answer_size("12005550100", naptrs[:count]) <= limit < answer_size("12005550100", naptrs[: count + 1])

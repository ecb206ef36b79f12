"""The NAPTR record: zone text, wire, and back."""

from __future__ import annotations

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Naptr, NaptrError, naptr_for
from tests.enum.strategies import OCTETS, PRINTABLE, draft, known_drafts, labels

octet_strings = st.text(OCTETS, max_size=255)
replacements = st.one_of(st.just("."), st.lists(labels, min_size=1, max_size=4).map(lambda x: ".".join(x) + "."))
naptrs = st.builds(
    Naptr,
    order=st.integers(0, 65535),
    preference=st.integers(0, 65535),
    flags=octet_strings,
    service=octet_strings,
    regexp=octet_strings,
    replacement=replacements,
)


def with_regexp(regexp: str) -> Naptr:
    return Naptr(100, 10, "u", "E2U+sip", regexp)


def parsed(text: str) -> dns.rdata.Rdata:
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.NAPTR, text)


def test_a_record_reads_in_a_zone_file_as_everybody_writes_it() -> None:
    assert with_regexp("!^.*$!sip:alice@example.org!").to_text() == (
        '100 10 "u" "E2U+sip" "!^.*$!sip:alice@example.org!" .'
    )


@pytest.mark.parametrize(
    ("regexp", "text"),
    [
        ("!^\\+(.*)$!sip:\\1@example.org!", r"!^\\+(.*)$!sip:\\1@example.org!"),
        ('a"b', r"a\"b"),
        ("a;b", "a;b"),
        ("\x00\t\n\x7f\xff", r"\000\009\010\127\255"),
        ("", ""),
    ],
)
def test_a_zone_file_has_backslashes_and_quotes_escaped_and_odd_octets_as_numbers(regexp: str, text: str) -> None:
    assert with_regexp(regexp).to_text() == f'100 10 "u" "E2U+sip" "{text}" .'


def test_a_record_is_on_the_wire_as_rfc_3403_draws_it() -> None:
    record = Naptr(100, 10, "u", "E2U+sip", "!a!b!", "x.example.")
    assert record.to_wire() == b"\x00\x64\x00\x0a\x01u\x07E2U+sip\x05!a!b!\x01x\x07example\x00"


@given(naptrs)
def test_a_record_comes_back_from_the_wire(record: Naptr) -> None:
    wire = record.to_wire()
    rdata = dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.NAPTR, wire, 0, len(wire))
    assert Naptr.from_rdata(rdata) == record
    assert record.to_rdata() == rdata
    assert rdata.to_wire() == wire


@given(naptrs)
def test_a_record_comes_back_from_its_zone_text(record: Naptr) -> None:
    assert Naptr.from_rdata(parsed(record.to_text())) == record


@given(naptrs)
def test_a_record_of_another_writer_means_the_same_in_our_words(record: Naptr) -> None:
    theirs = record.to_rdata().to_text()
    assert Naptr.from_rdata(parsed(theirs)) == record


@pytest.mark.parametrize("character", OCTETS)
def test_every_octet_survives_zone_text_and_wire_alone_and_before_a_digit(character: str) -> None:
    for regexp in (character, character + "1", "\\" + character, character * 3):
        record = with_regexp(regexp)
        assert Naptr.from_rdata(parsed(record.to_text())) == record
        assert Naptr.from_rdata(record.to_rdata()) == record


def test_all_printable_octets_at_once_stand_in_a_zone_file_on_one_line() -> None:
    record = with_regexp(PRINTABLE)
    zone = dns.zone.from_text(
        "@ 300 IN SOA ns. root. 1 2 3 4 5\n@ IN NS ns.\n6.1 300 IN NAPTR " + record.to_text() + "\n",
        origin="e164.arpa.",
    )
    (rdata,) = zone.find_rdataset("6.1", "NAPTR")
    assert Naptr.from_rdata(rdata) == record


@pytest.mark.parametrize("number", [0, 65535])
def test_order_and_preference_reach_from_0_to_65535(number: int) -> None:
    record = Naptr(number, number, "u", "E2U+sip", "!a!b!")
    assert Naptr.from_rdata(record.to_rdata()) == record


@pytest.mark.parametrize("number", [-1, 65536, 10**30])
@pytest.mark.parametrize("field", ["order", "preference"])
def test_a_number_that_has_no_16_bits_is_refused_by_name(field: str, number: int) -> None:
    values = {"order": 100, "preference": 10, field: number}
    with pytest.raises(NaptrError) as caught:
        Naptr(values["order"], values["preference"], "u", "E2U+sip", "!a!b!")
    assert caught.value.field == field
    assert field in str(caught.value)


@pytest.mark.parametrize("bad", ["x" * 256, "é\u0100", "😀", "\ud800"])
@pytest.mark.parametrize("field", ["flags", "service", "regexp"])
def test_a_string_that_is_not_255_octets_is_refused_by_name(field: str, bad: str) -> None:
    values = {"flags": "u", "service": "E2U+sip", "regexp": "!a!b!", field: bad}
    with pytest.raises(NaptrError) as caught:
        Naptr(100, 10, values["flags"], values["service"], values["regexp"])
    assert caught.value.field == field


@pytest.mark.parametrize("length", [254, 255])
def test_a_string_of_255_octets_still_fits(length: int) -> None:
    record = with_regexp("x" * length)
    assert len(record.to_wire()) == 2 + 2 + 2 + 8 + 1 + length + 1


@pytest.mark.parametrize("bad", ["", "example", "a..b.", "é.example.", "a" * 64 + ".", "a." * 150, "\\", "\\999."])
def test_a_replacement_that_is_no_absolute_domain_name_is_refused(bad: str) -> None:
    with pytest.raises(NaptrError) as caught:
        Naptr(100, 10, "u", "E2U+sip", "", bad)
    assert caught.value.field == "replacement"


def test_a_replacement_with_odd_octets_stays_on_its_line_in_a_zone_file() -> None:
    record = Naptr(100, 10, "", "E2U+sip", "", 'a b"c;\n.example.')
    assert "\n" not in record.to_text()
    assert Naptr.from_rdata(parsed(record.to_text())) == record == Naptr.from_rdata(record.to_rdata())


def test_a_dns_record_of_another_type_is_refused() -> None:
    with pytest.raises(NaptrError) as caught:
        Naptr.from_rdata(dns.rdata.from_text("IN", "TXT", '"x"'))
    assert caught.value.field == "type"


@pytest.mark.parametrize(
    ("regexp", "uri"),
    [
        ("!^.*$!sip:alice@example.org!", "sip:alice@example.org"),
        ("!^\\+(.*)$!sip:\\1@example.org!", "sip:16045550100@example.org"),
        ("!^1604(.*)$!sip:\\1@example.org!", ""),
        ("", ""),
        ("!^.*$!sip:alice@example.org", ""),
    ],
)
def test_a_caller_reaches_what_the_regexp_makes_of_the_number_with_its_plus(regexp: str, uri: str) -> None:
    assert with_regexp(regexp).uri_for("16045550100") == uri


@given(naptrs, st.text("0123456789", max_size=20))
def test_asking_any_record_for_any_number_never_raises(record: Naptr, digits: str) -> None:
    assert isinstance(record.uri_for(digits), str)


@given(known_drafts)
def test_a_record_that_we_make_comes_back_from_text_and_wire_and_leads_to_its_uri(draft: draft) -> None:  # type: ignore[valid-type]
    record = naptr_for(draft)
    if record is not None:
        assert Naptr.from_rdata(parsed(record.to_text())) == record == Naptr.from_rdata(record.to_rdata())
        assert record.regexp == f"!^.*$!{record.uri_for('16045550100')}!"

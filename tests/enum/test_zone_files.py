"""Zone files as name servers write them, and as attackers do."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Name, ZoneRecord, naptr_for, read_zone
from dashboard.enum.zone_files import MAX_RECORD
from tests.enum.strategies import known_drafts

SIP = 'NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@example.org!" .'
NUMBER = "8.4.1.0.6.4.9.7.0.2.4.4"
DIGITS = Name("442079460148")


def read(text: str, **more: str) -> list[ZoneRecord]:
    return list(read_zone(io.StringIO(text), **more))


def said(records: list[ZoneRecord]) -> list[tuple[int, str]]:
    return [(record.line, str(record.problem)) for record in records if record.problem]


def test_a_zone_file_in_all_its_ways_of_writing() -> None:
    escaped = SIP.replace("sip:a", "sip:a\\098")
    text = f"""\
; a comment (with a bracket
$ORIGIN 4.4.e164.arpa.
$TTL 1h
@ IN SOA ns.example. host.example. (
    1 ; serial
    3600 900 1209600 300 )
    IN NS ns.example.
8.4.1.0.6.4.9.7.0.2 3600 IN {SIP} ; the number
    {SIP.replace("100 10", "100 20")}
*.2 IN 1d NAPTR ( 100 10 "u" "E2U+sip"
      "!^\\\\+?(.*)$!sip:\\\\1@pbx;x(.example!" ; not a comment there
      . )
{NUMBER}.e164.arpa. IN {escaped}
\\050.\\052.e164.arpa. {SIP}
$ORIGIN e164.arpa.
0.1 IN TXT "a (name)"
0.1 {SIP}
"""
    found = read(text)
    assert said(found) == []
    assert [(record.line, record.name and record.name.text) for record in found if record.naptr] == [
        (8, "442079460148"),
        (9, "442079460148"),
        (10, "442*"),
        (13, "442079460148"),
        (14, "42"),
        (17, "10"),
    ]
    assert [record.naptr.preference for record in found if record.naptr] == [10, 20, 10, 10, 10, 10]
    assert found[2].naptr is not None
    assert found[2].naptr.regexp == r"!^\+?(.*)$!sip:\1@pbx;x(.example!"
    assert found[3].naptr is not None
    assert found[3].naptr.regexp == "!^.*$!sip:ab@example.org!"
    assert said(found) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$INCLUDE /etc/passwd\n", "$INCLUDE is not followed"),
        ("$GENERATE 1-9 $ NAPTR x\n", "only $ORIGIN and $TTL"),
        (f"1.2 {SIP}\n", "no $ORIGIN before it"),
        (f" {SIP}\n", "no name"),
        (f"example.org. {SIP}\n", "not the name of a number or block below e164.arpa"),
        (f"1.x.e164.arpa. {SIP}\n", "not the name of a number"),
        (f"1.*.2.e164.arpa. {SIP}\n", "not the name of a number"),
        ("1.2.e164.arpa. NAPTR 1 2 u\n", "cannot be read"),
        ("1.2.e164.arpa. NAPTR 1 99999 u s r .\n", "cannot be read"),
        ('1.2.e164.arpa. NAPTR 1 2 "u s r .\n', "cannot be read"),
        ("1.2.e164.arpa. CH NAPTR 1 2 u s r .\n", "class CH"),
        ("this. is no record\n", "no DNS record"),
        ("a\\999.e164.arpa. NAPTR 1 2 u s r .\n", "no domain name"),
        ("1.e164.arpa. NAPTR ( 1 2 u\n", "bracket was not closed"),
        ("1.e164.arpa. NAPTR ( 1 2 u\n" + "x" * MAX_RECORD + "\n", "bracket was not closed"),
        ("\0. x\n", "no DNS record"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line_and_the_next_line_is_read(text: str, words: str) -> None:
    found = read(f"\n{text}{NUMBER}.e164.arpa. {SIP}\n")
    (line, sentence) = said(found)[0]
    assert (line, words in sentence) == (2, True), sentence
    if "bracket" not in words or "x" * 9 in text:
        assert found[-1].name == DIGITS


def test_other_suffixes_and_the_name_that_the_file_is_of() -> None:
    (found,) = read(f"1.2 {SIP}\n", origin="4.2.4.tel.dn42", suffix="tel.dn42")
    assert found.name == Name("42421")


@pytest.mark.parametrize(
    ("written", "origin", "suffix", "digits"),
    [
        ("1.2.E164.arpa.", "", "e164.example", "21"),  # one number, whichever tree of the public network it is in
        ("*.1.2.e164.test.", "", "e164.example", "21*"),
        ("1.2.e164.arpa.", "", "tel.dn42", ""),  # there the number is another one
        ("1.2.tel.dn42.", "", "e164.example", ""),
        ("1.2.tel.dn42.", "2.tel.dn42", "e164.example", "21"),  # somebody says that it is the same
        ("1.2.tel.dn42.", "other.example", "e164.example", ""),
        ("1.2.4.4.e164.example.", "", "4.4.e164.example", "21"),  # counted without the code of the country
        ("1.2.9.4.e164.example.", "", "4.4.e164.example", ""),
    ],
)
def test_numbers_of_another_tree_are_read_where_they_are_the_same(
    written: str, origin: str, suffix: str, digits: str
) -> None:
    (found,) = read(f"{written} {SIP}\n", origin=origin, suffix=suffix)

    assert (found.name.text if found.name else "") == digits
    if not digits:
        (sentence,) = [words for _line, words in said([found])]
        assert f"below {suffix}" in sentence
        assert "enter that as the zone" in sentence


def test_a_file_without_an_end_is_read_as_it_comes() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield f"{NUMBER}.e164.arpa. {SIP}\n"

    records = read_zone(endless())
    assert [next(records).line for _ in range(3)] == [1, 2, 3]


@given(known_drafts, st.sampled_from([DIGITS, Name("4420", is_block=True)]))
def test_what_is_published_is_read_again(record: object, name: Name) -> None:
    published = naptr_for(record, name=name)  # type: ignore[arg-type]
    if published is not None:
        owner = "*." * name.is_block + ".".join(reversed(name.digits))
        assert read(f"{owner}.e164.arpa. IN NAPTR {published.to_text()}\n") == [ZoneRecord(1, name, published)]


@given(st.text(st.sampled_from('10.*"();\\$ \t\n@xNAPTR') | st.characters(), max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    for record in read(text):
        assert (record.naptr is None) == (record.problem is not None)
        assert str(record.problem)

"""From a NAPTR record back to the record that it was made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import SERVICES, Inexact, Name, Naptr, naptr_for, record_of
from dashboard.protocol import RecordData
from tests.enum.strategies import OCTETS, draft, known_drafts

NUMBER = Name("442079460148")
BLOCK = Name("44207946", is_block=True)
HOSTS = ("alice@example.org", "example.org/a", "+16045550100", "{number}@example.org", "x{rest}@pbx.example.org")


def naptr(service: str, regexp: str, flags: str = "u", replacement: str = ".") -> Naptr:
    return Naptr(100, 10, flags, service, regexp, replacement)


def back(given: Naptr, name: Name = NUMBER) -> RecordData:
    found = record_of(given, name)
    assert isinstance(found, RecordData), found
    return found


def not_back(given: Naptr, name: Name = NUMBER) -> Inexact:
    found = record_of(given, name)
    assert isinstance(found, Inexact)
    return found


@pytest.mark.parametrize("name", [NUMBER, BLOCK], ids=["number", "block"])
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_service_comes_back_as_what_is_published_alike(name: Name, service: object) -> None:
    tried = 0
    for hostdata in (service.example, *HOSTS):  # type: ignore[attr-defined]
        published = naptr_for(draft(service.name, hostdata), name=name)  # type: ignore[attr-defined]
        if published is not None:
            assert naptr_for(back(published, name), name=name) == published
            tried += 1
    assert tried


@given(known_drafts, st.sampled_from([NUMBER, BLOCK]), st.sampled_from(["", "{number}", "{rest}"]))
def test_what_is_published_comes_back_and_is_published_so_again(
    record: RecordData, name: Name, placeholder: str
) -> None:
    record = draft(record.service, placeholder + record.hostdata, record.preference)
    published = naptr_for(record, name=name)
    if published is not None:
        again = back(published, name)
        assert naptr_for(again, name=name) == published
        assert back(published, name) == back(naptr_for(again, name=name) or published, name)


@pytest.mark.parametrize(
    ("service", "hostdata"),
    [
        ("SIP", "alice@example.org"),
        ("SIP", "sips:alice@example.org"),
        ("TEL", "+16045550100"),
        ("IAX2", "100@pbx.example.org"),
        ("WEB", "https://www.example.org/"),
        ("MAILTO", "alice@example.org"),
    ],
)
def test_what_people_write_comes_back_as_they_write_it(service: str, hostdata: str) -> None:
    published = naptr_for(draft(service, hostdata))
    assert published is not None
    assert back(published) == draft(service, hostdata)


def test_placeholders_come_back() -> None:
    for hostdata in ("{number}@pbx.example.org", "x{rest}@pbx.example.org", "{number}-{rest}@pbx.example.org"):
        published = naptr_for(draft("SIP", hostdata), name=BLOCK)
        assert published is not None
        assert back(published, BLOCK) == draft("SIP", hostdata)


def test_the_case_of_service_and_flag_means_nothing() -> None:
    assert back(naptr("e2u+SIP", "!^.*$!sip:a@example.org!", "U")) == draft("SIP", "a@example.org")


@pytest.mark.parametrize(
    ("given", "words", "instead"),
    [
        (naptr("E2U+sip", "", "", "other.example."), "another name", []),
        (naptr("E2U+sip", "!^.*$!sip:a@example.org!", "s"), "flags", []),
        (naptr("sip+E2U", "!^.*$!sip:a@example.org!"), "no service of ENUM", []),
        (naptr("E2U+nothing:x", "!^.*$!x:a@example.org!"), "No service", []),
        (naptr("E2U+sip", "^.*$"), "no legal substitution", []),
        (naptr("E2U+sip", "!^.*$!mailto:a@example.org!"), "no address", []),
        (naptr("E2U+sip", "/^.*$/sip:a@example.org/"), "another way", [draft("SIP", "a@example.org")]),
        (
            naptr("E2U+sip", r"!^\+44(.*)$!sip:\1@example.org!"),
            "parts of the dialled number",
            [draft("SIP", "2079460148@example.org")],
        ),
        (
            naptr("E2U+sip+h323", r"!^\+44(.*)$!sip:\1@example.org!"),
            "several services",
            [draft("SIP", "2079460148@example.org")],
        ),
        (
            naptr("E2U+voice:tel+sms:tel", "!^.*$!tel:+16045550100!"),
            "several services",
            [draft("TEL", "+16045550100"), draft("sms:tel", "+16045550100")],
        ),
    ],
)
def test_what_has_no_such_form_says_why_and_what_does_the_same(
    given: Naptr, words: str, instead: list[RecordData]
) -> None:
    found = not_back(given)
    assert words in str(found)
    assert list(found.instead) == instead


@pytest.mark.parametrize("pattern", [r"^(.*)$", r"^\+(.*)$", r"^(\+.*)$", r"^\+44207946(.*)$", ".*"])
def test_what_communities_publish_for_a_block_has_a_record_that_does_the_same(pattern: str) -> None:
    user = r"\1" if "(" in pattern else "a"
    given = naptr("E2U+sip", f"!{pattern}!sip:{user}@pbx.example.org!")
    (instead,) = not_back(given, BLOCK).instead
    published = naptr_for(instead, name=BLOCK)
    assert published is not None
    for digits in ("442079460148", "442079460"):
        assert published.uri_for(digits) == given.uri_for(digits) != ""


@given(
    st.builds(
        Naptr,
        st.integers(0, 65535),
        st.integers(0, 65535),
        st.sampled_from(["u", "", "s"]),
        st.sampled_from(["E2U+sip", "E2U+sip+voice:tel", "x"]) | st.text(OCTETS, max_size=20),
        st.text(OCTETS, max_size=40) | st.text("!^.*$\\1+()sip:a@", max_size=30),
    ),
    st.sampled_from([NUMBER, BLOCK]),
)
def test_no_record_is_too_strange_and_what_does_the_same_does(given: Naptr, name: Name) -> None:
    found = record_of(given, name)
    for instead in found.instead if isinstance(found, Inexact) else ():
        published = naptr_for(instead, name=name)
        assert published is not None
        assert published.uri_for(name.example) == given.uri_for(name.example)

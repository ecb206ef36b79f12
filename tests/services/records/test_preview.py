"""What a record becomes in the DNS, and whom a caller would reach."""

import pytest

from dashboard.protocol import Record, RecordData
from dashboard.services.records.preview import preview, reached

DIGITS = "16045550100"


def _draft(service: str, hostdata: str, preference: int = 10) -> RecordData:
    return RecordData(preference=preference, service=service, hostdata=hostdata)


def _record(service: str, hostdata: str) -> Record:
    return Record(
        id=1,
        country="1",
        area="604",
        local="5550100",
        order=100,
        preference=10,
        service=service,
        hostdata=hostdata,
    )


@pytest.mark.parametrize(
    ("service", "hostdata", "uri"),
    [
        ("SIP", "alice@example.org", "sip:alice@example.org"),
        ("MAILTO", "alice@example.org", "mailto:alice@example.org"),
        ("WEB", "www.example.org", "https://www.example.org"),
        ("TEL", "+442079460958", "tel:+442079460958"),
    ],
)
def test_a_draft_that_can_be_used_shows_both(service: str, hostdata: str, uri: str) -> None:
    shown = preview(DIGITS, _draft(service, hostdata))

    assert shown.uri.rstrip("/") == uri
    assert shown.known
    assert shown.naptr.startswith('100 10 "u" "E2U+')


@pytest.mark.parametrize("hostdata", ["", "no address", "a\0b", "x" * 10_000])
def test_a_draft_that_cannot_be_used_shows_nothing(hostdata: str) -> None:
    shown = preview(DIGITS, _draft("SIP", hostdata))

    assert (shown.naptr, shown.uri, shown.known) == ("", "", True)


def test_a_service_that_nobody_knows_is_not_guessed() -> None:
    assert not preview(DIGITS, _draft("x-fax", "anything")).known


def test_what_is_reached_falls_back_to_the_words_of_the_registry() -> None:
    ways = reached(DIGITS, [_record("SIP", "alice@example.org"), _record("x-fax", "the <old> one")])

    assert [way.uri for way in ways] == ["sip:alice@example.org", "the <old> one"]


def test_a_block_is_previewed_by_one_of_its_numbers() -> None:
    shown = preview("1604555", _draft("SIP", "{rest}@gw.example.org"), is_block=True)

    assert shown.uri == "sip:0000@gw.example.org"
    assert shown.naptr == '100 10 "u" "E2U+sip" "!^\\\\+?1604555(.*)$!sip:\\\\1@gw.example.org!" .'
    assert preview("1604555", _draft("SIP", "{rest}@gw.example.org")).naptr == ""

"""What a record becomes, what is wrong with it, and which field is at fault."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import SERVICES, Naptr, Problem, check_draft, find_service, naptr_for, uri_of
from dashboard.protocol import RecordData
from tests.enum.strategies import PRINTABLE, as_held, draft, held, nasty_drafts, nasty_text

NUMBER = "442079460148"


@dataclass(frozen=True)
class Row:
    """A record as a registry has it: more than a draft."""

    id: int
    order: int
    preference: int
    service: str
    hostdata: str


def codes(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.severity, problem.field, problem.code) for problem in problems]


def found(service: str, hostdata: str, digits: str = NUMBER) -> list[tuple[str, str, str]]:
    return codes(check_draft(draft(service, hostdata), digits))


def test_a_sip_record_becomes_the_default_record() -> None:
    record = naptr_for(draft("SIP", "alice@example.org", preference=20))
    assert record == Naptr(100, 20, "u", "E2U+sip", "!^.*$!sip:alice@example.org!", ".")
    assert record is not None
    assert record.uri_for(NUMBER) == "sip:alice@example.org"


@pytest.mark.parametrize(
    ("service", "hostdata", "text"),
    [
        ("IAX", "pbx.example.org", '"E2U+iax" "!^.*$!iax:pbx.example.org!"'),
        ("iax2", "pbx.example.org", '"E2U+IAX2" "!^.*$!iax2:pbx.example.org!"'),
        ("H323", "alice@example.org", '"E2U+h323" "!^.*$!h323:alice@example.org!"'),
        ("MAILTO", "alice@example.org", '"E2U+email:mailto" "!^.*$!mailto:alice@example.org!"'),
        ("XMPP", "alice@example.org", '"E2U+xmpp" "!^.*$!xmpp:alice@example.org!"'),
        ("TEL", "+16045550100", '"E2U+voice:tel" "!^.*$!tel:+16045550100!"'),
        ("WEB", "http://example.org", '"E2U+web:http" "!^.*$!http://example.org!"'),
        ("WEB", "https://example.org", '"E2U+web:https" "!^.*$!https://example.org!"'),
        ("WEB", "example.org", '"E2U+web:https" "!^.*$!https://example.org!"'),
        ("sip", "sips:alice@example.org", '"E2U+sip" "!^.*$!sips:alice@example.org!"'),
        ("pstn:tel", "+16045550100;npdi", '"E2U+pstn:tel" "!^.*$!tel:+16045550100;npdi!"'),
        ("SIP", "a\\1!b@example.org", '"E2U+sip" "!^.*$!sip:a%5C1%21b@example.org!"'),
    ],
)
def test_each_service_has_its_own_form_in_the_dns(service: str, hostdata: str, text: str) -> None:
    record = naptr_for(draft(service, hostdata))
    assert record is not None
    assert record.to_text() == f'100 10 "u" {text} .'


def test_the_order_of_an_existing_record_is_kept() -> None:
    row = Row(7, 50, 10, "SIP", "alice@example.org")
    record = naptr_for(row, row.order)
    assert record is not None
    assert record.to_text().startswith('50 10 "u"')


def test_a_backslash_in_host_data_is_data_and_no_back_reference() -> None:
    record = naptr_for(draft("SIP", "\\0\\1@example.org"))
    assert record is not None
    assert record.uri_for(NUMBER) == "sip:%5C0%5C1@example.org"


@pytest.mark.parametrize("order", [-1, 65536])
def test_an_order_that_dns_cannot_hold_has_no_record(order: int) -> None:
    assert naptr_for(draft("SIP", "alice@example.org"), order) is None


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_no_service_of_ours_has_a_record_that_some_reader_cannot_parse(service: object) -> None:
    record = naptr_for(draft(service.name, service.example))  # type: ignore[attr-defined]
    assert record is not None
    assert record.flags == "u"
    assert record.replacement == "."
    assert record.regexp.count("!") == 3
    assert record.regexp.startswith("!^.*$!")
    assert record.regexp.endswith("!")
    assert len(record.regexp) >= 7


@pytest.mark.parametrize("hostdata", ["alice@", "a b@example.org", "\0", "", "x" * 10_000, "a@" + "b" * 300])
def test_an_illegal_record_has_no_naptr(hostdata: str) -> None:
    assert naptr_for(draft("SIP", hostdata)) is None


@pytest.mark.parametrize("preference", [-1, 65536, 10**40])
def test_a_preference_out_of_range_is_refused_by_name(preference: int) -> None:
    bad = draft("SIP", "alice@example.org", preference)
    (problem,) = check_draft(bad, NUMBER)
    assert (problem.field, problem.code, problem.severity) == ("preference", "range", "error")
    assert str(problem) == "The preference must be a number from 0 to 65535."
    assert naptr_for(bad) is None


@pytest.mark.parametrize("preference", [0, 1, 65535])
def test_a_preference_in_range_is_fine(preference: int) -> None:
    assert check_draft(draft("SIP", "alice@example.org", preference), NUMBER) == []


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_a_record_is_refused_from_the_256th_octet_on(extra: int, fits: bool) -> None:
    host = "example.org"
    user = "x" * (255 - len("!^.*$!sip:@!") - len(host) + extra)
    long = draft("SIP", f"{user}@{host}")
    record = naptr_for(long)
    assert (record is not None) == fits
    if record is not None:
        assert len(record.regexp) == 255
        assert check_draft(long, NUMBER) == []
    else:
        (problem,) = check_draft(long, NUMBER)
        assert (problem.field, problem.code) == ("hostdata", "too-long")
        assert problem.params == {"count": 249, "limit": 248}
        assert uri_of("SIP", long.hostdata) is not None


def test_what_percent_encoding_adds_counts_towards_the_length() -> None:
    assert naptr_for(draft("SIP", "é" * 30 + "@example.org")) is not None
    assert found("SIP", "é" * 40 + "@example.org") == [("error", "hostdata", "too-long")]


@pytest.mark.parametrize("service", ["TEL", "voice:tel", "voicemsg:tel"])
@pytest.mark.parametrize("hostdata", ["+442079460148", "tel:+44-20-7946-0148", "+442079460148;ext=1"])
def test_a_call_that_comes_back_to_its_own_number_is_refused(service: str, hostdata: str) -> None:
    assert found(service, hostdata) == [("error", "hostdata", "tel-loop")]


def test_a_loop_depends_on_the_number_so_the_record_alone_still_has_its_form() -> None:
    loop = draft("TEL", "+442079460148")
    assert naptr_for(loop) is not None
    assert check_draft(loop, "16045550100") == []
    assert check_draft(loop, "") == []


def test_a_ported_number_may_point_to_itself() -> None:
    assert found("pstn:tel", "+442079460148;npdi;rn=+442079460000") == []


@pytest.mark.parametrize("service", ["sms:tel", "mms:tel", "ems:tel", "fax:tel"])
def test_other_services_that_point_to_their_own_number_get_a_second_look(service: str) -> None:
    assert found(service, "+442079460148") == [("warning", "hostdata", "self-reference")]
    assert found(service, "+442079460149") == []


@pytest.mark.parametrize("hostdata", ["+442079460148@example.org", "442079460148@example.org"])
def test_an_account_named_after_its_own_number_gets_a_second_look(hostdata: str) -> None:
    assert found("acct", hostdata) == [("warning", "hostdata", "self-reference")]
    assert found("acct", "alice@example.org") == []


@pytest.mark.parametrize(
    ("service", "hostdata", "expected"),
    [
        ("SIP", "a@9.9.9.9", ["device-address"]),
        ("SIP", "a@9.9.9.9:5060", ["device-address"]),
        ("SIP", "a@[2620:fe::9]", ["device-address"]),
        ("SIP", "a@example.org:5060", ["fixed-transport"]),
        ("SIP", "a@example.org;transport=tcp", ["fixed-transport"]),
        ("SIP", "a@example.org;lr;Transport=UDP", ["fixed-transport"]),
        ("SIP", "a;transport=x@example.org", []),
        ("SIP", "a:secret@example.org", ["password"]),
        ("SIP", "a:@example.org", []),
        ("IAX2", "a:secret@example.org", ["password"]),
        ("IAX2", "a@9.9.9.9:4569", []),
        ("SIP", "sips:a@example.org", ["sips"]),
        ("unifmsg:sips", "a@example.org", []),
        ("SIP", "a%0d%0ab@example.org", ["encoded-control"]),
        ("SIP", "a%00@example.org", ["encoded-control"]),
        ("SIP", "a%7F@example.org", ["encoded-control"]),
        ("SIP", "a%20@example.org", []),
        ("TEL", "16045550100", ["plus-added"]),
        ("TEL", "+06045550100", ["leading-zero"]),
        ("MAILTO", "a@example.org", ["privacy"]),
        ("sms:mailto", "a@example.org", ["privacy"]),
        ("vpim:mailto", "a@example.org", ["privacy"]),
        ("XMPP", "a@example.org", []),
        ("WEB", "https://9.9.9.9:8443/", []),
    ],
)
def test_what_is_legal_but_risky_is_a_warning_and_still_a_record(
    service: str, hostdata: str, expected: list[str]
) -> None:
    assert found(service, hostdata) == [("warning", "hostdata", code) for code in expected]
    assert naptr_for(draft(service, hostdata)) is not None


@pytest.mark.parametrize("service", ["GADGET", "X-IAX2", "void", "sip+E2U", "日本"])
def test_an_unknown_service_is_kept_and_only_checked_for_what_harms_any_registry(service: str) -> None:
    assert found(service, 'anything "goes" here @@ !\\1 <é>') == []
    assert naptr_for(draft(service, "alice@example.org")) is None
    assert found(service, "") == [("error", "hostdata", "empty")]
    assert found(service, "a\r\nb") == [("error", "hostdata", "control")]
    assert found(service, "a\0b") == [("error", "hostdata", "control")]
    assert found(service, "\ud800") == [("error", "hostdata", "control")]
    assert found(service, "x" * 255) == []
    assert found(service, "x" * 256) == [("error", "hostdata", "too-long")]
    assert found(service, "é" * 128) == [("error", "hostdata", "too-long")]
    assert found(service, "x" * 300 + "\ud800") == [("error", "hostdata", "too-long")]


@pytest.mark.parametrize(
    ("service", "code"),
    [("", "empty"), ("A|B", "name"), ("SIP,IAX", "name"), ("A\nB", "name"), ("\0", "name"), ("x" * 256, "name")],
)
def test_a_service_name_that_would_break_the_protocol_is_refused_by_name(service: str, code: str) -> None:
    assert found(service, "x") == [("error", "service", code)]


def test_every_field_at_fault_is_named_errors_first() -> None:
    sibling = held("SIP", "bob@example.org", -1)
    problems = check_draft(draft("A|B", "", -1), NUMBER, [sibling])
    assert codes(problems) == [
        ("error", "preference", "range"),
        ("error", "service", "name"),
        ("error", "hostdata", "empty"),
        ("warning", "preference", "duplicate"),
    ]


@given(nasty_drafts, st.one_of(st.just(NUMBER), st.text(max_size=20)))
def test_any_draft_gets_problems_that_name_a_field_and_read_as_a_sentence(draft: RecordData, digits: str) -> None:
    for problem in check_draft(draft, digits):
        assert problem.field in ("preference", "service", "hostdata")
        assert problem.severity in ("error", "warning")
        assert str(problem).endswith(".")
        assert len(str(problem)) < 300
        assert problem.message % dict(problem.params) == str(problem)


@given(nasty_drafts)
def test_a_draft_has_a_naptr_exactly_if_its_service_is_known_and_nothing_in_it_is_an_error(
    draft: RecordData,
) -> None:
    errors = [problem for problem in check_draft(draft, "") if problem.is_error]
    legal = find_service(draft.service) is not None and not errors
    assert (naptr_for(draft) is not None) == legal


@given(nasty_drafts)
def test_every_naptr_has_three_delimiters_and_nothing_that_a_reader_could_trip_over(
    draft: RecordData,
) -> None:
    record = naptr_for(draft)
    if record is not None:
        assert record.regexp.count("!") == 3
        assert set(record.regexp) <= set(PRINTABLE) - set(" \"'\\<>")
        assert len(record.regexp) <= 255
        assert record.uri_for(NUMBER) == uri_of(draft.service, draft.hostdata)


@given(nasty_text, nasty_text)
def test_two_different_host_data_of_one_service_do_not_get_errors_from_each_other(one: str, two: str) -> None:
    first, second = draft("SIP", one, 10), draft("SIP", two, 20)
    alone = check_draft(first, NUMBER)
    together = check_draft(first, NUMBER, [as_held(second)])
    assert [problem for problem in together if problem.is_error] == [p for p in alone if p.is_error]

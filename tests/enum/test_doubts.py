"""What is legal and cannot well be meant: it is said what it will be taken for, and nobody is asked without need."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import SERVICES, Problem, check_draft, naptr_for
from tests.enum.strategies import draft, known_names, nasty_text

NUMBER = "442079460148"

ASKED = [
    ("SIP", "alice", "bare-word", "alice@"),
    ("SIP", "sip:alice", "bare-word", "machine"),
    ("SIP", "pbx:5060", "bare-word", "pbx"),
    ("IAX2", "pbx", "bare-word", "pbx"),
    ("XMPP", "alice", "bare-word", "alice"),
    ("WEB", "intranet/phones", "bare-word", "intranet"),
    ("SIP", "a@b", "bare-word", "“b” has no dot"),
    ("MAILTO", "alice@mail", "bare-word", "mail"),
    ("acct", "alice@b", "bare-word", "“b”"),
    ("IAX", "guest@pbx/100", "bare-word", "pbx"),
    ("H323", "alice@gk", "bare-word", "gk"),
    ("SIP", "example.org", "host-alone", "example.org"),
    ("SIP", "www.example.org", "host-alone", "nobody in particular"),
    ("SIP", "sips:pbx.example.com:5061", "host-alone", "pbx.example.com"),
    ("SIP", "9.9.9.9", "host-alone", "9.9.9.9"),
    ("XMPP", "example.org", "host-alone", "example.org"),
    ("H323", "alice", "alias", "alice"),
    ("H323", "gk.example.org", "alias", "@host"),
    ("SIP", "alice@localhost", "loopback", "caller's own"),
    ("SIP", "alice@pbx.localhost", "loopback", "caller's own"),
    ("SIP", "alice@pbx.local", "reserved-name", ".local"),
    ("SIP", "alice@pbx.invalid", "reserved-name", ".invalid"),
    ("SIP", "alice@PBX.Test", "reserved-name", ".test"),
    ("SIP", "alice@pbx.home.arpa", "reserved-name", ".home.arpa"),
    ("SIP", "alice@pbx.internal", "reserved-name", ".internal"),
    ("MAILTO", "alice@mail.lan", "reserved-name", ".lan"),
    ("WEB", "https://phones.corp/", "reserved-name", ".corp"),
    ("SIP", "alice@127.0.0.1", "loopback", "127.0.0.1"),
    ("SIP", "alice@[::1]", "loopback", "[::1]"),
    ("SIP", "alice@0.0.0.0", "loopback", "own machine"),
    ("SIP", "alice@10.1.2.3", "private-address", "10.1.2.3"),
    ("SIP", "alice@192.168.1.10:5060", "private-address", "192.168.1.10"),
    ("SIP", "alice@172.20.0.1", "private-address", "172.20.0.1"),
    ("SIP", "alice@100.64.0.1", "private-address", "100.64.0.1"),
    ("SIP", "alice@169.254.1.1", "private-address", "169.254.1.1"),
    ("SIP", "alice@[fd00::1]", "private-address", "[fd00::1]"),
    ("SIP", "alice@[fe80::1]", "private-address", "[fe80::1]"),
    ("SIP", "alice@[::ffff:10.0.0.1]", "private-address", "private"),
    ("SIP", "alice@224.0.0.1", "multicast-address", "224.0.0.1"),
    ("IAX2", "guest@192.0.2.1/100", "documentation-address", "192.0.2.1"),
    ("SIP", "alice@[2001:db8::1]", "documentation-address", "[2001:db8::1]"),
    ("WEB", "https://198.51.100.7/", "documentation-address", "198.51.100.7"),
    ("SIP", "alice@example.org;transport=http", "transport", "http"),
    ("SIP", "alice@example.org;user=phone", "user-phone", "alice"),
    ("TEL", "+112", "short-number", "+112"),
    ("TEL", "7042;phone-context=example.com", "local-number", "7042"),
    ("TEL", "+06045550100", "leading-zero", "0"),
    ("TEL", "604 555 0100", "plus-added", "+6045550100"),
    ("MAILTO", "alice@example.org,bob@localhost", "loopback", "localhost"),
    ("SIP", "$1@gw.example.org", "dollar-reference", "FreePBX"),
    ("SIP", "alice:secret@example.org", "password", "password"),
]

NOT_ASKED = [
    ("SIP", "alice@example.org"),
    ("SIP", "alice@pbx.example"),
    ("SIP", "alice@example.com:5060"),
    ("SIP", "sips:alice@example.net"),
    ("SIP", "alice@9.9.9.9"),
    ("SIP", "alice@[2620:fe::9]"),
    ("SIP", "alice@pbx.dn42"),
    ("SIP", "alice@latest.example.org"),
    ("SIP", "+16045550100@gw.example.org;user=phone"),
    ("SIP", "alice@example.org;transport=TCP"),
    ("SIP", "alice.bob@mail.example.org"),
    ("IAX2", "pbx.example.org"),
    ("IAX", "pbx.example.org/100"),
    ("H323", "@gk.example.org"),
    ("MAILTO", "alice@example.org"),
    ("XMPP", "alice@example.org"),
    ("WEB", "https://www.example.org/"),
    ("TEL", "+16045550100"),
    ("sms:tel", "+1 604 555 0100"),
]


def concerns(service: str, hostdata: str, digits: str = NUMBER) -> list[Problem]:
    return [problem for problem in check_draft(draft(service, hostdata), digits) if problem.is_concern]


@pytest.mark.parametrize(("service", "hostdata", "code", "part"), ASKED)
def test_what_cannot_be_meant_is_asked_with_what_it_is_taken_for(
    service: str, hostdata: str, code: str, part: str
) -> None:
    found = {problem.code: problem for problem in concerns(service, hostdata)}
    assert code in found
    assert (found[code].field, found[code].severity) == ("hostdata", "warning")
    assert part in str(found[code])
    assert naptr_for(draft(service, hostdata)) is not None


@pytest.mark.parametrize(("service", "hostdata"), NOT_ASKED)
def test_what_is_usual_is_not_asked(service: str, hostdata: str) -> None:
    assert concerns(service, hostdata) == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_no_example_of_ours_needs_a_second_look(service: object) -> None:
    assert concerns(service.name, service.example) == []  # type: ignore[attr-defined]


def test_a_tree_whose_numbers_begin_with_0_may_lead_to_such_numbers() -> None:
    assert concerns("TEL", "+04240001", "04240002") == []


@given(st.ip_addresses())
def test_an_address_that_not_everybody_reaches_is_asked_about(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    asked = bool(concerns("SIP", f"alice@{host}"))
    if address.is_global and not address.is_multicast:
        assert not asked or getattr(address, "ipv4_mapped", None)
    else:
        assert asked or getattr(address, "ipv4_mapped", None)


@given(known_names, nasty_text)
def test_what_is_refused_is_not_asked_about_too(service: str, hostdata: str) -> None:
    found = check_draft(draft(service, hostdata), NUMBER)
    if any(problem.field == "hostdata" and problem.code not in ("too-long", "tel-loop") for problem in found):
        codes = [problem for problem in found if problem.is_error]
        assert not codes or not any(problem.is_concern for problem in found)

"""Host data to URI: what is benign, what is brought into canonical form, what is refused and why."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from dashboard.enum import Problem, check_draft, find_service, uri_of
from dashboard.enum.limits import MAX_HOSTDATA
from tests.enum.strategies import HURTFUL, PRINTABLE, draft, known_names, nasty_text, service_names

BENIGN = [
    ("SIP", "9586111@mutual.bcwireless.net", "sip:9586111@mutual.bcwireless.net"),
    ("SIP", "alice@example.org", "sip:alice@example.org"),
    ("SIP", "sip:alice@example.org", "sip:alice@example.org"),
    ("SIP", "sips:alice@example.org", "sips:alice@example.org"),
    ("SIP", "example.org", "sip:example.org"),
    ("SIP", "+16045550100@gw.example.org;user=phone", "sip:+16045550100@gw.example.org;user=phone"),
    ("SIP", "alice@example.org:5070", "sip:alice@example.org:5070"),
    ("SIP", "example.org:5070", "sip:example.org:5070"),
    ("SIP", "alice;day=tue@example.org", "sip:alice;day=tue@example.org"),
    ("SIP", "a@example.org?subject=x&y=z", "sip:a@example.org?subject=x&y=z"),
    ("SIP", "a@example.org;lr?Route=%3Csip:x%3E", "sip:a@example.org;lr?Route=%3Csip:x%3E"),
    ("SIP", "a@192.0.2.1", "sip:a@192.0.2.1"),
    ("SIP", "a@[2001:db8::1]:5060", "sip:a@[2001:db8::1]:5060"),
    ("SIP", "a%20b@example.org", "sip:a%20b@example.org"),
    ("SIP", "alice:secret@example.org", "sip:alice:secret@example.org"),
    ("IAX", "mutual.bcwireless.net", "iax:mutual.bcwireless.net"),
    ("IAX", "iax:guest@pbx.example.org:4569/100?default", "iax:guest@pbx.example.org:4569/100?default"),
    ("IAX2", "mutual.bcwireless.net", "iax2:mutual.bcwireless.net"),
    ("IAX2", "guest@pbx.example.org/100", "iax2:guest@pbx.example.org/100"),
    ("IAX2", "iax2:guest:guest@pbx.example.org", "iax2:guest:guest@pbx.example.org"),
    ("H323", "alice@example.org", "h323:alice@example.org"),
    ("H323", "gk.example.org:1720", "h323:gk.example.org:1720"),
    ("MAILTO", "alice@example.org", "mailto:alice@example.org"),
    ("MAILTO", "mailto:a@b.example,c@d.example", "mailto:a@b.example,c@d.example"),
    ("MAILTO", "a+tag@b.example?subject=Hi%20you", "mailto:a+tag@b.example?subject=Hi%20you"),
    ("XMPP", "alice@example.org", "xmpp:alice@example.org"),
    ("XMPP", "example.org", "xmpp:example.org"),
    ("XMPP", "alice@example.org/phone?message", "xmpp:alice@example.org/phone?message"),
    ("TEL", "+16045550100", "tel:+16045550100"),
    ("TEL", "tel:+16045550100", "tel:+16045550100"),
    ("TEL", "+16045550100;npdi;rn=+16045550000", "tel:+16045550100;npdi;rn=+16045550000"),
    ("WEB", "http://www.example.org", "http://www.example.org"),
    ("WEB", "https://www.example.org:8443/a/b?c=d#e", "https://www.example.org:8443/a/b?c=d#e"),
    ("web:http", "www.example.org/x", "http://www.example.org/x"),
    ("vcard", "http://example.org/me.vcf", "http://example.org/me.vcf"),
    ("ft:ftp", "ftp://alice@ftp.example.org/pub", "ftp://alice@ftp.example.org/pub"),
    ("vpim:ldap", "ldap://ldap.example.org/cn=Alice?mail", "ldap://ldap.example.org/cn=Alice?mail"),
    ("acct", "alice@example.org", "acct:alice@example.org"),
    ("im", "im:alice@example.org", "im:alice@example.org"),
    ("pres", "alice@example.org", "pres:alice@example.org"),
    ("sms:tel", "+16045550100", "tel:+16045550100"),
    ("unifmsg:sips", "alice@example.org", "sips:alice@example.org"),
]

CANONICAL = [
    ("SIP", "SIP:alice@example.org", "sip:alice@example.org"),
    ("SIP", "Sips:alice@example.org", "sips:alice@example.org"),
    ("sip", "alice@example.org.", "sip:alice@example.org"),
    ("SIP", "a!b@example.org", "sip:a%21b@example.org"),
    ("SIP", "o'brien@example.org", "sip:o%27brien@example.org"),
    ("SIP", "a\\1b@example.org", "sip:a%5C1b@example.org"),
    ("SIP", "a\\\\@example.org", "sip:a%5C%5C@example.org"),
    ("SIP", "<script>@example.org", "sip:%3Cscript%3E@example.org"),
    ("SIP", "a#b[c]{d}|^`@example.org", "sip:a%23b%5Bc%5D%7Bd%7D%7C%5E%60@example.org"),
    ("SIP", "josé@example.org", "sip:jos%C3%A9@example.org"),
    ("SIP", "😀@example.org", "sip:%F0%9F%98%80@example.org"),
    ("SIP", "a%c3%a9@example.org", "sip:a%c3%a9@example.org"),
    ("SIP", "alice@münchen.example", "sip:alice@xn--mnchen-3ya.example"),
    ("SIP", "alice@例え.テスト", "sip:alice@xn--r8jz45g.xn--zckzah"),
    ("SIP", "a@[2001:0DB8:0::1]", "sip:a@[2001:db8::1]"),
    ("SIP", "a@example.org;x=!", "sip:a@example.org;x=%21"),
    ("TEL", "+1-604-555.0100", "tel:+16045550100"),
    ("TEL", "tel:+1(604)5550100", "tel:+16045550100"),
    ("TEL", "TEL:+16045550100", "tel:+16045550100"),
    ("TEL", "16045550100", "tel:+16045550100"),
    ("TEL", "+١٦٠٤٥٥٥٠١٠٠", "tel:+16045550100"),
    ("TEL", "＋１（６０４）５５５−０１００", "tel:+16045550100"),
    ("TEL", "+1 604・555・0100", "tel:+16045550100"),
    ("TEL", "+1 [604] 555ー0100", "tel:+16045550100"),
    ("TEL", "+39 (0)6 6981 2345", "tel:+390669812345"),
    ("WEB", "www.example.org", "https://www.example.org"),
    ("WEB", "//www.example.org/", "https://www.example.org/"),
    ("WEB", "example.org/é!'", "https://example.org/%C3%A9%21%27"),
    ("WEB", "HTTP://Example.org/A", "http://Example.org/A"),
    ("MAILTO", "a/b&c=d@example.org", "mailto:a%2Fb%26c%3Dd@example.org"),
    ("MAILTO", "a!b@example.org", "mailto:a%21b@example.org"),
    ("XMPP", "a@example.org/my@desk/2", "xmpp:a@example.org/my%40desk%2F2"),
    ("IAX2", "IAX2:Example.org", "iax2:Example.org"),
]

REFUSED = [
    ("SIP", "", "empty"),
    ("SIP", "sip:", "host-missing"),
    ("SIP", "alice@", "host-missing"),
    ("SIP", "@host.example", "user-missing"),
    ("SIP", "sip:@", "user-missing"),
    ("SIP", ":secret@example.org", "user-missing"),
    ("SIP", "a b@example.org", "blank"),
    ("SIP", " alice@example.org", "blank"),
    ("SIP", "alice@example.org ", "blank"),
    ("SIP", "a\u00a0b@example.org", "blank"),
    ("SIP", "a\u3000b@example.org", "blank"),
    ("SIP", '"Alice"@example.org', "quote"),
    ("SIP", '"Alice" <sip:alice@example.org>', "brackets"),
    ("SIP", "a\0@example.org", "control"),
    ("SIP", "a\r\nVia: x@example.org", "control"),
    ("SIP", "a\tb@example.org", "control"),
    ("SIP", "a\x7f@example.org", "control"),
    ("SIP", "a\x85@example.org", "control"),
    ("SIP", "a\ud800@example.org", "control"),
    ("SIP", "a\u200b@example.org", "invisible"),
    ("SIP", "\ufeffalice@example.org", "invisible"),
    ("SIP", "a\u202eb@example.org", "invisible"),
    ("SIP", "100%@example.org", "percent"),
    ("SIP", "%4@example.org", "percent"),
    ("SIP", "%zz@example.org", "percent"),
    ("SIP", "a@b@example.org", "at"),
    ("SIP", "a@example.org;x=b@c.example", "at"),
    ("SIP", "<sip:alice@example.org>", "brackets"),
    ("SIP", "<script>alert(1)</script>", "host"),
    ("SIP", "a@exa!mple.org", "host"),
    ("SIP", "a@example.org\\1", "host"),
    ("SIP", "a@example..org", "host"),
    ("SIP", "a@example.org:0", "port"),
    ("SIP", "a@example.org:65536", "port"),
    ("SIP", "a@example.org:", "port"),
    ("SIP", "a@example.org:x", "port"),
    ("SIP", "a@example.org:-1", "port"),
    ("SIP", "a@example.org:٥٠٦٠", "port"),
    ("SIP", "javascript:alert(1)", "scheme"),
    ("SIP", "http://example.org", "scheme"),
    ("SIP", "gopher://example.org", "scheme"),
    ("SIP", "tel:+16045550100", "scheme"),
    ("SIP", "sip:sip:alice@example.org", "scheme-twice"),
    ("SIP", "sip:http://example.org", "scheme-twice"),
    ("SIP", "sip://alice@example.org", "slashes"),
    ("SIP", "//alice@example.org", "slashes"),
    ("SIP", "alice@example.org;", "parameter"),
    ("SIP", "alice@example.org;;lr", "parameter"),
    ("SIP", "alice@example.org;=tcp", "parameter"),
    ("SIP", "alice@example.org?", "parameter"),
    ("SIP", "alice@example.org?a=b&", "parameter"),
    ("SIP", "x" * (MAX_HOSTDATA + 1), "too-long"),
    ("unifmsg:sips", "sip:alice@example.org", "scheme"),
    ("unifmsg:sip", "sips:alice@example.org", "scheme"),
    ("IAX", "iax2:pbx.example.org", "scheme"),
    ("IAX2", "iax:pbx.example.org", "scheme"),
    ("IAX2", "@pbx.example.org", "user-missing"),
    ("IAX2", "guest@/100", "host-missing"),
    ("H323", "alice@", "host-missing"),
    ("MAILTO", "example.org", "user-missing"),
    ("MAILTO", "@example.org", "user-missing"),
    ("MAILTO", "alice@", "host-missing"),
    ("MAILTO", "alice@example.org:25", "port"),
    ("MAILTO", "a@b.example,", "user-missing"),
    ("MAILTO", "a@b.example,c", "user-missing"),
    ("MAILTO", "sip:alice@example.org", "scheme"),
    ("XMPP", "alice@example.org:5222", "port"),
    ("XMPP", "xmpp://alice@example.org", "slashes"),
    ("TEL", "tel:16045550100", "tel-form"),
    ("TEL", "tel:911", "tel-form"),
    ("TEL", "911", "tel-form"),
    ("TEL", "555010", "tel-form"),
    ("TEL", "06045550100", "tel-form"),
    ("TEL", "1234567890123456", "tel-form"),
    ("TEL", "+", "tel-form"),
    ("TEL", "+-()", "tel-form"),
    ("TEL", "++16045550100", "tel-form"),
    ("TEL", "+1604555x", "tel-form"),
    ("TEL", "١٦٠٤", "tel-form"),
    ("TEL", "+1234567890123456", "tel-length"),
    ("TEL", "+16045550100;", "parameter"),
    ("TEL", "+16045550100;npdi;;x", "parameter"),
    ("TEL", "+16045550100;=x", "parameter"),
    ("TEL", "+16045550100;a=", "parameter"),
    ("TEL", "+16045550100;phone-context=+1", "tel-context"),
    ("TEL", "+16045550100;Phone-Context=example.org", "tel-context"),
    ("TEL", "alice@example.org", "tel-form"),
    ("WEB", "http:www.example.org", "slashes"),
    ("WEB", "http://", "host-missing"),
    ("WEB", "https:///path", "host-missing"),
    ("WEB", "https://alice@example.org", "user"),
    ("WEB", "https://alice:secret@example.org/", "user"),
    ("WEB", "https://http://example.org", "scheme-twice"),
    ("WEB", "ftp://example.org", "scheme"),
    ("WEB", "javascript:alert(1)", "scheme"),
    ("WEB", "data:text/html,x", "scheme"),
    ("web:http", "https://example.org", "scheme"),
    ("ft:ftp", "ftp://@example.org", "user-missing"),
    ("ft:ftp", "ftp://a@b@example.org", "at"),
    ("vpim:ldap", "ldap:///cn=Alice", "host-missing"),
    ("acct", "alice", "user-missing"),
    ("acct", "alice@example.org:443", "port"),
    ("acct", "alice@", "host-missing"),
]


def errors_of(service: str, hostdata: str) -> list[Problem]:
    return [problem for problem in check_draft(draft(service, hostdata), "442079460148") if problem.is_error]


@pytest.mark.parametrize(("service", "hostdata", "uri"), BENIGN)
def test_good_host_data_becomes_its_uri_with_or_without_the_scheme(service: str, hostdata: str, uri: str) -> None:
    assert uri_of(service, hostdata) == uri
    assert errors_of(service, hostdata) == []


@pytest.mark.parametrize(("service", "hostdata", "uri"), CANONICAL)
def test_host_data_is_brought_into_the_form_that_every_telephone_system_reads(
    service: str, hostdata: str, uri: str
) -> None:
    assert uri_of(service, hostdata) == uri
    assert errors_of(service, hostdata) == []


@pytest.mark.parametrize(("service", "hostdata", "uri"), BENIGN + CANONICAL)
def test_a_uri_given_as_host_data_stays_as_it_is(service: str, hostdata: str, uri: str) -> None:
    del hostdata
    assert uri_of(service, uri) == uri


@pytest.mark.parametrize(("service", "hostdata", "code"), REFUSED)
def test_what_cannot_be_safe_is_refused_and_the_reason_names_the_host_data(
    service: str, hostdata: str, code: str
) -> None:
    (problem,) = errors_of(service, hostdata)
    assert (problem.field, problem.code) == ("hostdata", code)
    assert uri_of(service, hostdata) is None
    assert 10 < len(str(problem)) < 240


def test_a_wrong_scheme_is_answered_with_the_right_ones() -> None:
    (problem,) = errors_of("SIP", "mailto:alice@example.org")
    assert str(problem) == "“mailto:” does not belong to SIP, which uses sip:, sips:."


def test_a_long_wrong_value_is_quoted_short() -> None:
    (problem,) = errors_of("SIP", "a@" + "é!" * 300)
    assert len(str(problem)) < 200


def test_an_unknown_service_has_no_uri() -> None:
    assert uri_of("GADGET", "alice@example.org") is None


@given(service_names, nasty_text)
def test_any_two_texts_give_a_uri_or_none_and_never_an_exception(service: str, hostdata: str) -> None:
    uri = uri_of(service, hostdata)
    if uri is not None:
        assert find_service(service) is not None


@given(known_names, nasty_text)
def test_every_uri_is_safe_in_a_regexp_and_of_a_scheme_of_its_service(service: str, hostdata: str) -> None:
    uri = uri_of(service, hostdata)
    if uri is None:
        return
    known = find_service(service)
    assert known is not None
    assert uri.partition(":")[0] in known.schemes
    assert set(uri) <= set(PRINTABLE) - set("!\\\"' <>^`{|}")
    assert re.search(r"%(?![0-9A-Fa-f]{2})", uri) is None


@given(known_names, nasty_text)
def test_a_uri_is_its_own_canonical_form(service: str, hostdata: str) -> None:
    uri = uri_of(service, hostdata)
    if uri is not None:
        assert uri_of(service, uri) == uri


@given(known_names, nasty_text)
def test_host_data_has_a_uri_exactly_if_it_is_without_error_or_only_too_long(service: str, hostdata: str) -> None:
    problems = [problem for problem in errors_of(service, hostdata) if problem.code not in ("too-long", "tel-loop")]
    assert (uri_of(service, hostdata) is None) == bool(problems)


@pytest.mark.parametrize("character", PRINTABLE)
def test_every_printable_character_in_a_user_part_is_kept_encoded_or_refused(character: str) -> None:
    uri = uri_of("SIP", f"a{character}b@example.org")
    if uri is None:
        assert character in ' "%@'
    else:
        assert uri in (f"sip:a{character}b@example.org", f"sip:a%{ord(character):02X}b@example.org")


@pytest.mark.parametrize("piece", HURTFUL)
@pytest.mark.parametrize("name", ["SIP", "IAX2", "H323", "MAILTO", "XMPP", "TEL", "WEB", "acct", "vpim:ldap"])
@pytest.mark.parametrize(
    "place", ["{}alice@example.org", "ali{}ce@example.org", "alice@exa{}mple.org", "alice@example.org{}"]
)
def test_hurtful_pieces_anywhere_give_a_safe_uri_or_one_named_error(name: str, piece: str, place: str) -> None:
    hostdata = place.format(piece)
    uri, errors = uri_of(name, hostdata), errors_of(name, hostdata)
    assert (uri is None) == (len(errors) == 1)
    assert all(error.field == "hostdata" for error in errors)

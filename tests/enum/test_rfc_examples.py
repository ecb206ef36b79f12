"""The examples of the RFCs themselves, and one wrong thing in each part of a URI that their grammars have.

`!` and `'` are always percent-encoded (see `quote`), so an example that holds one has another, equivalent form.
"""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import Problem, check_draft, read_number, uri_of
from tests.enum.strategies import draft

AS_THEY_ARE = [
    # RFC 3261 s19.1.3, s19.1.4
    ("SIP", "sip:alice@atlanta.com"),
    ("SIP", "sip:alice:secretword@atlanta.com;transport=tcp"),
    ("SIP", "sips:alice@atlanta.com?subject=project%20x&priority=urgent"),
    ("SIP", "sip:+1-212-555-1212:1234@gateway.com;user=phone"),
    ("SIP", "sips:1212@gateway.com"),
    ("SIP", "sip:alice@192.0.2.4"),
    ("SIP", "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com"),
    ("SIP", "sip:alice;day=tuesday@atlanta.com"),
    ("SIP", "sip:%61lice@atlanta.com;transport=TCP"),
    ("SIP", "sip:carol@chicago.com;newparam=5;security=on"),
    ("SIP", "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com"),
    ("SIP", "sip:vivekg@chair-dnrc.example.com;unknownparam"),
    ("SIP", "sip:user;par=u%40example.net@example.com"),  # RFC 4475 s3.1.1.4
    ("SIP", "sip:host5.example.net;maddr=192.0.2.1;ttl=255;lr"),
    # RFC 5118 s4.1, s4.3, s4.4
    ("SIP", "sip:[2001:db8::10]"),
    ("SIP", "sip:[2001:db8::10:5070]"),
    ("SIP", "sip:[2001:db8::10]:5070"),
    # RFC 6068 s6
    ("MAILTO", "mailto:chris@example.com"),
    ("MAILTO", "mailto:infobot@example.com?subject=current-issue"),
    ("MAILTO", "mailto:infobot@example.com?body=send%20current-issue"),
    ("MAILTO", "mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index"),
    ("MAILTO", "mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E"),
    ("MAILTO", "mailto:majordomo@example.com?body=subscribe%20bamboo-l"),
    ("MAILTO", "mailto:joe@example.com?cc=bob@example.com&body=hello"),
    ("MAILTO", "mailto:gorby%25kremvax@example.com"),
    ("MAILTO", "mailto:unlikely%3Faddress@example.com?blat=foop"),
    ("MAILTO", "mailto:Mike%26family@example.org"),
    ("MAILTO", "mailto:%22not%40me%22@example.org"),
    ("MAILTO", "mailto:%22oh%5C%5Cno%22@example.org"),
    ("MAILTO", "mailto:user@example.org?subject=caf%C3%A9"),
    ("MAILTO", "mailto:user@example.org?subject=%3D%3Futf-8%3FQ%3Fcaf%3DC3%3DA9%3F%3D"),
    ("MAILTO", "mailto:addr1@an.example,addr2@an.example"),
    ("MAILTO", "mailto:?to=addr1@an.example,addr2@an.example"),
    ("MAILTO", "mailto:addr1@an.example?to=addr2@an.example"),
    # RFC 5122 s2.7 and RFC 7622 s3.5
    ("XMPP", "xmpp:node@example.com"),
    ("XMPP", "xmpp:support@example.com?message"),
    ("XMPP", "xmpp:example-node@example.com/some-resource"),
    ("XMPP", "xmpp:romeo@montague.net?message;subject=Test%20Message;body=Here%27s%20a%20test"),
    ("XMPP", "xmpp:ji%C5%99i@example.com/v%20Praze"),
    ("XMPP", "xmpp:juliet@example.com/foo%20bar"),
    ("XMPP", "xmpp:juliet@example.com/foo%40bar"),
    ("XMPP", "xmpp:foo%5C20bar@example.com"),
    ("XMPP", "xmpp:fussball@example.com"),
    ("XMPP", "xmpp:fu%C3%9Fball@example.com"),
    ("XMPP", "xmpp:%CF%80@example.com"),
    ("XMPP", "xmpp:%CE%A3@example.com/foo"),
    ("XMPP", "xmpp:king@example.com/%E2%99%9A"),
    ("XMPP", "xmpp:example.com/foobar"),
    ("XMPP", "xmpp:a.example.com/b%40example.net"),
    # RFC 5456 s8.1.1
    ("IAX", "iax:example.com/alice"),
    ("IAX", "iax:example.com:4569/alice"),
    ("IAX", "iax:example.com:4570/alice?friends"),
    ("IAX", "iax:192.0.2.4:4569/alice?friends"),
    ("IAX", "iax:[2001:db8::1]:4569/alice?friends"),
    ("IAX", "iax:example.com/12022561414"),
    ("IAX", "iax:johnQ@example.com/12022561414"),
    ("IAX", "iax:atlanta.com:4569/alice"),
    # RFC 3986 s1.1.2, s6.2.3 and RFC 1738 s3.2.2
    ("ft:ftp", "ftp://ftp.is.co.za/rfc/rfc1808.txt"),
    ("ft:ftp", "ftp://host.dom/%2Fetc/motd;type=a"),
    ("web:http", "http://www.ietf.org/rfc/rfc2396.txt"),
    ("web:http", "http://example.com:80/"),
    ("vpim:ldap", "ldap://[2001:db8::7]/c=GB?objectClass?one"),
    # RFC 4516 s4
    ("vpim:ldap", "ldap://ldap1.example.net/o=University%20of%20Michigan,c=US"),
    ("vpim:ldap", "ldap://ldap1.example.net/o=University%20of%20Michigan,c=US?postalAddress"),
    ("vpim:ldap", "ldap://ldap1.example.net:6666/o=University%20of%20Michigan,c=US??sub?(cn=Babs%20Jensen)"),
    ("vpim:ldap", "ldap://ldap1.example.com/c=GB?objectClass?ONE"),
    ("vpim:ldap", "ldap://ldap3.example.com/o=Babsco,c=US???(four-octet=%5c00%5c00%5c00%5c04)"),
    # RFC 7565 s4, s5
    ("acct", "acct:foobar@status.example.net"),
    ("acct", "acct:juliet%40capulet.example@shoppingsite.example"),
    ("im", "im:fred@example.com"),  # RFC 3860 s3.1
    ("pres", "pres:fred@example.com"),  # RFC 3859 s3.1
    # RFC 3508 s2: a name that a gatekeeper knows, a host, both
    ("H323", "h323:user"),
    ("H323", "h323:@gk.example.org:1720"),
    ("H323", "h323:user@gk.example.org"),
    ("H323", "h323:+16045550100"),
]

IN_ANOTHER_FORM = [
    # RFC 3966 s6, RFC 4694 s5, RFC 4759 s6, RFC 4904 s5
    ("TEL", "tel:+1-201-555-0123", "tel:+12015550123"),
    ("TEL", "tel:7042;phone-context=example.com", "tel:7042;phone-context=example.com"),
    ("TEL", "tel:863-1234;phone-context=+1-914-555", "tel:8631234;phone-context=+1-914-555"),
    ("TEL", "tel:+358-555-1234567;postd=pp22", "tel:+3585551234567;postd=pp22"),
    ("TEL", "tel:+1-800-123-4567;cic=+1-6789", "tel:+18001234567;cic=+1-6789"),
    ("TEL", "tel:+1-202-533-1234;npdi;rn=+1-202-544-0000", "tel:+12025331234;npdi;rn=+1-202-544-0000"),
    ("TEL", "tel:+44-207-946-0123;enumdi", "tel:+442079460123;enumdi"),
    (
        "TEL",
        "tel:5550100;phone-context=+1-630;tgrp=TG-1;trunk-context=example.com",
        "tel:5550100;phone-context=+1-630;tgrp=TG-1;trunk-context=example.com",
    ),
    # The order of RFC 3966 s3: extension or subaddress, context, the others by name.
    ("TEL", "+16045550100;rn=+16045550000;npdi;ext=12", "tel:+16045550100;ext=12;npdi;rn=+16045550000"),
    ("TEL", "+16045550100;EXT=12", "tel:+16045550100;ext=12"),
    ("TEL", "+1 604 555 0100 ext. 12", "tel:+16045550100;ext=12"),
    ("TEL", "+1 604 555 0100 x12;npdi", "tel:+16045550100;ext=12;npdi"),
    ("TEL", "+1 (604) 555-0100, extension 12", "tel:+16045550100;ext=12"),
    # RFC 3986 s6.2.3
    ("web:http", "http://example.com:/", "http://example.com/"),
    # RFC 6068 s6
    ("MAILTO", "mailto:%22%5C%5C%5C%22it's%5C%20ugly%5C%5C%5C%22%22@example.org", None),
    (
        "MAILTO",
        "mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body=NATTO",
        "mailto:user@xn--99zt52a.example.org?subject=Test&body=NATTO",
    ),
    ("MAILTO", "alice@[192.0.2.1]", "mailto:alice@%5B192.0.2.1%5D"),
    ("MAILTO", "alice@[IPv6:2001:db8::1]", "mailto:alice@%5BIPv6:2001:db8::1%5D"),
    # RFC 5122 s2.7.2
    (
        "XMPP",
        "xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com",
        "xmpp:nasty%21%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com",
    ),
    ("XMPP", "xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze", "xmpp:ji%C5%99i@xn--echy-fua.example/v%20Praze"),
    # RFC 4475 s3.1.1.2
    (
        "SIP",
        "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
        "sip:1_unusual.URI~(to-be%21sure)&isn%27t+it$/crazy?,/;;*:&it+has=1,weird%21*pas$wo~d_too.(doesn%27t-it)@example.com",
    ),
]

# One number as it stands on cards, web pages and in address books.
PASTED = [
    "+1 604 555 0100",
    "+1 (604) 555-0100",
    "+1.604.555.0100",
    "+1/604/5550100",
    "+1\u00a0604\u202f555\u20090100",
    "+1\u2013604\u2011555\u20120100",
    "+1\u2212604\u22125550100",
    "\u202a+1 604 555 0100\u202c",
    "\u200e+16045550100",
    "\uff0b1 604 555 0100",
    " +1 604 555 0100 ",
    "tel:+1 604 555 0100",
    "TEL: +1-604-555-0100",
]

WRONG = [
    ("SIP", "alice@example.org:99999", "port", "99999"),
    ("SIP", "sip:2001:db8::10", "host", "2001:db8::10"),  # RFC 5118 s4.2
    ("SIP", "alice@[2001:db8::zz]", "host", "2001:db8::zz"),
    ("SIP", "alice@[2001:db8::1", "host", "[2001:db8::1"),
    ("SIP", "<sip:user@example.com>", "brackets", "<"),  # RFC 4475 s3.1.2.7
    ("SIP", "sip:user@example.com; lr", "blank", "blank"),  # RFC 4475 s3.1.2.8
    ("SIP", "alice@example.org:", "port", "a port"),
    ("SIP", "Alice <sip:user@example.com>", "brackets", "name"),
    ("MAILTO", "Alice <alice@example.com>", "brackets", "name"),
    ("SIP", "alice@example.org;transport=", "parameter", "transport"),
    ("SIP", "alice@example.org;transport", "parameter", "transport"),
    ("SIP", "alice@example.org;lr;LR", "parameter", "LR"),
    ("SIP", "alice@example.org;ttl=256", "parameter", "256"),
    ("SIP", "alice@example.org;ttl=x", "parameter", "ttl"),
    ("SIP", "alice@example.org;maddr=a..b", "parameter", "a..b"),
    ("SIP", "alice@example.org;transport=t/cp", "parameter", "t/cp"),
    ("SIP", "alice@example.org;user=[phone]", "parameter", "[phone]"),
    ("SIP", "alice@example.org;x=a=b", "parameter", "a=b"),
    ("SIP", "alice@example.org?subject", "parameter", "subject"),
    ("SIP", "alice@example.org?=x", "parameter", "=x"),
    ("SIP", "alice@example.org?a=b&&c=d", "parameter", "header"),
    ("SIP", "+16045550100", "number-alone", "+16045550100"),
    ("SIP", "16045550100", "number-alone", "TEL"),
    ("SIP", "sip:+1-604-555-0100", "number-alone", "+1-604-555-0100"),
    ("SIP", "+1 604 555 0100", "number-alone", "@"),
    ("SIP", "(604) 555-0100", "number-alone", "(604)"),
    ("SIP", "https://example.org", "scheme", "https:"),
    ("SIP", "mailto:alice@example.org", "scheme", "mailto:"),
    ("MAILTO", "sip:alice@example.org", "scheme", "sip:"),
    ("MAILTO", "https://example.org/", "scheme", "https:"),
    ("MAILTO", "+16045550100", "number-alone", "+16045550100"),
    ("MAILTO", "mailto:joe@example.com?cc=bob@example.com?body=hello", "parameter", "body=hello"),  # RFC 6068 s6
    ("MAILTO", "alice@example.org?subject", "parameter", "subject"),
    ("MAILTO", ".alice@example.org", "user", "dot"),
    ("MAILTO", "alice.@example.org", "user", "dot"),
    ("MAILTO", "al..ice@example.org", "user", "dot"),
    ("MAILTO", "al(ice)@example.org", "user", "("),
    ("MAILTO", "al%20ice@example.org", "user", "“ ”"),
    ("MAILTO", "%22alice@example.org", "user", "quotation"),
    ("MAILTO", "alice@[300.0.0.1]", "host", "300.0.0.1"),
    ("MAILTO", "mailto:", "user-missing", "@"),
    ("MAILTO", "mailto:?subject=x", "user-missing", "@"),
    ("XMPP", "%22juliet%22@example.com", "user", '"'),  # RFC 7622 s3.5, table 2
    ("XMPP", "foo%20bar@example.com", "user", "“ ”"),
    ("XMPP", "juliet@example.com/%20foo", "resource", "blank"),
    ("XMPP", "@example.com", "user-missing", "@"),
    ("XMPP", "henry\u2163@example.com", "user", "\u2163"),
    ("XMPP", "\u265a@example.com", "user", "\u265a"),
    ("XMPP", "juliet@", "host-missing", "host"),
    ("XMPP", "/foobar", "host-missing", "host"),
    ("XMPP", "a&b@example.com", "user", "&"),
    ("XMPP", "juliet@example.com/", "resource", "device"),
    ("XMPP", "juliet@example.com?", "query", "?"),
    ("XMPP", "juliet@example.com?message;subject", "query", "message;subject"),
    ("XMPP", "juliet@example.com?message&subject=x", "query", "&"),
    ("TEL", "+44 (0)20 7946 0148", "trunk-zero", "(0)"),
    ("TEL", "+44 [0] 20 7946 0148", "trunk-zero", "(0)"),
    ("TEL", "44（０）20 7946 0148", "trunk-zero", "(0)"),
    ("TEL", "+7 (8) 495 123-45-67", "trunk-zero", "(8)"),
    ("TEL", "+16045550100;ext=", "parameter", "ext"),
    ("TEL", "+16045550100;ext", "parameter", "ext"),
    ("TEL", "+16045550100;ext=abc", "parameter", "abc"),
    ("TEL", "+16045550100;isub", "parameter", "isub"),
    ("TEL", "+16045550100;ext=1;EXT=2", "parameter", "EXT"),
    ("TEL", "+16045550100;a_b=1", "parameter", "a_b"),
    ("TEL", "+16045550100;npdi=yes", "parameter", "yes"),
    ("TEL", "+16045550100;rn=xyz", "parameter", "xyz"),
    ("TEL", "+16045550100;rn=6789", "parameter", "rn-context"),
    ("TEL", "+16045550100;cic=6789", "parameter", "cic-context"),
    ("TEL", "+16045550100;tgrp=TG-1", "parameter", "trunk-context"),
    ("TEL", "+16045550100;x=a=b", "parameter", "a=b"),
    ("TEL", "+16045550100;x=a b", "blank", "blank"),
    ("TEL", "7042;phone-context=a..b", "parameter", "a..b"),
    ("TEL", "7042;phone-context=", "parameter", "phone-context"),
    ("TEL", "70#42;phone-context=+1", "tel-form", "70#42"),
    ("IAX", "iax:example.com?friends", "context", "/"),
    ("ft:ftp", "ftp://host.dom/motd;type=x", "type", "x"),
    ("web:http", "http://example.org:99999/", "port", "99999"),
    ("web:http", "http://exa%20mple.org/", "host", "exa mple.org"),
    ("WEB", "alice@example.org", "user", "@"),
    ("vpim:ldap", "ldap://ldap.example.org/Alice", "path", "Alice"),
    ("vpim:ldap", "ldap://ldap.example.org/cn=Alice?mail?tree", "query", "tree"),
    ("vpim:ldap", "ldap://ldap.example.org/cn=Alice?mail?sub?cn=x", "query", "cn=x"),
    ("vpim:ldap", "ldap://ldap.example.org/cn=Alice?a?sub?(b=c)?d?e", "query", "?"),
    ("acct", "%40alice@example.org", "user", "%"),
    ("acct", "élan@example.org", "user", "é"),
]


def errors_of(service: str, hostdata: str) -> list[Problem]:
    return [problem for problem in check_draft(draft(service, hostdata), "442079460148") if problem.is_error]


@pytest.mark.parametrize(("service", "uri"), AS_THEY_ARE)
def test_an_example_of_an_rfc_stays_as_it_is(service: str, uri: str) -> None:
    assert uri_of(service, uri) == uri
    assert errors_of(service, uri) == []


@pytest.mark.parametrize(("service", "hostdata", "uri"), IN_ANOTHER_FORM)
def test_an_example_of_an_rfc_is_brought_into_one_form(service: str, hostdata: str, uri: str | None) -> None:
    assert errors_of(service, hostdata) == []
    made = uri_of(service, hostdata)
    assert made is not None
    assert uri is None or made == uri
    assert uri_of(service, made) == made


@pytest.mark.parametrize("hostdata", PASTED)
def test_a_telephone_number_is_read_as_people_write_it(hostdata: str) -> None:
    assert uri_of("TEL", hostdata) == "tel:+16045550100"
    assert errors_of("TEL", hostdata) == []


@pytest.mark.parametrize(("service", "hostdata", "code", "part"), WRONG)
def test_what_breaks_the_grammar_is_refused_naming_the_part(
    service: str, hostdata: str, code: str, part: str
) -> None:
    (problem,) = errors_of(service, hostdata)
    assert (problem.field, problem.code) == ("hostdata", code)
    assert part in str(problem)
    assert uri_of(service, hostdata) is None


token = st.text(string.ascii_letters + string.digits + "-._~", min_size=1, max_size=8)
user = st.text(string.ascii_letters + string.digits + "-_.~&=+$,;?/()*", min_size=1, max_size=20)
names = st.lists(token.map(str.lower), max_size=4, unique=True)
SEPARATORS = st.text(" -.()/\u00a0\u2009\u2013\u2011\u2212", max_size=2)


@given(user, names, st.none() | st.integers(1, 65535), st.dictionaries(token, token, max_size=3))
def test_every_uri_of_the_grammar_of_sip_is_taken_as_it_is(
    who: str, parameters: list[str], port: int | None, headers: dict[str, str]
) -> None:
    place = "example.org" + (f":{port}" if port else "")
    tail = "".join(f";x-{name}={name}" for name in parameters)
    tail += "?" + "&".join(f"{name}={value}" for name, value in headers.items()) if headers else ""
    uri = f"sip:{who}@{place}{tail}"
    assert uri_of("SIP", uri) == uri


@given(st.integers(0, 10**7))
def test_a_port_is_taken_exactly_if_tcp_has_it(port: int) -> None:
    for service, hostdata in (("SIP", f"a@example.org:{port}"), ("WEB", f"https://example.org:{port}/")):
        assert (uri_of(service, hostdata) is not None) == (1 <= port <= 65535)


@given(st.text(string.digits, min_size=7, max_size=15), st.lists(SEPARATORS, min_size=16, max_size=16))
def test_separators_between_digits_mean_nothing(digits: str, separators: list[str]) -> None:
    written = "+" + "".join(f"{gap}{digit}" for digit, gap in zip(digits, separators, strict=False))
    made = uri_of("TEL", written)
    if made is None:
        assert read_number(written) != digits or re.search(r"\(\W*0\W*\)", written)
    else:
        assert made == f"tel:+{digits}"

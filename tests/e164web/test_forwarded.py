"""What proxies say: read as RFC 7239 and habit have it, and never as an address that nobody meant."""

import ipaddress
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from e164web.forwarded import NotUnderstood, Said, address_of, elements, plain, read

PROXY, OUTER, CLIENT, OTHER = "192.0.2.1", "10.1.2.3", "198.51.100.7", "203.0.113.9"
CLIENT6, PROXY6 = "2001:db8::7", "2001:db8:1::1"
TRUSTED = frozenset({PROXY, OUTER, PROXY6})


def said(**headers: str) -> Said:
    return read(TRUSTED.__contains__, **headers)


# --- nodes ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("node", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("203.0.113.7:_gazonk", "203.0.113.7"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:DB8:0:0::1]:_x.y-z", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%eth0]:80", "fe80::1"),
        ("::1", "::1"),
    ],
)
def test_a_node_is_an_address_whatever_is_around_it(node: str, address: str) -> None:
    assert address_of(node) == address


@pytest.mark.parametrize(
    "node",
    [
        *("", "unknown", "Unknown", "unknown:80", "_hidden", "_SEVKISEK", "localhost", "example.org", "-", "(null)"),
        *("203.0.113.7:", "203.0.113.7:http", "203.0.113.7:65536", "203.0.113.7:123456", "203.0.113.7:80:80"),
        *("203.0.113", "203.0.113.256", "203.0.113.07", "0x7f000001", "2130706433", "203.0.113.7/32", " 203.0.113.7"),
        *(
            "[203.0.113.7]",
            "[203.0.113.7]:80",
            "[2001:db8::1",
            "2001:db8::1]",
            "[2001:db8::1]80",
            "[]",
            "[]:80",
            ":80",
        ),
        *("1:2:3:4:5:6:7:8:4711", "2001:db8::1::2", "2001:db8::g", "[fe80::1%]", "fe80::1%", "::ffff:203.0.113.256"),
        *("0.0.0.0", "::", "224.0.0.1", "ff02::1", "\u0661.1.1.1", "1.1.1.1\n", '"203.0.113.7"', "203.0.113.7 x"),  # noqa: S104
    ],
)
def test_what_is_no_address_is_none(node: str) -> None:
    assert address_of(node) is None


addresses = st.ip_addresses().filter(lambda ip: not (ip.is_unspecified or ip.is_multicast))
ports = st.one_of(
    st.just(""),
    st.integers(0, 65_535).map(":{}".format),
    st.text("abcXYZ019._-", min_size=1, max_size=8).map(":_{}".format),
)


@st.composite
def nodes(draw: Any) -> tuple[str, str]:
    """A node as RFC 7239 writes it, and its address."""
    ip, port = draw(addresses), draw(ports)
    written = str(ip) if ip.version == 4 else f"[{draw(st.sampled_from([str(ip), ip.exploded, str(ip).upper()]))}]"
    return written + port, plain(str(ip))


@given(nodes())
def test_every_node_of_the_grammar_is_read(node: tuple[str, str]) -> None:
    written, address = node
    assert address_of(written) == address


@given(st.text(max_size=50) | st.text("0123456789abcdef:.[]%_", max_size=50))
def test_any_text_is_an_address_that_can_be_used_or_none(text: str) -> None:
    address = address_of(text)
    if address is not None:
        assert str(ipaddress.ip_address(address)) == address
        assert address_of(address) == address


# --- X-Forwarded-For --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (f"{CLIENT}:4711", CLIENT),
        (f"[{CLIENT6}]:4711", CLIENT6),
        (f"{CLIENT6}", CLIENT6),
        (f"{OTHER}:1, {CLIENT}:2, {OUTER}:3", CLIENT),
        (f"{OTHER},{CLIENT}", CLIENT),  # several headers, as gunicorn joins them
        (f"\t{CLIENT} , ,{OUTER},, ", CLIENT),
        (f"garbage, unknown, {CLIENT}", CLIENT),
        (f"{OUTER}, [{PROXY6}]:80", OUTER),
        ("", ""),
        (" , ,", ""),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(chain: str, client: str) -> None:
    assert said(x_for=chain).address == client


@pytest.mark.parametrize(
    "chain",
    ["unknown", "garbage", f"{CLIENT}, unknown", f"{CLIENT}, _hidden, {OUTER}", f"{CLIENT};{OTHER}", "9" * 5000],
)
def test_who_does_not_say_who_is_asking_is_refused_with_what_was_sent(chain: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        said(x_for=chain)
    sentence = str(refusal.value)
    assert sentence.startswith(f"X-Forwarded-For: '{chain[:100]}")
    assert len(sentence) < 300


hops = st.lists(nodes(), min_size=1, max_size=5)


@given(hops, st.text(max_size=20))
def test_what_is_left_of_the_client_changes_nothing(chain: list[tuple[str, str]], made_up: str) -> None:
    header = ", ".join(written for written, _address in chain)
    assume(chain[-1][1] not in TRUSTED)
    assert said(x_for=header).address == chain[-1][1]
    assert said(x_for=f"{made_up}, {header}").address == chain[-1][1]


# --- Forwarded --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("for=192.0.2.43", [{"for": "192.0.2.43"}]),
        ('For="[2001:db8:cafe::17]:4711"', [{"for": "[2001:db8:cafe::17]:4711"}]),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", [{"for": "192.0.2.60", "proto": "http", "by": "203.0.113.43"}]),
        ("for=192.0.2.43, for=198.51.100.17", [{"for": "192.0.2.43"}, {"for": "198.51.100.17"}]),
        ('for=_mdn ; proto = "x"', None),
        ('for="_gaz\\"onk"', [{"for": '_gaz"onk'}]),
        ('for="a\\\\b"', [{"for": "a\\b"}]),
        ('for="a, for=b"', [{"for": "a, for=b"}]),
        (" ,, ; for=a ;; proto=b ;, ,", [{"for": "a", "proto": "b"}]),
        ('for=""', [{"for": ""}]),
        ("", []),
        ("\t , ", []),
        ("for", None),
        ("for=", None),
        ("=a", None),
        ("for =a", None),
        ("for=a proto=b", None),
        ('for="a', None),
        ('for="a"b', None),
        ('for=a"b"', None),
        ('for="a\\', None),
        ('for="\x00"', None),
        ("for=[2001:db8::1]", None),
        ("for=192.0.2.43:80", None),
        ("for=a;for=b", None),
        ("for=a;FOR=a", None),
        ("(comment)", None),
    ],
)
def test_forwarded_is_read_by_its_grammar(header: str, found: list[dict[str, str]] | None) -> None:
    if found is None:
        with pytest.raises(NotUnderstood):
            elements(header)
    else:
        assert elements(header) == found


TOKENS = st.text("!#$%&'*+-.^_`|~019azAZ", min_size=1, max_size=8)
QUOTABLE = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=255, exclude_characters="\x7f" + "".join(map(chr, range(128, 160)))
    ),
    max_size=12,
)


@st.composite
def written_elements(draw: Any) -> tuple[str, list[dict[str, str]]]:
    """A header as the grammar has it, and what it means."""
    blank = st.sampled_from(["", " ", "\t", "  "])
    meant, written = [], []
    for names in draw(
        st.lists(st.lists(TOKENS, min_size=1, max_size=3, unique_by=str.lower), min_size=1, max_size=4)
    ):
        element, pairs = {}, []
        for name in names:
            value = draw(QUOTABLE | TOKENS)
            escaped = "".join(f"\\{c}" if c in '"\\' or draw(st.booleans()) else c for c in value)
            is_token = value and all(c in "!#$%&'*+-.^_`|~019azAZ" for c in value) and draw(st.booleans())
            pairs.append(f"{name}={value}" if is_token else f'{name}="{escaped}"')
            element[name.lower()] = value
        meant.append(element)
        written.append(";".join(pairs))
    return "".join(draw(blank) + one + draw(blank) + "," for one in written)[:-1], meant


@given(written_elements())
def test_whatever_the_grammar_makes_is_read_as_it_was_meant(made: tuple[str, list[dict[str, str]]]) -> None:
    header, meant = made
    assert elements(header) == meant


@given(st.text(max_size=60) | st.text('for=;,"\\ _[]:.1aproto', max_size=60))
@example("for=1.1.1.1;x=")
@example('for=1.1.1.1;x="')
@example('for=1.1.1.1, x="\\')
@example('for="')
def test_nothing_that_a_client_sends_before_it_changes_what_the_proxy_says(made_up: str) -> None:
    for node, address in ((CLIENT, CLIENT), (f'"[{CLIENT6}]:4711"', CLIENT6)):
        try:
            found = said(forwarded=f"{made_up}, for={node};proto=https")
        except NotUnderstood:
            continue
        assert found == Said(address, "https")


@pytest.mark.parametrize(
    ("header", "address", "scheme"),
    [
        (f"for={CLIENT}", CLIENT, ""),
        (f"for={CLIENT};proto=https", CLIENT, "https"),
        (f'for="{CLIENT}:4711"; proto=HTTPS', CLIENT, "https"),
        (f'for="[{CLIENT6}]:4711";proto="https"', CLIENT6, "https"),
        (f'for="{CLIENT6}"', CLIENT6, ""),  # Google's
        (f"for={OTHER}, for={CLIENT};proto=https, for={OUTER};proto=http", CLIENT, "https"),
        (f"for=unknown, for={CLIENT}", CLIENT, ""),
        (f'by="_x";host="a:80";for={CLIENT};ext=1', CLIENT, ""),
        (f"for={OUTER};proto=https", OUTER, "https"),
    ],
)
def test_forwarded_says_who_is_asking_and_over_what(header: str, address: str, scheme: str) -> None:
    assert said(forwarded=header) == Said(address, scheme)


@pytest.mark.parametrize(
    "header",
    [
        *("for=unknown", "for=_hidden", 'for="_hidden:80"', "proto=https", "by=_x", f"for={CLIENT};proto=spdy"),
        *(f"for={CLIENT}, proto=https", f"for={CLIENT}, for=unknown", f'for="{CLIENT}', f"for={CLIENT}; garbage"),
    ],
)
def test_forwarded_that_does_not_say_it_is_refused(header: str) -> None:
    with pytest.raises(NotUnderstood):
        said(forwarded=header)


# --- both, and the scheme ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("proto", "scheme"),
    [
        *(("https", "https"), ("HTTPS", "https"), (" https ", "https"), ("http, https", "https")),
        *(("https, http", "http"), ("https,", "https"), ("", ""), (" ,", "")),
    ],
)
def test_the_last_scheme_is_the_nearest_proxys(proto: str, scheme: str) -> None:
    assert said(x_for=CLIENT, x_proto=proto) == Said(CLIENT, scheme)


@pytest.mark.parametrize("proto", ["wss", "on", "https;", "https http", "ssl", "1"])
def test_what_is_no_scheme_is_refused(proto: str) -> None:
    with pytest.raises(NotUnderstood):
        said(x_for=CLIENT, x_proto=proto)


def test_two_kinds_of_headers_that_say_the_same_are_believed() -> None:
    both = said(x_for=f"{CLIENT}:4711", x_proto="https", forwarded=f'for="{CLIENT}";proto=https')
    assert both == Said(CLIENT, "https")
    assert said(x_proto="https", forwarded=f"for={CLIENT}") == Said(CLIENT, "https")
    assert said(x_for=CLIENT, forwarded=f"for={CLIENT};proto=https") == Said(CLIENT, "https")


@pytest.mark.parametrize(
    "headers",
    [
        {"x_for": CLIENT, "forwarded": f"for={OTHER}"},
        {"x_for": OTHER, "forwarded": f"for={CLIENT}"},
        {"x_for": CLIENT, "x_proto": "http", "forwarded": f"for={CLIENT};proto=https"},
        {"x_for": CLIENT, "x_proto": "http", "forwarded": 'for="'},
    ],
)
def test_a_header_that_the_proxy_passed_on_unread_does_not_count(headers: dict[str, str]) -> None:
    with pytest.raises(NotUnderstood):
        said(**headers)

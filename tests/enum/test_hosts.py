"""Hosts and ports."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum.hosts import is_address, read_host, read_host_and_port
from dashboard.enum.problems import UriError


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("example.org", "example.org"),
        ("Example.ORG", "Example.ORG"),
        ("example.org.", "example.org"),
        ("pbx", "pbx"),
        ("a-b.c--d.example", "a-b.c--d.example"),
        ("1and1.example", "1and1.example"),
        ("4.3.2.example", "4.3.2.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        ("192.0.2.1", "192.0.2.1"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("München.example", "xn--mnchen-3ya.example"),
        ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),
        ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
    ],
)
def test_a_host_is_a_name_or_an_address_in_ascii(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        ".",
        ".org",
        "a..b",
        "example.org..",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b.example",
        "a" * 64 + ".example",
        "a." * 127 + "example",
        "ü" * 64 + ".example",
        "ü" * 60 + ".example",
        ".".join(["ü" * 20] * 12),
        "192.0.2",
        "192.0.2.256",
        "192.0.2.01",
        "1.2.3.4.5",
        "1234567890",
        "example.123",
        "example.1a",
        "%65xample.org",
        "😀.example",
        "stra\u00dfe.example",
        "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2.example",
        "a\u200db.example",
        "\uff45xample.org",
        "example\u3002org",
        "\u2460.example",
        "1\u0662.example",
        "a.\u0661\u0662",
    ],
)
def test_what_dns_or_idna_would_not_take_is_no_host(text: str) -> None:
    with pytest.raises(UriError) as caught:
        read_host(text)
    assert (caught.value.field, caught.value.code) == ("hostdata", "host")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.org", ("example.org", None)),
        ("example.org:1", ("example.org", 1)),
        ("example.org:65535", ("example.org", 65535)),
        ("example.org:05060", ("example.org", 5060)),
        ("192.0.2.1:5060", ("192.0.2.1", 5060)),
        ("[::1]", ("[::1]", None)),
        ("[2001:DB8::A]:5061", ("[2001:db8::a]", 5061)),
    ],
)
def test_a_port_follows_the_host_after_a_colon(text: str, expected: tuple[str, int | None]) -> None:
    assert read_host_and_port(text) == expected


def test_an_ipv4_address_written_as_ipv6_stays_the_same_address() -> None:
    host, _ = read_host_and_port("[::ffff:192.0.2.1]")
    assert ipaddress.ip_address(host.strip("[]")) == ipaddress.ip_address("::ffff:192.0.2.1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "host-missing"),
        (":5060", "host-missing"),
        ("2001:db8::1", "host"),
        ("[2001:db8::1", "host"),
        ("[2001:db8::1]5060", "host"),
        ("[]", "host"),
        ("[example.org]", "host"),
        ("[192.0.2.1]", "host"),
        ("[fe80::1%eth0]", "host"),
        ("[fe80::1%25eth0]", "host"),
        ("x[::1]", "host"),
        ("2001]:1", "host"),
        ("example.org:", "port"),
        ("example.org:0", "port"),
        ("example.org:65536", "port"),
        ("example.org:999999", "port"),
        ("example.org:50a", "port"),
        ("example.org:+5", "port"),
        ("example.org:5_0", "port"),
        ("example.org:50:60", "port"),
        ("[::1]:", "port"),
    ],
)
def test_a_bad_host_or_port_is_named_as_such(text: str, code: str) -> None:
    with pytest.raises(UriError) as caught:
        read_host_and_port(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("host", "answer"),
    [("192.0.2.1", True), ("[::1]", True), ("example.org", False), ("4.3.2.example", False), ("pbx", False)],
)
def test_addresses_are_told_from_names(host: str, answer: bool) -> None:
    assert is_address(host) is answer


@given(st.ip_addresses(v=4), st.integers(1, 65535))
def test_every_ipv4_address_and_port_is_read(address: ipaddress.IPv4Address, port: int) -> None:
    assert read_host_and_port(f"{address}:{port}") == (str(address), port)


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_in_any_spelling_is_read(address: ipaddress.IPv6Address) -> None:
    for spelling in (str(address), address.exploded, str(address).upper()):
        assert read_host_and_port(f"[{spelling}]") == (f"[{address}]", None)


@given(st.text(max_size=80))
def test_any_text_is_a_host_in_ascii_or_a_uri_error(text: str) -> None:
    try:
        host, _ = read_host_and_port(text)
    except UriError:
        return
    assert host.isascii()
    assert read_host_and_port(host) == (host, None)

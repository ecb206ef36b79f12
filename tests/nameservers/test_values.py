"""Addresses, keys, serials and sentences."""

import base64
import contextlib
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import NumberRules
from dashboard.nameservers import (
    Address,
    AddressError,
    Key,
    NameServerError,
    TsigKeyError,
    ZoneFacts,
    problems,
    serial_is_newer,
)

SECRET = base64.b64encode(b"thirty-two octets that are secret").decode()
SERVER = Address("192.0.2.1")

HOSTS = (
    st.ip_addresses().map(str)
    | st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,10}){0,3}\Z").filter(
        lambda name: not name.rpartition(".")[2].isdigit()
    )
)  # fmt: skip


@given(host=HOSTS, port=st.integers(1, 65535))
def test_an_address_and_its_text_are_the_same(host: str, port: int) -> None:
    address = Address(host, port)

    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", Address("192.0.2.1", 53)),
        (" ns1.Example.org. ", Address("ns1.example.org", 53)),
        ("ns1.example.org:5300", Address("ns1.example.org", 5300)),
        ("localhost:53", Address("localhost")),
        ("2001:DB8::1", Address("2001:db8::1")),
        ("[::1]", Address("::1")),
        ("[::1]:5300", Address("::1", 5300)),
    ],
)
def test_an_address_is_read_as_people_write_it(text: str, address: Address) -> None:
    assert Address.parse(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ":53",
        "a b",
        "ns1.example.org:",
        "ns1.example.org:0",
        "ns1.example.org:65536",
        "ns1.example.org:53:53",
        "ns1..example.org",
        "-ns1.example.org",
        "[192.0.2.1",
        "[ns1.example.org]:53",
        "[]:53",
        "192.0.2.256",
        "1.2.3",
        "http://ns1.example.org",
        "ns1.example.org/53",
        "é.example.org",
        "a" * 64 + ".org",
        "::1%eth0]",
    ],
)
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(text)

    assert str(caught.value) == caught.value.message % caught.value.params


STATEMENT = f"""
# Made by tsig-keygen
key "e164web." {{
    algorithm hmac-sha512;  // strong
    /* never tell */ secret "{SECRET}";
}};
"""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (STATEMENT, Key("e164web", SECRET, "hmac-sha512")),
        (f"key e164web {{secret {SECRET};algorithm HMAC-SHA256;}}", Key("e164web", SECRET)),
        (f"e164web:{SECRET}", Key("e164web", SECRET)),
        (f" hmac-sha384:Key.Example.:{SECRET} \n", Key("key.example", SECRET, "hmac-sha384")),
    ],
)
def test_a_key_is_read_as_name_servers_write_it(text: str, key: Key) -> None:
    assert Key.parse(text) == key
    assert Key.parse(f"{key.algorithm}:{key.name}:{key.secret}") == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e164web",
        SECRET,
        f"hmac-md5:e164web:{SECRET}",
        f"hmac-sha1:e164web:{SECRET}",
        f"hmac-sha224:e164web:{SECRET}",
        f"{SECRET}:e164web:hmac-sha256",
        f"{SECRET}:hmac-sha256:e164web",
        f":{SECRET}",
        f".:{SECRET}",
        f"a..b:{SECRET}",
        f"e164web:{SECRET[:-3]}",
        f"e164web:!{SECRET}",
        "e164web:c2hvcnQ=",
        f"hmac-sha256:e164web:{SECRET}:more",
        f'key "e164web" {{ secret "{SECRET}"; }};',
        'key "e164web" { algorithm hmac-sha256; };',
        f'key "e164web" {{ algorithm hmac-sha256; secret "{SECRET}"',
        f'zone "e164web" {{ algorithm hmac-sha256; secret "{SECRET}"; }};',
        f"e164web:{SECRET}é",
    ],
)
def test_what_is_no_key_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(TsigKeyError) as caught:
        Key.parse(text)

    assert SECRET[:12] not in str(caught.value)
    assert str(caught.value) == caught.value.message % caught.value.params


@given(st.text() | st.text('key{};:" secretalgorithm=', max_size=40))
def test_any_text_is_a_key_or_an_error(text: str) -> None:
    with contextlib.suppress(TsigKeyError):
        assert Key.parse(text).secret


@given(st.text() | st.text("0123456789abc.:[]-", max_size=30))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except AddressError:
        return
    assert Address.parse(str(address)) == address


def test_a_key_does_not_show_its_secret() -> None:
    key = Key("e164web", SECRET)

    assert SECRET not in repr(key)
    assert str(key) == "hmac-sha256:e164web"


@pytest.mark.parametrize(
    ("serial", "than", "newer"),
    [
        (2, 1, True),
        (1, 2, False),
        (1, 1, False),
        (0, 2**32 - 1, True),
        (2**32 - 1, 0, False),
        (2**31 - 1, 0, True),
        (2**31, 0, False),
        (0, 2**31, False),
    ],
)
def test_serials_go_round_in_a_circle(serial: int, than: int, newer: bool) -> None:
    assert serial_is_newer(serial, than) is newer


@pytest.mark.parametrize("doing", ["zone", "update", "transfer", "record"])
@pytest.mark.parametrize("rcode", [*problems.NOT_DONE, "BADCOOKIE"])
def test_every_refusal_is_a_sentence_that_names_the_server_and_the_code(
    rcode: str, doing: Literal["zone", "update", "transfer", "record"]
) -> None:
    error = problems.not_done(SERVER, rcode, problems.Request(doing, "e164.test", "NAPTR"))

    assert isinstance(error, NameServerError)
    assert error.code == rcode.lower()
    assert error.server == SERVER
    assert str(SERVER) in str(error)
    assert rcode in str(error)
    assert str(error) == error.message % error.params
    assert str(error).endswith(".")


def test_a_zone_has_the_rules_of_e164_unless_told_otherwise() -> None:
    assert ZoneFacts("e164.test") == ZoneFacts("e164.test", (), NumberRules(), caller_names=False)

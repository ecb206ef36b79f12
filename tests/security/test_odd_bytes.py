"""Bytes that a database cannot store, wherever an evil registry may put them (PostgreSQL takes no NUL)."""

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Exchange
from tests.security.evil_registry import END, OK, EvilRegistry, ok

BAD = b"version=1\r\nresponse=BAD\r\n"
ODD = [b"a\0b", b"\0", b"\x1b[31mred", b"\xed\xa0\x80", b"a%00b"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "reply",
    [
        ok,
        lambda odd: ok(b"SIP," + odd + b",IAX2"),
        lambda odd: BAD + b"error=" + odd + b"\r\n\r\n" + END,
        lambda odd: BAD + b"\r\n" + odd + b"\r\n" + END,
        lambda odd: BAD.replace(b"BAD", odd) + b"\r\n" + END,
        lambda odd: OK.replace(b"1", odd, 1) + END,
        lambda odd: ok(b"7,1,604," + odd),
        lambda odd: ok(b"7,1,604,5550123" + odd, b"8," + odd),
        lambda odd: odd,
    ],
    ids=["data", "services", "error", "words", "response", "version", "number", "rows", "everything"],
)
def test_odd_bytes_in_a_reply_break_no_page(
    alice: Browser, at_evil: Credential, evil: EvilRegistry, odd: bytes, reply: object
) -> None:
    assert callable(reply)
    answer = reply(odd)
    evil.answers = dict.fromkeys(["ping", "myip", "listservices", "list", "show", "getnaptr"], answer)
    at_evil.services = []
    at_evil.save()
    root = f"/credentials/{at_evil.pk}/"
    assert alice.post(f"{root}check/").status_code == 302
    evil.answers["ping"] = evil.answers["myip"] = ok(b"127.0.0.1")
    assert alice.post(f"{root}check/").status_code == 302
    for address in (root, f"{root}numbers/", f"{root}numbers/7/", "/registries/", "/credentials/"):
        assert alice.get(address).status_code in {200, 404, 502}
    assert Exchange.objects.exists()


@pytest.mark.parametrize("odd", [b"a\0b", b"\x1b[31mred", b"\xff\xfe", b"\xc2\xad"])
@pytest.mark.parametrize("name", ["Location", "Content-Encoding", "Content-Type"])
@pytest.mark.parametrize("status", ["200 OK", "302 Found"])
def test_odd_bytes_in_a_header_break_no_page(
    alice: Browser, at_evil: Credential, evil: EvilRegistry, odd: bytes, name: str, status: str
) -> None:
    evil.headers, evil.status = f"{name}: https://elsewhere.example/{odd.decode('latin-1')}\r\n", status
    assert alice.post(f"/credentials/{at_evil.pk}/check/").status_code == 302
    for address in (f"/credentials/{at_evil.pk}/", f"/credentials/{at_evil.pk}/numbers/", "/registries/"):
        page = alice.get(address)
        assert page.status_code in {200, 502}
        assert b"\0" not in page.content
        assert b"\x1b" not in page.content

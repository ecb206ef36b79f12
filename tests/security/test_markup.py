"""Whatever a registry or a person writes, a page shows it as text."""

from urllib.parse import quote_plus

import pytest
from django.test import Client as Browser

from dashboard.models import Credential
from tests.security.evil_registry import END, EvilRegistry, ok

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% debug %}</textarea><!--"
RAW = MARKUP.encode()
BAD = b"version=1\r\nresponse=BAD\r\nerror=" + quote_plus(MARKUP).encode() + b"\r\n\r\n" + RAW + b"\r\n" + END


def is_harmless(page: bytes) -> bool:
    return not any(live in page for live in (b"<script>alert", b"<img src=x", b"</textarea><", b"{{49}}"))


@pytest.mark.parametrize(
    "answers",
    [
        {"show": ok(b"1,1,604,5550123,100,10," + RAW.replace(b",", b"") + b"," + RAW)},
        {"show": ok(b"1,1" + RAW[:80] + b",604,5550123,100,10,SIP,javascript:alert(1)")},
        {"list": ok(b"7,1," + RAW[:80] + b",5550123" + RAW[:80])},
        {"listservices": ok(RAW.replace(b",", b"")[:99] + b",SIP"), "myip": ok(RAW)},
        dict.fromkeys(["ping", "list", "show", "myip", "listservices"], BAD),
        dict.fromkeys(["ping", "list", "show"], RAW),
        dict.fromkeys(["ping", "list", "show"], b"version=" + quote_plus(MARKUP).encode() + b"\r\n\r\n" + END),
    ],
    ids=["record", "number-of-record", "number", "services", "refusal", "no-reply", "version"],
)
def test_what_a_registry_says_is_shown_as_text(
    alice: Browser, at_evil: Credential, evil: EvilRegistry, answers: dict[str, bytes]
) -> None:
    evil.answers |= answers
    at_evil.services = []
    at_evil.save()
    root = f"/credentials/{at_evil.pk}/"
    number = f"{root}numbers/7/"
    pages = [alice.post(f"{root}check/", follow=True)]
    pages += [
        alice.get(address) for address in (root, f"{root}numbers/", number, f"{number}delete-all/", "/registries/")
    ]
    pages += [alice.get(f"{number}records/1/"), alice.get(f"{number}records/1/delete/"), alice.get("/credentials/")]
    for page in pages:
        assert page.status_code in {200, 404, 502}
        assert is_harmless(page.content)


@pytest.mark.parametrize(
    "address",
    [
        "/preview/?number=16045550123&preference=10&service={}&hostdata={}",
        "/accounts/login/?next={}",
        "/history/?page={}&open={}",
        "/{}",
    ],
)
def test_what_an_address_says_is_shown_as_text(alice: Browser, anonymous: Browser, address: str) -> None:
    filled = address.format(quote_plus(MARKUP), quote_plus(MARKUP))
    for browser in (alice, anonymous):
        assert is_harmless(browser.get(filled).content)


@pytest.mark.parametrize("name", ["username", "label"])
def test_what_a_person_calls_a_credential_is_shown_as_text(alice: Browser, at_evil: Credential, name: str) -> None:
    setattr(at_evil, name, MARKUP[:90])
    at_evil.save()
    root = f"/credentials/{at_evil.pk}/"
    for address in ("/credentials/", root, f"{root}delete/", f"{root}numbers/", "/registries/"):
        page = alice.get(address)
        assert page.status_code in {200, 502}
        assert is_harmless(page.content)

"""Signed-in people and the DNS: what they may ask for, how much at once, and what they may put into a preview."""

import base64
import json
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, User
from dashboard.services.dns.accounts import DNS
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import SetDns, answering, with_records
from tests.platform.crowd import crowd
from tests.security.test_markup import MARKUP, is_harmless
from tests.web.views.pages import text_of

HTMX = {"HX-Request": "true"}
WAIT = "The DNS is being asked about too much at once."


@pytest.fixture
def addresses(remote: Credential, registry: FaultyRegistry) -> list[str]:
    """The pages that ask the DNS."""
    root, number = f"/credentials/{remote.pk}", registry.number_ids[0]
    return [f"{root}/numbers/{number}/dns/", f"{root}/dns/?number={number}"]


def test_others_and_strangers_cannot_have_the_dns_asked(
    mallory: Browser, anonymous: Browser, set_dns: SetDns, addresses: list[str]
) -> None:
    with answering(with_records()) as resolver:
        set_dns(resolver.address)
        for address in addresses:
            assert mallory.get(address, headers=HTMX).status_code == 404
            assert anonymous.get(address).status_code == 302
        assert resolver.queries == []


def test_one_person_cannot_hold_all_threads_of_the_server_by_asking_the_dns(
    alice: Browser, person: User, set_dns: SetDns, settings: Any, addresses: list[str]
) -> None:
    with answering(with_records()) as resolver:
        set_dns(resolver.address)
        with crowd(DNS, *[person.pk] * settings.E164WEB.threads) as looks:
            assert 1 < looks <= settings.E164WEB.threads // 4
            for page in [alice.get(address, headers=headers) for address in addresses for headers in (HTMX, {})]:
                assert page.status_code == 200
                assert WAIT in page.content.decode()
            assert resolver.queries == []

        assert WAIT not in text_of(alice.get(addresses[0]))
        assert resolver.queries


def test_all_people_together_leave_threads_for_other_pages(settings: Any) -> None:
    with crowd(DNS, *range(settings.E164WEB.threads)) as looks, crowd("registry", *range(10)) as others:
        assert looks + others < settings.E164WEB.threads
        assert others > 0


def test_a_registry_that_hangs_does_not_hold_what_looks_at_the_dns_need(
    alice: Browser, person: User, set_dns: SetDns, registry: FaultyRegistry, addresses: list[str]
) -> None:
    with answering(with_records()) as resolver:
        set_dns(resolver.address)
        with crowd(registry.url, *range(16)):
            page = alice.get(addresses[1])
        assert page.status_code == 503
        with crowd(DNS, *[person.pk] * 3):
            assert WAIT not in text_of(alice.get(addresses[1]))


def test_numbers_of_others_and_things_that_are_none_are_not_asked_about(
    alice: Browser, remote: Credential, set_dns: SetDns
) -> None:
    asked = [("number", text) for text in ("999999999", "-1", "1e9", "٣", "9" * 400, MARKUP)] * 200
    with answering(with_records()) as resolver:
        set_dns(resolver.address)
        page = alice.get(f"/credentials/{remote.pk}/dns/?{urlencode(asked[:100])}", headers=HTMX)
        assert page.status_code == 200
        assert is_harmless(page.content)
        assert all(b"\x01" + b"9" not in query for _, query in resolver.queries)


def packed(octets: bytes) -> str:
    """Octets as a page carries them."""
    return base64.urlsafe_b64encode(zlib.compress(octets, 9)).decode()


def forged(*rows: list[object], suffix: object = "e164.arpa", local: object = "5550123") -> str:
    """A number and its records as no page of ours would carry them."""
    return packed(json.dumps(["1", "604", local, suffix, list(rows)]).encode())


@pytest.mark.parametrize(
    "carried",
    [
        packed(b"[" * 1_500_000),
        packed(b'["1","604","5550123","e164.arpa",' + b"[" * 90_000 + b"]" * 90_001),
        packed(b'["1","604","5550123","e164.arpa",[[' + b"9" * 5_000 + b',1,1,"SIP","x"]]]'),
        packed(b'["1","604","5550123","e164.arpa",[[1,1,NaN,"SIP","x"]]]'),
        packed(b'["1","604","5550123","e164.arpa",[[1,1,1,"SIP","\\ud800@x.example"]]]'),
        packed(b'["1\\ud800","604","5550123","e164.arpa",[]]'),
        packed(b"null"),
        packed(b"{}"),
        packed(b'["1","604","5550123","e164.arpa",{"a":1}]'),
        packed(b"\xff\xfe"),
        "AAAA",
        "é" * 20,
        forged([1, True, 1.5, "SIP", None]),
        forged(suffix=f"{MARKUP}.example"),
        forged(suffix=["e164.arpa"]),
        forged([1, 100, 10, MARKUP[:90], MARKUP]),
        forged([1, 100, 10, "SIP", f"{MARKUP}@example.org"], local="5550123" + MARKUP[:80]),
        forged(*([place, 100, place, "SIP", "sip:" + "%41" * 60 + "@b.example"] for place in range(500))),
        forged([1, 100, 10, "SIP", "a@" + "é." * 10_000]),
        forged([1, 100, 10, "SIP", "a@b.example"], local="1" * 100),
    ],
)
def test_a_preview_with_forged_records_is_answered(alice: Browser, carried: str) -> None:
    asked = {"number": "16045550123", "preference": "10", "service": "SIP", "hostdata": "a@example.org"}
    page = alice.post("/preview/", asked | {"carried": carried, "fingerprint": "1-x"})

    assert page.status_code == 200
    assert is_harmless(page.content)
    assert len(page.content) < 100_000

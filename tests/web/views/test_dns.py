"""What the DNS says now, as pages: the fragment that htmx asks for, and the page without JavaScript."""

import pytest
from django.test import Client as Browser

from dashboard import client
from dashboard.enum import Naptr
from dashboard.models import Credential
from dashboard.services.dns import MAX_NUMBERS
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_dns import LiveZone, SetDns, answering, saying_no
from tests.web.views.pages import asks_to_sign_in, elements_of, text_of

HTMX = {"HX-Request": "true"}
DIGITS = "12005550100"


def sip(place: int, digits: str = DIGITS, preference: int = 0) -> Naptr:
    """What a record of the registry on a real socket becomes."""
    return Naptr(
        100, preference or 10 * (place + 1), "u", "E2U+sip", f"!^.*$!sip:{digits[4:]}.{place}@sip.example.org!"
    )


@pytest.fixture
def published(live_zone: LiveZone) -> None:
    """The first number, as it should be."""
    live_zone.publish(DIGITS, sip(0), sip(1), ttl=200)


@pytest.fixture
def address(in_zone: Credential, registry: FaultyRegistry) -> str:
    """What the DNS says about the first number."""
    return f"/credentials/{in_zone.pk}/numbers/{registry.number_ids[0]}/dns/"


@pytest.fixture
def list_address(in_zone: Credential) -> str:
    """What the DNS says about several numbers."""
    return f"/credentials/{in_zone.pk}/dns/"


def test_the_fragment_says_how_the_number_is_in_the_dns(alice: Browser, address: str, published: None) -> None:
    page = alice.get(address, headers=HTMX)

    said = text_of(page)
    assert page.status_code == 200
    assert "<html" not in page.content.decode()
    assert "The DNS has the records of this number as the registry has them." in said
    for words in ("name server", "resolver", "200 s", "200 s left", "unsigned", "published"):
        assert words in said


def test_without_javascript_it_is_a_page_of_its_own(alice: Browser, address: str, published: None) -> None:
    page = alice.get(address)

    assert "<html" in page.content.decode()
    assert "0.0.1.0.5.5.5.0.0.2.1.e164.test" in text_of(page)
    assert "The DNS has the records of this number as the registry has them." in text_of(page)
    assert any(given.get("href") == address for given in elements_of(page, "a"))


def test_differences_are_shown_record_by_record(alice: Browser, address: str, live_zone: LiveZone) -> None:
    other = Naptr(100, 5, "u", "E2U+h323", "!^.*$!h323:gk.example.org!")
    live_zone.publish(DIGITS, sip(0, preference=15), other)

    said = text_of(alice.get(address, headers=HTMX))

    assert "The DNS has other records than the registry." in said
    assert f"another preference registry {sip(0).to_text()} DNS {sip(0, preference=15).to_text()}" in said
    assert f"missing in the DNS {sip(1).to_text()}" in said
    assert f"only in the DNS {other.to_text()}" in said


def test_a_number_that_is_not_in_the_dns_is_missing(alice: Browser, address: str) -> None:
    assert "so that nobody finds it there" in text_of(alice.get(address, headers=HTMX))


def test_what_a_cache_still_says_is_explained(
    alice: Browser, address: str, live_zone: LiveZone, set_dns: SetDns, published: None
) -> None:
    with answering(saying_no(77)) as resolver:
        set_dns(resolver.address)
        said = text_of(alice.get(address, headers=HTMX))

    assert "Resolvers say something else: missing." in said
    assert "The resolver may go on saying that it does not exist for 77 seconds." in said


def test_caller_names_are_shown_with_the_privacy_note(alice: Browser, address: str, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, sip(0), sip(1), caller_name="<b>Ford & Co</b>")

    page = alice.get(address, headers=HTMX)

    assert "Caller name in the DNS (TXT), which anybody can read: “<b>Ford & Co</b>”" in text_of(page)
    assert "<b>Ford" not in page.content.decode()


def test_what_stands_in_the_dns_cannot_write_into_the_page(alice: Browser, address: str, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, Naptr(100, 10, "u", "E2U+sip", "!^.*$!sip:<script>alert(1)</script>@x!"))

    assert "<script>alert" not in alice.get(address, headers=HTMX).content.decode()


def test_a_registry_that_fails_leaves_a_sentence_in_the_fragment(
    alice: Browser, address: str, registry: FaultyRegistry
) -> None:
    registry.fault("show", "html")

    fragment, page = alice.get(address, headers=HTMX), alice.get(address)

    assert (fragment.status_code, page.status_code) == (200, 502)
    assert "<html" not in fragment.content.decode()
    assert "notice-warning" in fragment.content.decode()


def test_nothing_of_it_is_kept_by_a_cache(alice: Browser, address: str) -> None:
    page = alice.get(address, headers=HTMX)

    assert "no-store" in page["Cache-Control"]
    assert "HX-Request" in page["Vary"]


@pytest.mark.parametrize("path", ["{address}", "{list_address}?number=1001"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_strangers_see_nothing(
    mallory: Browser, anonymous: Browser, address: str, list_address: str, path: str, headers: dict[str, str]
) -> None:
    where = path.format(address=address, list_address=list_address)

    assert mallory.get(where, headers=headers).status_code == 404
    assert asks_to_sign_in(anonymous.get(address), address)
    assert anonymous.get(where, headers=headers).status_code == 302


def test_it_only_reads(alice: Browser, address: str, list_address: str, registry: FaultyRegistry) -> None:
    assert alice.post(address).status_code == 405
    assert alice.post(list_address).status_code == 405
    alice.get(address)
    assert {received.command for received in registry.log} == {"show"}


def test_a_number_of_nobody_is_not_found(alice: Browser, address: str, in_zone: Credential) -> None:
    assert alice.get(f"/credentials/{in_zone.pk}/numbers/99/dns/", headers=HTMX).status_code == 404


# --- the list ---------------------------------------------------------------------------------------------------
def test_the_list_is_filled_in_after_it_was_loaded(
    alice: Browser, list_address: str, registry: FaultyRegistry, in_zone: Credential, published: None
) -> None:
    first, second, third = registry.number_ids
    page = alice.get(f"/credentials/{in_zone.pk}/numbers/")
    (asks,) = [given for given in elements_of(page, "a") if given.get("hx-trigger") == "load"]
    fragment = alice.get(asks["hx-get"], headers=HTMX)

    cells = [given for given in elements_of(fragment, "span") if "hx-swap-oob" in given]
    assert [given["id"] for given in cells] == [f"dns-{first}", f"dns-{second}", f"dns-{third}"]
    assert {given["id"] for given in cells} <= {given.get("id") for given in elements_of(page, "span")}
    assert text_of(fragment).split() == ["published", "missing", "missing"]
    assert asks["href"] == asks["hx-get"]


def test_the_list_costs_one_show_a_number(alice: Browser, list_address: str, registry: FaultyRegistry) -> None:
    alice.get(list_address, {"number": registry.number_ids}, headers=HTMX)

    assert sorted(received.command for received in registry.log) == ["list", "show", "show", "show"]


def test_without_javascript_the_list_is_a_page_too(
    alice: Browser, list_address: str, registry: FaultyRegistry, published: None
) -> None:
    page = alice.get(list_address, {"number": registry.number_ids})

    assert page.status_code == 200
    assert "+1 200 555 0100 published published" in text_of(page)
    assert "+1 200 555 0101 missing missing" in text_of(page)


@pytest.mark.parametrize("query", ["", "number=", "number=abc", "number=²", "number=-1", "number=" + "9" * 30])
def test_odd_questions_have_a_plain_answer(alice: Browser, list_address: str, query: str) -> None:
    for headers in ({}, HTMX):
        assert alice.get(f"{list_address}?{query}", headers=headers).status_code == 200


def test_no_more_is_asked_than_a_page_of_the_list_shows(alice: Browser, in_zone: Credential, set_dns: SetDns) -> None:
    with FaultyRegistry(numbers=60) as large:
        in_zone.registry.url, in_zone.registry.ca_bundle = large.url, large.ca_path
        in_zone.registry.save()
        page = alice.get(f"/credentials/{in_zone.pk}/dns/", {"number": large.number_ids}, headers=HTMX)
        shows = [received for received in large.log if received.command == "show"]
    client.reset()

    assert len(shows) == MAX_NUMBERS
    assert page.content.decode().count("hx-swap-oob") == MAX_NUMBERS


def test_a_number_whose_records_cannot_be_read_keeps_nobody_else_back(
    alice: Browser, list_address: str, registry: FaultyRegistry, published: None
) -> None:
    for place in range(501):
        registry.store.add_record(registry.number_ids[1], place, "SIP", f"many{place}@example.org")

    fragment = alice.get(list_address, {"number": registry.number_ids}, headers=HTMX)
    page = alice.get(list_address, {"number": registry.number_ids})

    assert text_of(fragment).split() == ["published", "not", "read", "missing"]
    assert "This number has 503 records" in text_of(page)


def test_a_registry_that_is_down_leaves_a_word_in_each_cell(
    alice: Browser, list_address: str, registry: FaultyRegistry
) -> None:
    registry.fault("list", "html")

    fragment = alice.get(list_address, {"number": registry.number_ids}, headers=HTMX)

    assert fragment.status_code == 200
    assert text_of(fragment).split() == ["not", "read"] * 3


def test_the_lists_domain_names_have_the_registrys_suffix(alice: Browser, in_zone: Credential) -> None:
    page = alice.get(f"/credentials/{in_zone.pk}/numbers/")

    assert "0.0.1.0.5.5.5.0.0.2.1.e164.test" in text_of(page)
    assert "e164.arpa" not in text_of(page)


def test_the_numbers_page_asks_once_it_was_loaded(
    alice: Browser, in_zone: Credential, registry: FaultyRegistry, address: str
) -> None:
    page = alice.get(f"/credentials/{in_zone.pk}/numbers/{registry.number_ids[0]}/")

    (panel,) = [given for given in elements_of(page, "section") if given.get("id") == "dns"]
    assert (panel["hx-get"], panel["hx-trigger"].split(",")[0]) == (address, "load")
    assert address in [given.get("href") for given in elements_of(page, "a")]

"""The list of a credential's numbers: search, order, pages of fifty, and what it costs."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard import client
from dashboard.models import Credential, Registry, User
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import sealed_credential
from tests.web.views.pages import asks_to_sign_in, elements_of, text_of, texts_to_copy

PAGE = 20  # numbers
LARGEST_PAGE = 35_000  # bytes, whatever the account's size


@pytest.fixture
def address(remote: Credential) -> str:
    """The list of the remote credential's numbers."""
    return f"/credentials/{remote.pk}/numbers/"


@pytest.fixture
def large() -> Iterator[FaultyRegistry]:
    """A registry whose account has ten thousand numbers."""
    with FaultyRegistry(numbers=10_000, records=0) as running:
        yield running
    client.reset()


@pytest.fixture
def large_address(person: User, large: FaultyRegistry) -> str:
    """The list of ten thousand numbers."""
    elsewhere = Registry.objects.create(name="Large", url=large.url, ca_bundle=large.ca_path)
    credential = sealed_credential(person, elsewhere, large.username, large.secret, "Large")
    return f"/credentials/{credential.pk}/numbers/"


def _shown(page: object) -> list[str]:
    """The domain names of the numbers on a page, in their order: they cannot be mistaken for anything else."""
    return texts_to_copy(page)


def test_shows_country_writing_and_domain_name_of_each_number(alice: Browser, credential: Credential) -> None:
    page = alice.get(f"/credentials/{credential.pk}/numbers/")

    assert page.status_code == 200
    said = text_of(page)
    assert "United States" not in said  # 604 is Vancouver's
    for words in ("Canada", "+1 604 555 0123", "United Kingdom", "+44 20 7946 0958", "Australia", "+61 491 570 156"):
        assert words in said
    assert "3.2.1.0.5.5.5.4.0.6.1.e164.arpa" in _shown(page)


def test_knows_how_many_records_a_number_has_once_it_was_looked_at(
    alice: Browser, registry: FaultyRegistry, address: str
) -> None:
    before = alice.get(address)
    alice.get(f"{address}{registry.number_ids[0]}/")
    after = alice.get(address)

    assert "Not looked at yet" in {given.get("title") for given in elements_of(before, "span")}
    assert text_of(after).count("–") == text_of(before).count("–") - 1


@pytest.mark.parametrize(
    "query",
    ["+1 200 555 0101", "12005550101", "(200) 555-0101", "200.555.0101", "550101", "  0101", "٢٠٠٥٥٥٠١٠١", "1/200"],
)
def test_finds_a_number_in_any_writing(alice: Browser, address: str, query: str) -> None:
    assert "1.0.1.0.5.5.5.0.0.2.1.e164.arpa" in _shown(alice.get(address, {"q": query}))


def test_finds_only_what_has_the_digits(alice: Browser, address: str) -> None:
    page = alice.get(address, {"q": "0102"})

    assert _shown(page) == ["2.0.1.0.5.5.5.0.0.2.1.e164.arpa"]


@pytest.mark.parametrize("query", ["999", "sip", "<script>alert()</script>", "'; --", "🎉", "\x01", "\\"])
def test_says_so_when_nothing_matches_and_keeps_what_was_typed(alice: Browser, address: str, query: str) -> None:
    page = alice.get(address, {"q": query})

    assert page.status_code == 200
    assert "No number matches" in text_of(page)
    assert "The account has 3 numbers." in text_of(page)
    _of_the_site, box = (given for given in elements_of(page, "input") if given.get("name") == "q")
    assert box["value"] == query
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("query", ["", "+", " - ", "()"])
def test_shows_all_where_nothing_is_searched_for(alice: Browser, address: str, query: str) -> None:
    assert len(_shown(alice.get(address, {"q": query}))) == 3


def test_takes_ten_thousand_characters_as_a_search(alice: Browser, address: str) -> None:
    assert alice.get(address, {"q": "1" * 10_000}).status_code == 200


@pytest.mark.parametrize(
    ("sort", "first"), [("number", "0"), ("-number", "2"), ("id", "0"), ("-id", "2"), ("evil", "0"), ("", "0")]
)
def test_sorts_by_number_and_by_id(alice: Browser, address: str, sort: str, first: str) -> None:
    assert _shown(alice.get(address, {"sort": sort}))[0].startswith(f"{first}.0.1.0.")


@pytest.mark.parametrize(
    ("page", "first"),
    [("1", 1), ("2", 21), ("500", 9_981), ("501", 9_981), ("9" * 30, 9_981), ("abc", 1), ("0", 9_981), ("", 1)],
)
def test_has_pages_of_twenty(alice: Browser, large_address: str, page: str, first: int) -> None:
    shown = alice.get(large_address, {"page": page})

    assert f"{first:,}–{first + PAGE - 1:,}" in text_of(shown)
    assert len(_shown(shown)) == PAGE


def test_keeps_search_and_order_from_page_to_page(alice: Browser, large_address: str) -> None:
    page = alice.get(large_address, {"q": "5550", "sort": "-number", "page": "2"})

    following = next(given["href"] for given in elements_of(page, "a") if given.get("rel") == "next")
    assert following == "?q=5550&sort=-number&page=3"


def test_a_page_of_ten_thousand_numbers_is_small(alice: Browser, large_address: str) -> None:
    assert len(alice.get(large_address).content) < LARGEST_PAGE


def test_costs_the_same_for_three_numbers_and_for_ten_thousand(
    alice: Browser, registry: FaultyRegistry, large: FaultyRegistry, address: str, large_address: str
) -> None:
    with CaptureQueriesContext(connection) as few:
        alice.get(address)
    with CaptureQueriesContext(connection) as many:
        alice.get(large_address)

    assert len(many) == len(few)
    assert [received.command for received in registry.log] == ["list"]
    assert [received.command for received in large.log] == ["list"]


def test_groups_the_numbers_by_country_under_one_heading_each(alice: Browser, credential: Credential) -> None:
    page = alice.get(f"/credentials/{credential.pk}/numbers/")

    groups = [given for given in elements_of(page, "th") if given.get("scope") == "rowgroup"]
    assert len(groups) == 3


def test_an_account_without_numbers_says_who_gives_them_out(
    alice: Browser, registry: FaultyRegistry, address: str
) -> None:
    registry.store.numbers.clear()
    page = alice.get(address)

    assert page.status_code == 200
    assert "This account has no numbers" in text_of(page)


@pytest.mark.parametrize("row", ["800,,abc5550123", "999,<i>1</i>,x1", "1,,0", "4" * 60 + ",,1", "٣,٣,5"])
def test_shows_numbers_that_belong_to_no_country(
    alice: Browser, registry: FaultyRegistry, address: str, row: str
) -> None:
    number_id = registry.store.add_number(registry.username, *row.split(","))
    page = alice.get(address, {"sort": "-id"})

    assert page.status_code == 200
    assert str(number_id) in text_of(page)
    assert "<i>1" not in page.content.decode()
    assert alice.get(f"{address}{number_id}/").status_code == 200
    assert alice.get(f"{address}{number_id}/add/").status_code == 200


def test_is_nowhere_for_a_stranger(mallory: Browser, registry: FaultyRegistry, address: str) -> None:
    assert mallory.get(address).status_code == 404
    assert registry.requests == 0


def test_sends_people_who_have_not_signed_in_to_do_so(anonymous: Browser, address: str) -> None:
    assert asks_to_sign_in(anonymous.get(address), address)


def test_knows_no_other_credentials(alice: Browser) -> None:
    assert alice.get("/credentials/12345/numbers/").status_code == 404
    assert alice.get("/credentials/abc/numbers/").status_code == 404


def test_takes_no_posts_and_answers_head(alice: Browser, address: str) -> None:
    assert alice.post(address).status_code == 405
    assert alice.head(address).status_code == 200

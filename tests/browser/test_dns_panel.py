"""What the DNS says now, in a real browser: filled in by itself, asked anew after a write, a page without scripts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.enum import Naptr
from tests.browser.conftest import OpenPage, Site
from tests.browser.test_every_page import LOOKS, OTHER_LOOKS, in_every_look
from tests.fixtures_dns import SUFFIX, LiveZone
from tests.interop.bind import Bind

DIGITS = "12005550107"
RECORDS = [
    Naptr(100, 10, "u", "E2U+sip", "!^.*$!sip:5550107.0@sip.example.org!"),
    Naptr(100, 20, "u", "E2U+sip", "!^.*$!sip:5550107.1@sip.example.org!"),
]


@dataclass(frozen=True)
class Place:
    """A credential at the registry elsewhere, which publishes in a real zone."""

    path: str
    number: int

    @property
    def numbers(self) -> str:
        """The list of its numbers."""
        return f"{self.path}numbers/"

    @property
    def page(self) -> str:
        """The page of its last number."""
        return f"{self.numbers}{self.number}/"


def set_zone(page: Page, suffix: str, name_servers: str) -> None:
    """Say in the administration where the registry elsewhere publishes."""
    page.goto("/admin/dashboard/registry/")
    page.get_by_role("link", name="Elsewhere").click()
    page.fill("[name=suffix]", suffix)
    page.fill("[name=name_servers]", name_servers)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/dashboard/registry/")


@pytest.fixture
def place(site: Site, open_page: OpenPage, live_zone: LiveZone) -> Iterator[Place]:
    """Made as an administrator and a person make it, and taken away again."""
    page = open_page("/admin/")
    set_zone(page, SUFFIX, str(live_zone.address))
    page.goto("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=password]", site.elsewhere.password)
    page.fill("[name=label]", "In the DNS")
    page.get_by_role("button", name="Try and save").click()
    page.wait_for_url("**/credentials/*/")
    path = page.url.removeprefix(site.url)
    yield Place(path, site.elsewhere.number_ids[-1])
    page.goto(f"{path}delete/")
    page.get_by_role("button", name="Remove the credential").click()
    page.wait_for_url("**/credentials/")
    set_zone(page, "e164.arpa", "")


def test_the_panel_is_filled_in_and_accessible(open_page: OpenPage, place: Place, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, RECORDS[0], Naptr(100, 5, "u", "E2U+h323", "!^.*$!h323:gk.example.org!"))
    page = open_page(place.page)

    expect(page.locator("#dns .dns-summary")).to_contain_text("The DNS has other records than the registry.")
    expect(page.locator("#dns .dns-table tbody tr")).to_have_count(2)
    assert page.evaluate("document.activeElement === document.body")  # what comes by itself takes no focus
    for looks in (LOOKS, OTHER_LOOKS):
        assert in_every_look(page, "number-dns", looks) == []


def test_the_list_is_filled_in_and_accessible(open_page: OpenPage, place: Place, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, *RECORDS)
    page = open_page(place.numbers)

    expect(page.locator(f"#dns-{place.number}")).to_contain_text("published")
    expect(page.locator(".dns-cell .state-missing")).to_have_count(7)
    assert page.evaluate("document.activeElement === document.body")
    for looks in (LOOKS, OTHER_LOOKS):
        assert in_every_look(page, "numbers-dns", looks) == []


def test_a_write_asks_anew(open_page: OpenPage, place: Place, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, *RECORDS)
    page = open_page(place.page)
    expect(page.locator("#dns .state-published").first).to_be_visible()

    page.locator("[name=preference]").first.fill("11")
    page.get_by_role("button", name="Save").first.click()

    expect(page.locator("#dns .dns-changed")).to_have_text("another preference")
    page.locator("[name=preference]").first.fill("10")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#dns .state-published").first).to_be_visible()


def test_a_click_asks_anew(open_page: OpenPage, place: Place, live_zone: LiveZone) -> None:
    page = open_page(place.page)
    expect(page.locator("#dns .dns-summary .state-missing")).to_be_visible()

    live_zone.publish(DIGITS, *RECORDS)
    page.get_by_role("link", name="Ask the DNS").click()

    expect(page.locator("#dns .dns-summary .state-published")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{place.page}$"))


@pytest.mark.parametrize("width", [1280, 390])
def test_what_comes_later_moves_nothing_in_the_list(
    open_page: OpenPage, place: Place, live_zone: LiveZone, width: int
) -> None:
    live_zone.publish(DIGITS, *RECORDS)
    page = open_page("/healthz", viewport={"width": width, "height": 900})
    held: list[Route] = []
    page.route("**/dns/?*", lambda route: held.append(route))  # noqa: PLW0108 -- a method of C cannot be hooked

    def places() -> object:
        return page.evaluate(
            """() => [...document.querySelectorAll("#numbers :is(th, td)")].map((cell) => {
                 const { x, y, width } = cell.getBoundingClientRect();
                 return [x, y, width].map(Math.round);
               })"""
        )

    with page.expect_request("**/dns/?*"):
        page.goto(place.numbers)
    before = places()
    held[0].continue_()
    expect(page.locator(".dns-cell .state-published")).to_be_visible()
    expect(page.locator(".dns-cell .state-missing").first).to_be_visible()

    assert places() == before


def test_without_scripts_links_lead_to_pages(open_page: OpenPage, place: Place, live_zone: LiveZone) -> None:
    live_zone.publish(DIGITS, *RECORDS, caller_name="Ford Ltd")
    page = open_page(place.page, java_script_enabled=False)

    page.get_by_role("link", name="Ask the DNS").click()
    expect(page.locator(".dns-summary")).to_contain_text("The DNS has the records of this number")
    page.goto(place.numbers)
    page.get_by_role("link", name="Ask the DNS about these numbers").click()
    expect(page.locator("tbody tr")).to_have_count(8)

    plain = open_page(f"{place.page}dns/")
    assert in_every_look(plain, "number-dns-page") == []
    plain.goto(page.url)
    assert in_every_look(plain, "numbers-dns-page") == []


def test_the_page_stands_while_a_server_is_silent(open_page: OpenPage, place: Place, running_bind: Bind) -> None:
    running_bind.stop()
    try:
        page = open_page(place.page)

        expect(page.locator("#dns .dns-summary")).to_contain_text("What the DNS has is not known.")
        expect(page.get_by_role("button", name="Save")).to_have_count(2)
    finally:
        running_bind.start()

"""The table of who can call, in a real browser: it fits, it needs neither eyes nor mouse, it follows changes."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import LOOKS, OTHER_LOOKS, in_every_look
from tests.browser.test_main_job import NUMBER, set_records
from tests.browser.test_main_job import RECORDS as THREE

LONG = "sip:" + "a" * 60 + "@" + "long." * 30 + "example.org"
Amount = Literal["none", "one", "long", "twelve"]
RECORDS: dict[Amount, list[tuple[str, str]]] = {
    "none": [],
    "one": [("SIP", "alice@example.org")],
    "long": [("SIP", LONG), ("IAX2", "pbx.example.org/1")],
    "twelve": [("SIP" if place % 2 else "IAX2", f"user{place}@example.org") for place in range(12)],
}


@pytest.fixture
def number(open_page: OpenPage) -> Page:
    """The first sample number, with three records."""
    page = open_page("/healthz")
    set_records(page, THREE)
    page.goto(NUMBER)
    return page


@pytest.mark.parametrize("amount", RECORDS)
def test_it_is_accessible_and_fits_with_any_number_of_records(open_page: OpenPage, amount: Amount) -> None:
    page = open_page("/healthz")
    set_records(page, RECORDS[amount])
    page.goto(NUMBER)
    page.evaluate("document.getElementById('callers').open = true")

    assert in_every_look(page, f"callers-{amount}") == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_is_one_for_a_screen_reader_at_any_width(open_page: OpenPage, number: Page, width: int) -> None:
    page = open_page(NUMBER, viewport={"width": width, "height": 900})
    table = page.get_by_role("table", name="What each telephone system does with the records")

    expect(table.get_by_role("columnheader", name="FreeSWITCH")).to_be_visible()
    expect(table.get_by_role("rowheader")).to_have_count(3)
    row = table.get_by_role("row").filter(has_text="E2U+IAX2")
    expect(row.get_by_role("cell", name="skipped: It does not look for this service.")).to_have_count(4)
    expect(row.get_by_role("cell", name="dialled as number 2")).to_have_count(2)


def test_on_a_telephone_each_cell_is_a_line_that_names_its_system(open_page: OpenPage, number: Page) -> None:
    page = open_page(NUMBER, viewport={"width": 390, "height": 844})
    lines = page.locator("#callers tbody tr").first.locator("td")

    expect(lines).to_have_count(6)
    boxes = [lines.nth(place).bounding_box() for place in range(6)]
    assert len({box["x"] for box in boxes if box}) == 1
    names = lines.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell, '::before').content)")
    assert names[0] == '"Kamailio"'


def test_the_table_follows_a_change_that_loads_no_page(number: Page) -> None:
    number.evaluate("window.stillHere = true")
    record = number.locator("article.record").first
    record.locator("[name=service]").select_option("XMPP")
    record.locator("[name=hostdata]").fill("carol@example.net")
    record.get_by_role("button", name="Save").click()

    expect(number.locator(".outcome")).to_contain_text("The record was changed.")
    expect(number.locator("#callers")).to_contain_text("xmpp:carol@example.net")
    assert number.evaluate("window.stillHere") is True


def test_the_preview_says_what_gets_worse_as_one_types(number: Page) -> None:
    number.locator("article.record").nth(2).get_by_role("link", name="Delete").click()
    number.get_by_role("button", name="Delete the record").click()
    expect(number.locator("#messages")).to_contain_text("The record was deleted.")
    record = number.locator("article.record").first
    record.locator("[name=service]").select_option("MAILTO")

    expect(record.locator(".losses")).to_contain_text("Kamailio, OpenSIPS, Asterisk or FreeSWITCH can no longer call")
    expect(record.locator(".preview .callers-skipped")).to_have_count(6)


@pytest.mark.parametrize("script", [True, False])
def test_a_second_look_and_then_it_is_saved(open_page: OpenPage, number: Page, script: bool) -> None:
    page = open_page(NUMBER, java_script_enabled=script)
    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("alice:secret@example.org")
    record.locator("[name=hostdata]").press("Enter")
    notice = page.locator(".second-look")
    expect(notice).to_contain_text("There is a password in the host data.")

    page.locator("article.record").first.locator("[name=hostdata]").press("Enter")
    expect(notice).to_contain_text("Nothing was saved yet")
    notice.get_by_role("button", name="Save all the same").click()

    expect(page.locator(".outcome")).to_contain_text("The record was changed.")
    expect(notice).to_have_count(0)


def test_the_second_look_is_accessible_and_fits(number: Page) -> None:
    record = number.locator("article.record").first
    record.locator("[name=hostdata]").fill("alice:secret@example.org")
    record.get_by_role("button", name="Save").click()
    expect(number.locator(".second-look")).to_be_focused()

    for looks in (LOOKS, OTHER_LOOKS):
        assert in_every_look(number, "second-look", looks) == []

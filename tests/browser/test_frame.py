"""The frame of the pages: theme, menu, navigation, and where the focus goes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

NUMBER = "/credentials/1/numbers/1/"


def background(page: Page) -> str:
    """The page's background as the browser paints it."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def expect_background(page: Page, colour: str) -> None:
    """Wait until it is painted so."""
    expect(page.locator("body")).to_have_css("background-color", colour)


def test_the_theme_follows_the_browser_until_the_person_chooses(open_page: OpenPage) -> None:
    page = open_page("/history/", color_scheme="dark")
    dark = background(page)
    switch = page.locator("[data-theme-switch]")

    switch.click()
    expect(switch).to_have_accessible_name("Colours: light")
    light = background(page)
    assert light != dark
    page.reload()
    expect_background(page, light)
    switch.click()
    expect_background(page, dark)
    switch.click()
    expect(switch).to_have_accessible_name("Colours: automatic")


def test_the_switch_and_the_settings_are_in_step_in_every_browser(open_page: OpenPage) -> None:
    page = open_page("/settings/", color_scheme="dark")
    dark = background(page)
    with page.expect_response("**/settings/theme/"):
        page.locator("[data-theme-switch]").click()
    expect(page.locator("main [name=theme]")).to_have_value("light")

    other = open_page("/admin/", color_scheme="dark")
    expect(other.locator("[data-theme-switch]")).to_have_accessible_name("Colours: light")
    other.goto("/settings/")
    expect(other.locator("main [name=theme]")).to_have_value("light")
    other.locator("main [name=theme]").select_option("dark")
    other.get_by_role("button", name="Save").click()
    other.get_by_text("Your settings were saved.").wait_for()
    expect(other.locator("[data-theme-switch]")).to_have_accessible_name("Colours: dark")
    page.goto("/history/")
    expect_background(page, dark)


def test_times_are_in_the_zone_of_the_browser(open_page: OpenPage) -> None:
    page = open_page("/history/", timezone_id="Asia/Kathmandu")  # which is 5:45 ahead
    page.reload()
    time = page.locator("time").first
    here = time.evaluate(
        """(time) => new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium" })
             .format(new Date(time.dateTime)).replace("\u202f", " ")"""
    )
    expect(time).to_have_text(here)
    expect(time).to_have_attribute("title", re.compile(r"^[0-9-]{10} [0-9:]{8} UTC$"))


def test_without_javascript_dark_works_and_nothing_useless_is_shown(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/", color_scheme="dark", java_script_enabled=False)

    expect(page.locator("[data-theme-switch]")).to_be_hidden()
    expect(page.locator(".copy-button")).to_have_count(0)
    expect(page.locator(".copy-text").first).to_be_visible()
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 20, 21)")


@pytest.mark.parametrize("script", [True, False])
def test_on_a_telephone_every_section_is_one_tap_away(open_page: OpenPage, script: bool) -> None:
    page = open_page("/", viewport={"width": 390, "height": 844}, java_script_enabled=script)

    for name in ("Numbers", "Credentials", "Registries", "History", "Admin"):
        link = page.get_by_role("navigation", name="Main").get_by_role("link", name=name)
        expect(link).to_be_in_viewport()
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize("script", [True, False])
def test_the_account_menu_signs_out(open_page: OpenPage, script: bool) -> None:
    page = open_page("/history/", java_script_enabled=script)
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()

    page.locator("summary", has_text="Account of").click()

    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_escape_closes_the_account_menu_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page("/history/")
    summary = page.locator("summary", has_text="Account of")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    expect(summary).to_be_focused()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


def test_the_first_tab_stop_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/history/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_copying_puts_the_domain_name_on_the_clipboard(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/", permissions=["clipboard-read", "clipboard-write"])
    # What the DNS says comes later and may move the buttons away between pressing and letting go.
    page.wait_for_load_state("networkidle")

    button = page.locator(".copy-button").first
    expect(button).to_have_accessible_name(re.compile(r"^Copy .+\.e164\.arpa$"))
    button.click()

    expect(page.locator("#live")).to_contain_text(".e164.arpa")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".copy-text").first.inner_text()


def test_the_focus_stays_with_the_record_that_moves(open_page: OpenPage) -> None:
    page = open_page(NUMBER)
    record = page.locator(".record").first.get_attribute("id")
    down = page.locator(f"#{record}").get_by_role("button", name="Move down")
    down.focus()

    page.keyboard.press("Enter")

    expect(page.locator(".outcome")).to_contain_text("moved")
    expect(page.locator(f"#{record}").get_by_role("button").or_(page.locator(f"#{record}"))).not_to_have_count(0)
    page.wait_for_function("record => document.activeElement.closest('.record')?.id === record", arg=record)


def test_a_record_that_was_added_leaves_the_page_of_its_number(open_page: OpenPage) -> None:
    page = open_page(f"{NUMBER}add/")
    page.locator("#record-new [name=hostdata]").fill("frame@example.org")

    page.locator("#record-new").get_by_role("button", name="Add").click()

    page.wait_for_url(f"**{NUMBER}")
    expect(page.locator("input[value='frame@example.org']")).to_be_visible()


def test_a_session_that_ended_leads_to_the_sign_in_page_and_back(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/")
    page.context.clear_cookies()

    page.get_by_role("searchbox", name="Search numbers").fill("44")

    page.wait_for_url("**/accounts/login/?next=/credentials/1/numbers/**")


def test_a_server_that_fails_is_said_in_one_sentence(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/")
    page.route("**/numbers/?q=**", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))

    page.get_by_role("searchbox", name="Search numbers").fill("44")

    expect(page.locator("#messages")).to_contain_text("The server could not answer.")
    expect(page.locator("h1")).to_have_text("Numbers")


def test_what_a_page_asks_by_itself_fails_in_its_own_place_and_moves_nobody(open_page: OpenPage) -> None:
    page = open_page(NUMBER)
    page.wait_for_load_state("networkidle")
    page.route("**/dns/", lambda route: route.abort())
    page.route("**/preview/", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    page.locator("#dns-ask").scroll_into_view_if_needed()
    top = "document.getElementById('dns').getBoundingClientRect().top"
    seen_at = page.evaluate(top)
    assert page.evaluate("scrollY") > 0

    page.evaluate("document.body.dispatchEvent(new Event('written'))")  # as after a write
    expect(page.locator("#dns-said .failed")).to_contain_text("The server cannot be reached.")
    page.locator("[name=hostdata]").first.evaluate(
        "(field) => { field.value = 'bob@example.org'; field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(page.locator(".preview .failed")).to_contain_text("The server could not answer.")

    expect(page.locator("#messages")).to_be_empty()
    assert page.evaluate(top) == pytest.approx(seen_at, abs=1)  # pixels
    assert page.evaluate("document.activeElement === document.body")
    page.unroute("**/preview/")
    page.locator("[name=hostdata]").first.fill("carol@example.org")
    expect(page.locator(".preview").first).to_contain_text("carol@example.org")
    expect(page.locator(".preview .failed")).to_have_count(0)


def test_a_list_whose_dns_cannot_be_asked_says_so_and_offers_another_way(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/")
    page.route("**/dns/?**", lambda route: route.abort())
    page.goto(page.url + "numbers/")

    expect(page.locator(".dns-ask .failed")).to_contain_text("The server cannot be reached.")
    expect(page.get_by_role("link", name="Ask the DNS about these numbers")).to_be_visible()
    expect(page.locator("#messages")).to_be_empty()

"""What a person types on a number's page is never lost, and what a click brings about is said where one looks."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_main_job import NUMBER, RECORDS, SAMPLE, expect_targets, set_records

SCRIPT = pytest.mark.parametrize("script", [True, False])


@pytest.fixture
def open_number(open_page: OpenPage) -> OpenPage:
    """Open the first sample number, with its three records as on the first day."""
    set_records(open_page("/healthz"), RECORDS)

    def open_(**options: object) -> Page:
        return open_page(NUMBER, **options)

    return open_


def record(page: Page, place: int) -> Locator:
    """A record of the page."""
    return page.locator("article.record").nth(place)


def target(page: Page, place: int) -> Locator:
    """The field that says where a record leads."""
    return record(page, place).locator("[name=hostdata]")


def expect_in_view(page: Page, locator: Locator) -> None:
    """People see it as a whole, between the bars at the top and at the bottom, once the page has scrolled there."""
    size = page.viewport_size
    assert size is not None
    for _ in range(300):
        box = locator.bounding_box()
        assert box is not None
        if box["y"] >= 0 and box["y"] + box["height"] <= size["height"]:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"out of view: {box} of {size}")


@SCRIPT
def test_saving_a_record_keeps_what_was_typed_in_others(open_number: OpenPage, script: bool) -> None:
    page = open_number(java_script_enabled=script)
    target(page, 1).fill("typed@example.net")
    target(page, 2).fill("two words")
    target(page, 0).fill("saved@example.net")
    record(page, 0).get_by_role("button", name="Save", exact=True).click()

    expect(record(page, 0).locator(".outcome")).to_have_text("The record was changed.")
    expect_targets(page, "saved@example.net", "typed@example.net", "two words")


@SCRIPT
def test_moving_a_record_keeps_what_was_typed_in_it(open_number: OpenPage, script: bool) -> None:
    page = open_number(java_script_enabled=script)
    target(page, 2).fill("typed@example.net")
    record(page, 2).get_by_role("button", name="Move up").click()

    expect(record(page, 1).locator(".outcome")).to_have_text("The record was moved.")
    expect_targets(page, "alice@example.org", "typed@example.net", "pbx.example.org/1")


@SCRIPT
def test_a_new_record_is_in_view_with_the_focus_and_nothing_else_is_lost(open_number: OpenPage, script: bool) -> None:
    page = open_number(java_script_enabled=script, viewport={"width": 390, "height": 844})
    target(page, 1).fill("typed@example.net")
    page.locator(".page-actions").get_by_role("button", name="Add a record").click()

    new = page.locator("#record-new")
    expect(new.locator("[name=service]")).to_be_focused()
    expect_in_view(page, new.locator("[name=service]"))
    if script:
        expect_in_view(page, new)
    expect(target(page, 1)).to_have_value("typed@example.net")


@SCRIPT
def test_the_first_error_is_in_view_with_the_focus(open_number: OpenPage, script: bool) -> None:
    page = open_number(java_script_enabled=script, viewport={"width": 390, "height": 844})
    target(page, 2).fill("two words")
    record(page, 2).get_by_role("button", name="Save", exact=True).click()

    expect(target(page, 2)).to_have_attribute("aria-invalid", "true")
    expect(target(page, 2)).to_be_focused()
    expect_in_view(page, target(page, 2))


@SCRIPT
@pytest.mark.parametrize("width", [390, 1280])
def test_what_happened_is_said_beside_the_button(open_number: OpenPage, script: bool, width: int) -> None:
    page = open_number(java_script_enabled=script, viewport={"width": width, "height": 844})
    target(page, 2).fill("carol@example.net")
    record(page, 2).get_by_role("button", name="Save", exact=True).click()

    outcome = record(page, 2).locator(".outcome")
    expect(outcome).to_have_text("The record was changed.")
    expect_in_view(page, outcome)
    said = outcome.bounding_box()
    button = record(page, 2).get_by_role("button", name="Save", exact=True).bounding_box()
    assert said is not None
    assert button is not None
    assert abs(said["y"] - button["y"]) < 100
    if script:
        expect(page.locator("#live")).to_have_text("The record was changed.")
        expect(record(page, 2).get_by_role("button", name="Save", exact=True)).to_be_focused()
        expect(page.locator("#messages")).to_have_text("")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(open_number: OpenPage) -> None:
    page = open_number()
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright takes no built-in function
        held.append(route)

    page.route("**/records/*/", hold)
    target(page, 0).fill("saved@example.net")
    record(page, 0).get_by_role("button", name="Save", exact=True).click()
    target(page, 1).fill("late@example.net")
    page.wait_for_function("document.querySelector('form[data-sent]') !== null")
    held[0].continue_()

    expect(record(page, 0).locator(".outcome")).to_have_text("The record was changed.")
    expect(target(page, 1)).to_have_value("late@example.net")
    expect(target(page, 1)).to_be_focused()
    expect(record(page, 1)).to_have_attribute("data-dirty", "")


def test_several_records_are_saved_by_one_button_each_with_its_outcome(open_number: OpenPage) -> None:
    page = open_number()
    save_all = page.locator(".save-all button")
    expect(save_all).to_be_hidden()
    target(page, 0).fill("first@example.net")
    expect(save_all).to_be_hidden()
    target(page, 1).fill("two words")
    target(page, 2).fill("third@example.net")
    save_all.click()

    expect(record(page, 0).locator(".outcome")).to_have_text("The record was changed.")
    expect(record(page, 2).locator(".outcome")).to_have_text("The record was changed.")
    expect(target(page, 1)).to_have_attribute("aria-invalid", "true")
    expect(target(page, 1)).to_have_value("two words")
    page.reload()
    expect_targets(page, "first@example.net", "pbx.example.org/1", "third@example.net")


def test_a_note_is_saved_while_a_record_is_being_typed(open_number: OpenPage) -> None:
    page = open_number()
    target(page, 0).fill("not saved yet")
    page.fill("[name=reason]", "moved to the new PBX")
    note = page.locator("#note")
    note.get_by_role("link", name="note").click()
    note.locator("[name=note]").fill("Ask Bob first.")
    note.locator("[name=tags]").fill("pbx")
    note.get_by_role("button", name="Save note").click()

    expect(note).to_contain_text("Ask Bob first.")
    expect(page.locator("#messages")).to_contain_text("The note was saved.")
    expect(target(page, 0)).to_have_value("not saved yet")
    expect(page.locator("[name=reason]")).to_have_value("moved to the new PBX")


def test_leaving_with_unsaved_text_asks_and_otherwise_does_not(open_number: OpenPage) -> None:
    page = open_number()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    target(page, 0).press("End")
    target(page, 0).press_sequentially("x")
    page.locator(".crumbs a").first.click(no_wait_after=True)
    expect(target(page, 0)).to_have_value("alice@example.orgx")
    for _ in range(300):
        if asked:
            break
        page.wait_for_timeout(100)
    assert asked == ["beforeunload"]

    record(page, 0).get_by_role("button", name="Save", exact=True).click()
    expect(record(page, 0).locator(".outcome")).to_have_text("The record was changed.")
    page.locator(".crumbs a").first.click()
    page.wait_for_url("**/credentials/")
    assert asked == ["beforeunload"]


def test_a_colleagues_change_stands_beside_what_was_typed_and_other_text_stays(open_number: OpenPage) -> None:
    mine, theirs = open_number(), open_number()
    target(theirs, 0).fill("theirs@example.net")
    record(theirs, 0).get_by_role("button", name="Save", exact=True).click()
    expect(record(theirs, 0).locator(".outcome")).to_be_visible()
    target(mine, 1).fill("other@example.net")
    target(mine, 0).fill("mine@example.net")
    record(mine, 0).get_by_role("button", name="Save", exact=True).click()

    expect(record(mine, 0).locator(".record-now")).to_contain_text("theirs@example.net")
    expect(record(mine, 0).locator("[role=alert]")).to_be_focused()
    expect_targets(mine, "mine@example.net", "other@example.net", "bob@example.org")
    record(mine, 0).get_by_role("button", name="Leave it as it is now").click()
    expect(target(mine, 0)).to_have_value("theirs@example.net")
    expect(target(mine, 1)).to_have_value("other@example.net")


def test_a_long_text_is_pasted_whole_and_then_refused(open_number: OpenPage) -> None:
    page = open_number()
    long = "x" * 300 + "@example.org"
    target(page, 0).evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
            field.focus();
            field.select();
            document.execCommand("insertText", false, text);
        }""",
        long,
    )

    expect(target(page, 0)).to_have_value(long)
    expect(record(page, 0).locator(".preview")).to_contain_text("Not usable yet")
    record(page, 0).get_by_role("button", name="Save", exact=True).click()
    expect(target(page, 0)).to_have_attribute("aria-invalid", "true")
    expect(target(page, 0)).to_have_value(long)


def test_the_preview_of_any_length_is_answered(open_number: OpenPage) -> None:
    page = open_number()
    failed: list[int] = []
    page.on("response", lambda response: failed.append(response.status) if response.status >= 400 else None)
    with page.expect_response("**/preview/"):
        target(page, 0).fill("x" * 10_000)

    assert failed == []


def test_the_way_back_leads_to_the_search(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/?q=604&sort=-number")
    page.get_by_role("link", name=SAMPLE).click()
    page.locator(".crumbs a").nth(1).click()

    expect(page.get_by_role("searchbox", name="Search numbers")).to_have_value("604")
    expect(page).to_have_url(re.compile("sort=-number"))


def test_what_was_typed_before_the_session_ended_is_not_lost_without_a_question(open_number: OpenPage) -> None:
    page = open_number()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.context.clear_cookies(name="sessionid")
    with page.expect_response("**/accounts/login/**"):  # the preview's
        target(page, 0).press_sequentially("x")
    record(page, 0).get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    for _ in range(300):
        if asked:
            break
        page.wait_for_timeout(100)

    assert asked == ["beforeunload"]
    expect(target(page, 0)).to_have_value(re.compile("x"))

"""The main job, done by a person: find a number, change where it leads, and see that it is so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Site

SAMPLE = "+1 604 555 0123"
NUMBER = "/credentials/1/numbers/1/"
RECORDS = [("SIP", "alice@example.org"), ("IAX2", "pbx.example.org/1"), ("SIP", "bob@example.org")]


@pytest.fixture
def number(open_page: OpenPage) -> Page:
    """The first sample number, with its three records as on the first day."""
    page = open_page("/healthz")
    set_records(page, RECORDS)
    page.goto("/")
    page.get_by_role("link", name=SAMPLE).click()
    expect(page.locator("h1")).to_have_text(SAMPLE)
    return page


def set_records(page: Page, records: list[tuple[str, str]]) -> None:
    """Give the sample number exactly these records, by sending what its forms send: nothing is drawn meanwhile."""
    form = page.request.get(f"{NUMBER}delete-all/")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.text()))
    headers = {"Referer": form.url}
    deleted = page.request.post(f"{NUMBER}delete-all/", form=hidden | {"confirm": SAMPLE}, headers=headers)
    assert deleted.ok, deleted.text()
    token = {"csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"]}
    for place, (service, hostdata) in enumerate(records, start=1):
        record = {"service": service, "hostdata": hostdata, "preference": str(10 * place)}
        answer = page.request.post(f"{NUMBER}add/", form=token | record, headers=headers)
        assert answer.text().count('<article class="record') == place


def restore(page: Page) -> None:
    """Bring the sample number, whose page is open, back to three known records, by the pages themselves."""
    expect(page.locator("h1")).to_contain_text(SAMPLE)
    if page.locator("#records article.record").count():
        page.get_by_role("link", name="Delete all").click()
        page.fill("[name=confirm]", SAMPLE)
        page.get_by_role("button", name="Delete all records").click()
        expect(page.locator("#messages")).to_contain_text("deleted")
    for service, hostdata in RECORDS:
        add(page, service, hostdata)


def add(page: Page, service: str, hostdata: str) -> None:
    """Add a record on the number's page."""
    page.locator(".page-actions").get_by_text("Add a record").click()
    form = page.locator("#record-new")
    form.locator("[name=service]").select_option(service)
    form.locator("[name=hostdata]").fill(hostdata)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("The record was added.")


def expect_targets(page: Page, *targets: str) -> None:
    """Wait until the records lead there, from top to bottom."""
    fields = page.locator("#records article [name=hostdata]")
    expect(fields).to_have_count(len(targets))
    for place, target in enumerate(targets):
        expect(fields.nth(place)).to_have_value(target)


def test_a_sip_target_is_changed_with_two_clicks_from_the_first_page(number: Page) -> None:
    page = number
    page.goto("/")
    page.get_by_role("link", name=SAMPLE).click()  # one
    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("carol@example.net")
    record.get_by_role("button", name="Save").click()  # two

    expect(page.locator(".outcome")).to_contain_text("The record was changed.")
    expect(page.locator("article.record").first.locator(".preview-uri code")).to_have_text("sip:carol@example.net")


def test_saving_a_row_loads_no_new_page(number: Page) -> None:
    number.evaluate("window.stillHere = true")
    record = number.locator("article.record").nth(1)
    record.locator("[name=hostdata]").fill("pbx.example.org/2")
    record.get_by_role("button", name="Save").click()

    expect(number.locator(".outcome")).to_contain_text("The record was changed.")
    assert number.evaluate("window.stillHere") is True
    expect_targets(number, "alice@example.org", "pbx.example.org/2", "bob@example.org")


def test_the_preview_follows_what_is_typed(number: Page) -> None:
    record = number.locator("article.record").first
    record.locator("[name=hostdata]").fill("dave@example.org")

    expect(record.locator(".preview-uri code")).to_have_text("sip:dave@example.org")
    expect(record.locator(".preview-naptr code")).to_contain_text("!^.*$!sip:dave@example.org!")


def test_an_error_stands_at_its_field_and_what_was_typed_stays(number: Page) -> None:
    record = number.locator("article.record").first
    record.locator("[name=hostdata]").fill("two words@example.org")
    record.get_by_role("button", name="Save").click()

    field = number.locator("article.record").first.locator("[name=hostdata]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("two words@example.org")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert any(number.locator(f"#{each}").count() for each in described)


def test_records_move_up_and_down(number: Page) -> None:
    number.locator("article.record").nth(2).get_by_role("button", name="Move up").click()
    expect(number.locator(".outcome")).to_contain_text("The record was moved.")
    expect_targets(number, "alice@example.org", "bob@example.org", "pbx.example.org/1")

    number.locator("article.record").first.get_by_role("button", name="Move down").click()
    expect_targets(number, "bob@example.org", "alice@example.org", "pbx.example.org/1")


def test_the_delete_page_says_what_is_lost_and_what_callers_get_afterwards(number: Page) -> None:
    number.locator("article.record").first.get_by_role("link", name="Delete").click()
    body = number.locator(".confirm-body")
    expect(body).to_contain_text("sip:alice@example.org")
    expect(body).to_contain_text("iax2:pbx.example.org/1")
    number.get_by_role("button", name="Delete the record").click()

    expect(number.locator("#messages")).to_contain_text("The record was deleted.")
    expect_targets(number, "pbx.example.org/1", "bob@example.org")


def test_delete_all_wants_the_number_typed(number: Page) -> None:
    number.get_by_role("link", name="Delete all").click()
    number.fill("[name=confirm]", "+1 604 555 0124")
    number.get_by_role("button", name="Delete all records").click()
    expect(number.locator("[name=confirm]")).to_have_attribute("aria-invalid", "true")

    number.fill("[name=confirm]", "1-604-555-0123")
    number.get_by_role("button", name="Delete all records").click()
    expect(number.locator("#messages")).to_contain_text("All records of this number were deleted.")
    expect_targets(number)


def test_a_double_click_makes_one_record(number: Page) -> None:
    number.locator(".page-actions").get_by_text("Add a record").click()
    form = number.locator("#record-new")
    form.locator("[name=hostdata]").fill("once@example.org")
    form.get_by_role("button", name="Add", exact=True).dblclick()

    expect(number.locator(".outcome")).to_contain_text(re.compile("was added|sent before"))
    number.reload()
    expect(number.locator("input[value='once@example.org']")).to_have_count(1)


def test_of_two_browsers_the_second_sees_both_versions(open_page: OpenPage, number: Page) -> None:
    other = open_page(number.url.split("add/")[0])
    first = number.locator("article.record").first
    first.locator("[name=hostdata]").fill("first@example.org")
    first.get_by_role("button", name="Save").click()
    expect(number.locator(".outcome")).to_contain_text("The record was changed.")

    second = other.locator("article.record").first
    second.locator("[name=hostdata]").fill("second@example.org")
    second.get_by_role("button", name="Save").click()
    expect(other.locator(".record-now")).to_contain_text("first@example.org")
    expect(second.locator("[name=hostdata]")).to_have_value("second@example.org")

    other.get_by_role("button", name="Save mine over it").click()
    expect(other.locator(".outcome")).to_contain_text("The record was changed.")
    expect(second.locator("[name=hostdata]")).to_have_value("second@example.org")


def test_search_finds_a_number_in_any_writing(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("searchbox", name="Search numbers").fill("+44 20-7946")

    expect(page.locator("#numbers tbody a.phone")).to_have_count(1)
    expect(page.locator("#numbers")).to_contain_text("United Kingdom")


def test_the_same_job_at_a_registry_elsewhere(site: Site, open_page: OpenPage) -> None:
    page = open_page("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=password]", site.elsewhere.password)
    page.fill("[name=label]", "Elsewhere")
    page.get_by_role("button", name="Try and save").click()
    expect(page.locator("#messages")).to_contain_text("it works")
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#messages")).to_contain_text("The registry answers")

    page.locator(".page-actions").get_by_role("link", name="Numbers").click()
    page.locator("#numbers tbody a.phone").first.click()
    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("moved@example.org")
    record.get_by_role("button", name="Save").click()
    expect(page.locator(".outcome")).to_contain_text("The record was changed.")

    site.elsewhere.fault("update", "reset-after", times=1)
    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("settled@example.org")
    record.get_by_role("button", name="Save").click()
    expect(page.locator(".outcome")).to_contain_text("Reading back shows that it was applied.")

    page.locator("article.record").first.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the record").click()
    expect(page.locator("#messages")).to_contain_text("The record was deleted.")
    add(page, "SIP", "again@example.org")
    expect(page.locator("input[value='again@example.org']")).to_have_count(1)

    page.get_by_role("link", name="History").click()
    expect(page.locator(".changes-table tbody tr").first).to_contain_text("again@example.org")
    page.goto("/credentials/")
    page.get_by_role("link", name="Check and settings – Elsewhere").click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the credential").click()
    expect(page.locator("#messages")).to_contain_text("is removed")


def test_all_of_it_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("link", name=SAMPLE).click()
    restore(page)
    record = page.locator("article.record").first
    record.locator("[name=hostdata]").fill("plain@example.org")
    record.get_by_role("button", name="Preview").click()
    expect(page.locator("article.record").first.locator(".preview-uri code")).to_have_text("sip:plain@example.org")
    page.locator("article.record").first.get_by_role("button", name="Save").click()
    expect(page.locator(".outcome")).to_contain_text("The record was changed.")
    page.locator("article.record").nth(1).get_by_role("button", name="Move up").click()
    expect_targets(page, "pbx.example.org/1", "plain@example.org", "bob@example.org")
    page.locator("article.record").first.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the record").click()
    expect_targets(page, "plain@example.org", "bob@example.org")


def test_the_main_job_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name=SAMPLE).wait_for()
    tab_to(page, lambda: SAMPLE in page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/numbers/*/")
    page.locator("[name=hostdata]").first.wait_for()
    tab_to(page, lambda: page.evaluate("document.activeElement.name") == "hostdata")
    page.keyboard.press("Control+A")
    page.keyboard.type("keys@example.org")
    page.keyboard.press("Enter")

    expect(page.locator(".outcome")).to_contain_text("The record was changed.")
    expect(page.locator("#records article [name=hostdata]").first).to_have_value("keys@example.org")


def tab_to(page: Page, there: "object") -> None:
    """Press Tab until the focus is there; fifty stops are more than a page has before its first form."""
    assert callable(there)
    for _ in range(50):
        page.keyboard.press("Tab")
        if there():
            return
    pytest.fail("the focus never came there")

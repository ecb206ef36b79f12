"""A table with a mangled number, from the file to the job that writes what can be written."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import in_every_look

MANGLED = "1.60456E+10"
WAIT = 60_000  # milliseconds, for what the background process does


def test_a_table_is_read_looked_at_and_started(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/credentials/1/numbers/1/", reduced_motion="reduce")  # a look, by which the mirror knows it
    number = page.locator("h1").inner_text().split("\n")[0]
    page.goto("/credentials/1/numbers/")
    file = tmp_path / "numbers.csv"
    file.write_text(f"Telephone;SIP address\n{number};imported@example.net\n{MANGLED};other@example.net\n")

    page.goto("/import/")
    page.get_by_role("button", name="Read it").click()
    page.locator(".field-error").wait_for()
    found = {"import-wrong": in_every_look(page, "import-wrong")}
    page.set_input_files("[name=file]", file)
    page.locator("[name=mode][value=add]").check()
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("heading", name="Which column is what").wait_for()
    page.locator("[name=default_service]").select_option("SIP")
    found["import-columns"] = in_every_look(page, "import-columns")
    page.get_by_role("button", name="Show what would change").click()

    page.get_by_text("would be changed").first.wait_for(timeout=WAIT)
    expect(page.locator("main")).to_contain_text(f"A spreadsheet made “{MANGLED}” of the number")
    preview = page.url
    page.goto("/import/")
    page.get_by_role("link", name="numbers.csv").click()
    page.get_by_role("heading", name="Lines with problems").wait_for()
    found["import-problems"] = in_every_look(page, "import-problems")
    page.goto("/export/?credential=1")
    found["export"] = in_every_look(page, "export")

    page.goto(preview)
    if page.locator("[name=has_read]").count():
        page.locator("[name=has_read]").check()
    page.get_by_role("button", name="Start").first.click()
    page.wait_for_url("**/jobs/*/")
    page.locator("#numbers").get_by_text("imported@example.net").first.wait_for()
    # Other tests have the same numbers.
    expect(page.locator("#progress .state")).to_have_text("finished", timeout=WAIT)
    assert {name: some for name, some in found.items() if some} == {}

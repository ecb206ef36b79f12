"""The mirror in a real browser: it fills by itself, says how far it is, and stays when its registry goes."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.test_every_page import in_every_look


def test_the_mirror_fills_by_itself_and_stays_when_its_registry_goes(site: Site, open_page: OpenPage) -> None:
    page = open_page("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=password]", site.elsewhere.password)
    page.fill("[name=label]", "Mirrored")
    page.get_by_role("button", name="Try and save").click()
    page.wait_for_url(re.compile(r"/credentials/\d+/$"))
    credential = page.url
    number = f"{credential}numbers/{site.elsewhere.number_ids[0]}/"
    try:
        page.goto(f"{credential}refresh/")
        freshness = page.locator("#freshness")
        expect(freshness).to_contain_text("As of", timeout=60_000)  # htmx asks until it is done
        expect(freshness.get_by_role("button", name="Refresh")).to_be_visible(timeout=60_000)

        site.elsewhere.handshake = "reset"
        site.elsewhere.drop_connections()
        page.goto(number)
        expect(page.get_by_role("alert")).to_contain_text("The registry does not answer")
        expect(page.locator("#records-form")).to_have_count(0)
        assert in_every_look(page, "number-mirrored") == []

        page.goto(f"{credential}numbers/")
        freshness.get_by_role("button", name="Refresh").click()
        page.wait_for_load_state()
        expect(freshness).to_contain_text("nothing can be changed until it answers")
        page.goto(f"{credential}overview/")
        assert in_every_look(page, "overview-of-some") == []
    finally:
        site.elsewhere.handshake = "good"
        page.goto(f"{credential}delete/")
        page.get_by_role("button", name="Remove the credential").click()
        page.wait_for_url("**/credentials/")

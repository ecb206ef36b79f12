"""The page about the API, tried by somebody with a token."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

NEW_TOKEN = {"name": "a try", "scope": "read"}


def test_an_operation_is_tried_with_a_token_that_is_kept_nowhere(open_page: OpenPage) -> None:
    page = open_page("/tokens/add/")
    page.fill("[name=name]", NEW_TOKEN["name"])
    page.locator("main form button[type=submit]").last.click()
    token = page.locator("#token").inner_text().strip()
    assert re.fullmatch(r"e164_\w+", token)

    page.goto("/api/#me")
    page.fill("#api-token", token)
    tried = page.locator("#me [role=group]", has=page.locator("[data-send]"))
    tried.locator("[data-send]").click()
    answer = tried.locator("[data-answer]")

    expect(answer).to_have_text(re.compile(r"^\s*200"))
    expect(answer).to_contain_text('"name": "a try"')
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert token not in kept
    page.goto("/credentials/")
    page.go_back()
    expect(page.locator("#api-token")).to_have_value("")

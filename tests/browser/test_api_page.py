"""The page about the API, tried by somebody with a token."""

import re

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
    answer.wait_for(state="visible")

    assert answer.inner_text().startswith("200")
    assert '"name": "a try"' in answer.inner_text()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert token not in kept
    page.goto("/credentials/")
    page.go_back()
    assert page.input_value("#api-token") == ""

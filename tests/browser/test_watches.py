"""Watching a number, and a webhook that is told of it, as a person does it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import in_every_look


def test_a_number_is_watched_and_a_webhook_shows_what_became_of_a_test(open_page: OpenPage) -> None:
    page = open_page("/credentials/1/numbers/2/")
    page.get_by_role("link", name="Watch", exact=True).click()
    page.get_by_label("E-mail").select_option("never")
    page.get_by_role("button", name="Watch", exact=True).click()
    page.get_by_text("Choose e-mail, webhooks, or both.").first.wait_for()
    assert in_every_look(page, "watch-wrong") == []
    page.get_by_label("Webhooks").check()
    page.get_by_role("button", name="Watch", exact=True).click()
    page.wait_for_url("**/watches/")

    page.get_by_role("link", name="Add a webhook").click()
    page.get_by_label("Address").fill("https://127.0.0.1/told")
    page.get_by_role("button", name="Add the webhook").click()
    page.get_by_text("This is no public address.").first.wait_for()
    # A name that nobody has, so nothing leaves this machine.
    page.get_by_label("Address").fill("https://receiver.invalid/told")
    page.get_by_role("button", name="Add the webhook").click()
    secret = page.locator("#webhook-secret")
    expect(secret).to_have_text(re.compile(r"^\s*whsec_[A-Za-z0-9+/]{43}=\s*$"))
    assert in_every_look(page, "webhook-secret") == []

    page.get_by_role("link", name="To the webhook").click()
    page.get_by_role("button", name="Send a test").click()
    failed = page.get_by_text("name not found")
    for _ in range(240):  # the background process may be busy
        if failed.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(failed).to_be_visible()
    assert in_every_look(page, "webhook") == []

    page.goto("/watches/")
    assert in_every_look(page, "watches-some") == []
    page.get_by_role("link", name="Change").first.click()
    page.get_by_role("heading", name="Change a watch").wait_for()
    page.goto("/watches/")
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    page.get_by_text("It is watched no longer.").wait_for()
    page.get_by_role("link", name="https://receiver.invalid/told").click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the webhook").wait_for()
    assert in_every_look(page, "webhook-remove") == []
    page.get_by_role("button", name="Remove the webhook").click()
    page.get_by_text("The webhook is removed.").wait_for()

"""A token from the form to its end, in every look."""

import re

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import in_every_look


def test_a_token_is_made_copied_listed_and_revoked(open_page: OpenPage) -> None:
    page = open_page("/tokens/add/", reduced_motion="reduce")
    page.fill("[name=name]", "Telephones of the office in Vancouver")
    page.fill("[name=digits]", "not a number")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Make the token").click()
    page.locator(".field-error").wait_for()
    found = {"token-wrong": in_every_look(page, "token-wrong")}
    page.fill("[name=digits]", "+1 604, +44 20")
    page.locator("[name=scope]").select_option("write")
    page.get_by_role("button", name="Make the token").click()
    text = page.locator("#token").inner_text()
    assert re.fullmatch(r"e164_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", text)
    found["token-made"] = in_every_look(page, "token-made")

    page.goto("/tokens/")
    assert text not in page.content()
    found["tokens"] = in_every_look(page, "tokens")
    page.get_by_role("link", name="Revoke – Telephones").click()
    page.get_by_role("button", name="Revoke the token").wait_for()
    found["token-revoke"] = in_every_look(page, "token-revoke")
    page.get_by_role("button", name="Revoke the token").click()
    page.get_by_text("is revoked: it works no longer.").wait_for()
    found["tokens-ended"] = in_every_look(page, "tokens-ended")

    assert {name: some for name, some in found.items() if some} == {}

"""A manager, an editor and a viewer in three browsers, from the invitation to the audit trail."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.test_passkeys import AUTHENTICATOR
from tests.programs import manage
from tests.second_factors import code_to_type

PASSWORD = "a long password of everybody"
NUMBER = "/credentials/1/numbers/1/"
WRITES = ["", "add/", "delete-all/", "records/{record}/", "records/{record}/move/", "records/{record}/delete/"]
NOTED = [
    "Team made",
    "Invitation made",
    "Invitation used",
    "Credential shared",
    "Factor added",
    "Member removed",
    "Signed in",
]


@pytest.fixture
def new_person(site: Site, browser: Browser) -> Iterator[Callable[[], Page]]:
    """A browser of somebody who has not signed in, with a device that keeps passkeys, at the site's name."""
    contexts: list[BrowserContext] = []

    def made() -> Page:
        context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
        contexts.append(context)
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        return page

    yield made
    for context in contexts:
        context.close()


def invite(page: Page, team: str, role: str) -> str:
    page.goto(f"{team}invite/")
    page.locator("[name=role]").select_option(role)
    page.get_by_role("button", name="Make the invitation").click()
    return "/invitations/" + page.locator("#invitation-link").inner_text().split("/invitations/")[1]


def sign_up(page: Page, link: str, name: str) -> None:
    page.goto(link)
    for field, value in (("username", name), ("password1", PASSWORD), ("password2", PASSWORD)):
        page.fill(f"[name={field}]", value)
    page.get_by_role("button", name="Make the account and join").click()
    page.get_by_role("heading", name="Switchboard").wait_for()


def verified(site: Site, folder: Path, *statements: str) -> str:
    """What `verify_audit` says of a copy of the running site, to which somebody did this in the database."""
    with (
        sqlite3.connect(site.data_dir / "e164web.sqlite3") as live,
        sqlite3.connect(folder / "e164web.sqlite3") as copy,
    ):
        live.backup(copy)
        for statement in statements:
            copy.execute(statement)
    live.close()
    copy.close()
    for key in ("secret.key", "credential.keys"):
        shutil.copy(site.data_dir / key, folder / key)
    said = manage(folder, "verify_audit")
    return said.stdout + said.stderr


def test_three_people_work_together(
    site: Site, open_page: OpenPage, new_person: Callable[[], Page], tmp_path: Path
) -> None:
    manager = open_page("/admin/dashboard/user/add/")
    for field, value in (("username", "edith"), ("password1", PASSWORD), ("password2", PASSWORD)):
        manager.fill(f"[name={field}]", value)
    manager.get_by_role("button", name="Save", exact=True).click()
    manager.wait_for_url("**/change/")
    manager.goto("/teams/add/")
    manager.fill("[name=name]", "Switchboard")
    manager.get_by_role("button", name="Make the team").click()
    manager.get_by_role("heading", name="Switchboard").wait_for()
    team = manager.url.removeprefix(site.url)
    for_viewer, for_editor = invite(manager, team, "viewer"), invite(manager, team, "editor")
    manager.goto("/credentials/1/share/")
    manager.locator("[name=team]").select_option(label="Switchboard")
    manager.locator("[name=role]").select_option("manager")
    manager.get_by_role("button", name="Share").click()
    manager.get_by_text("is shared with the team").wait_for()

    # One has no account and makes one, with an app as second factor; the other has one, and adds a passkey.
    viewer = new_person()
    sign_up(viewer, for_viewer, "victor")
    viewer.goto("/accounts/2fa/totp/activate/")
    viewer.get_by_label("Code").fill(code_to_type(viewer.locator(".qr .copy-text").inner_text()))
    viewer.get_by_role("button", name="Set it up").click()
    viewer.wait_for_url("**/recovery-codes/")
    editor = new_person()
    editor.goto("/accounts/login/")
    editor.fill("[name=login]", "edith")
    editor.fill("[name=password]", PASSWORD)
    editor.click("main button[type=submit]")
    editor.wait_for_url("**/credentials/")
    editor.goto(for_editor)
    editor.get_by_role("button", name="Join").click()
    editor.get_by_role("heading", name="Switchboard").wait_for()
    editor.goto("/accounts/2fa/webauthn/add/")
    editor.get_by_label("Name").fill("blue key")
    editor.get_by_role("button", name="Add the passkey").click()
    editor.wait_for_url("**/recovery-codes/")

    # The viewer sees text, and every write by hand is refused.
    viewer.goto(NUMBER)
    expect(viewer.locator("main")).to_contain_text("You may look at its records.")
    expect(viewer.locator("#records form")).to_have_count(0)
    record = viewer.locator("article.record").first.get_attribute("id")
    assert record
    token = next(one["value"] for one in viewer.context.cookies() if one["name"] == "csrftoken")
    for path in WRITES:
        answer = viewer.request.post(
            f"{NUMBER}{path.format(record=record.removeprefix('record-'))}",
            form={"csrfmiddlewaretoken": token, "service": "SIP", "hostdata": "mine@example.org", "preference": "1"},
            headers={"Referer": viewer.url},
        )
        assert answer.status == 403, path

    # Both edit the same record, and the second is told who was first.
    manager.goto(NUMBER)
    editor.goto(NUMBER)
    for page, text in ((editor, "editor@example.org"), (manager, "manager@example.org")):
        page.locator("[name=hostdata]").first.fill(text)
        page.get_by_role("button", name="Save").first.click()
        page.locator(".outcome, [role=alert]").first.wait_for()
    expect(manager.locator("[role=alert]").first).to_contain_text("edith changed this record just now")
    manager.get_by_role("button", name="Leave it as it is now").click()
    expect(manager.locator("[name=hostdata]").first).to_have_value("editor@example.org")

    # The editor is removed while a page is open: nothing goes out, and what was typed stays.
    with editor.expect_response(lambda answer: "/dns/" in answer.url):  # asked by the page itself, and refused later
        editor.goto(NUMBER)
    editor.locator("[name=hostdata]").first.fill("too late@example.org")
    manager.goto(team)
    manager.get_by_role("link", name="Remove – edith").click()
    manager.get_by_role("button", name="Remove").click()
    manager.get_by_text("is no member of").wait_for()
    editor.get_by_role("button", name="Save").first.click()
    expect(editor.locator("#messages")).to_contain_text("There is no such credential.")
    expect(editor.locator("[name=hostdata]").first).to_have_value("too late@example.org")
    manager.goto(NUMBER)
    expect(manager.locator("[name=hostdata]").first).to_have_value("editor@example.org")

    manager.goto("/audit/")
    for words in NOTED:
        expect(manager.locator("main")).to_contain_text(words)
    assert "intact" in verified(site, tmp_path)
    altered = "UPDATE dashboard_auditevent SET by_name = 'somebody' WHERE event = 'team.member.removed'"
    said = verified(site, tmp_path, "DROP TRIGGER dashboard_auditevent_kept", altered)
    assert "was altered" in said

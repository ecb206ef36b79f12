"""Two people and a team: made, invited, shared, handed over; every page of it accessible in every look."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.test_every_page import in_every_look

PASSWORD = "a long password of nina"


def _at(page: Page, path: str, name: str) -> dict[str, list[str]]:
    page.goto(path)
    return {name: in_every_look(page, name)}


def test_a_colleague_is_invited_and_works_with_a_shared_credential(
    site: Site, browser: Browser, open_page: OpenPage
) -> None:
    page = open_page("/teams/", reduced_motion="reduce")
    found = {"teams-none": in_every_look(page, "teams-none")} | _at(page, "/teams/add/", "team-add")
    page.fill("[name=name]", "Vancouver office")
    page.get_by_role("button", name="Make the team").click()
    page.get_by_role("heading", name="Vancouver office").wait_for()
    team = page.url.removeprefix(site.url)
    found |= _at(page, f"{team}invite/", "team-invite")
    page.locator("[name=role]").select_option("editor")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("#invitation-link").inner_text()
    found["invitation-made"] = in_every_look(page, "invitation-made")

    theirs = browser.new_context(base_url=site.url, reduced_motion="reduce")
    nina = theirs.new_page()
    nina.goto(link)
    found["invitation"] = in_every_look(nina, "invitation")
    for name, typed in (("username", "nina"), ("password1", PASSWORD), ("password2", "another")):
        nina.fill(f"[name={name}]", typed)
    nina.get_by_role("button", name="Make the account and join").click()
    nina.locator(".field-error").wait_for()
    found["invitation-wrong"] = in_every_look(nina, "invitation-wrong")
    nina.fill("[name=password1]", PASSWORD)
    nina.fill("[name=password2]", PASSWORD)
    nina.get_by_role("button", name="Make the account and join").click()
    nina.get_by_role("heading", name="Vancouver office").wait_for()
    found |= _at(nina, "/credentials/", "nothing-yet")
    found |= _at(nina, link, "invitation-used")

    page.goto("/credentials/1/")
    page.locator("#shares").get_by_role("button", name="Share").click()
    page.get_by_text("is shared with the team").wait_for()
    found |= {"credential-shared": in_every_look(page, "credential-shared")}
    nina.goto("/")
    nina.wait_for_url("**/credentials/1/numbers/")
    found |= _at(nina, team, "team-as-editor") | _at(nina, f"{team}leave/", "team-leave")
    found |= _at(nina, f"{team}delete/", "not-allowed")

    page.goto(team)
    member = page.get_by_role("link", name="Remove – nina").get_attribute("href")
    assert member
    found |= _at(page, team, "team") | _at(page, "/teams/", "teams") | _at(page, f"{team}delete/", "team-delete")
    found |= _at(page, member, "member-remove") | _at(page, member.removesuffix("remove/"), "member")
    for path in ("share", "hand-over"):
        found |= _at(page, f"/credentials/1/{path}/", path)
    found |= _at(page, f"/credentials/1/unshare/?team={team.split('/')[2]}", "unshare")
    page.get_by_role("button", name="Take it out").click()
    page.get_by_text("no longer").wait_for()
    answer = nina.goto("/credentials/1/numbers/")
    theirs.close()

    assert answer is not None
    assert answer.status == 404
    assert {name: some for name, some in found.items() if some} == {}


def test_an_invitation_is_accepted_without_a_script(site: Site, browser: Browser, open_page: OpenPage) -> None:
    page = open_page("/teams/add/", java_script_enabled=False)
    page.fill("[name=name]", "Without scripts")
    page.get_by_role("button", name="Make the team").click()
    page.get_by_role("link", name="Invite somebody").first.click()
    page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("#invitation-link").inner_text()
    theirs = browser.new_context(base_url=site.url, java_script_enabled=False)
    otto = theirs.new_page()
    otto.goto(link)
    for name in ("username", "password1", "password2"):
        otto.fill(f"[name={name}]", "otto" if name == "username" else PASSWORD)
    otto.get_by_role("button", name="Make the account and join").click()

    expect(otto.get_by_role("heading", name="Without scripts")).to_be_visible()
    theirs.close()

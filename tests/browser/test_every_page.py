"""Every page, at two widths and in two themes: accessible, within the screen, and quiet on the console."""

import os
import re
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import ARTIFACTS, OpenPage, Site

PAGES = {
    "credentials": "/credentials/",
    "credential-add": "/credentials/add/",
    "credential": "/credentials/1/",
    "credential-delete": "/credentials/1/delete/",
    "numbers": "/credentials/1/numbers/",
    "overview": "/credentials/1/overview/",
    "refresh": "/credentials/1/refresh/",
    "numbers-none": "/credentials/1/numbers/?q=999999",
    "number": "/credentials/1/numbers/2/",
    "record-add": "/credentials/1/numbers/2/add/",
    "record": "/credentials/1/numbers/2/records/4/",
    "record-delete": "/credentials/1/numbers/2/records/4/delete/",
    "delete-all": "/credentials/1/numbers/2/delete-all/",
    "number-history": "/credentials/1/numbers/3/history/",
    "number-then": "/credentials/1/numbers/3/history/?at=before-1",
    "restore": "/credentials/1/numbers/3/restore/?at=before-1",
    "undo": "/history/1/undo/",
    "search": "/search/",
    "search-save": "/search/save/?q=host:pbx-old",
    "history": "/history/",
    "history-filters": "/history/?filters=1",
    "change": "/history/1/",
    "jobs": "/jobs/",
    "bulk": "/bulk/?q=records:%3E%3D0",
    "templates": "/templates/",
    "template-add": "/templates/add/",
    "api": "/api/",
    "registries": "/registries/",
    "tokens": "/tokens/",
    "token-add": "/tokens/add/",
    "audit": "/audit/",
    "audit-none": "/audit/?who=nobody",
    "account": "/accounts/",
    "app": "/accounts/2fa/totp/activate/",
    "passkey-add": "/accounts/2fa/webauthn/add/",
    "confirm": "/accounts/reauthenticate/",
    "settings": "/settings/",
    "watches": "/watches/",
    "watch-choose": "/watches/add/",
    "watch-add": "/watches/add/?credential=1&number=2",
    "webhook-add": "/watches/webhooks/add/",
    "password-change": "/accounts/password/change/",
    "sign-out": "/accounts/logout/",
    "admin": "/admin/",
    "admin-number": "/admin/registry/number/1/change/",
    "not-found": "/nowhere/",
}
# Of the admin each kind of page, as far as there is one.
ADMIN_OF_EACH = ("", "add/", "1/change/", "1/history/", "1/delete/")
ADMIN = {
    "": ("dashboard/", "registry/", "dashboard/user/1/password/", "registry/number/?q=1"),
    "dashboard/user/": ADMIN_OF_EACH,
    "dashboard/registry/": ADMIN_OF_EACH,
    "dashboard/team/": ("",),
    "registry/account/": ADMIN_OF_EACH,
    "registry/number/": ADMIN_OF_EACH,
    "registry/rawrecord/": ("", "add/"),
    "registry/record/": ADMIN_OF_EACH,
    "registry/nameserver/": ADMIN_OF_EACH,
    "registry/publication/": ADMIN_OF_EACH,
    "registry/zone/": ("1/change/", "1/history/"),
}
Theme = Literal["light", "dark"]
# Colours that are still on their way are nobody's to judge; what inherits one begins to change when that has ended.
AT_ITS_END = """() => {
  const moving = () => document.getAnimations().filter((each) => each instanceof CSSTransition);
  for (let some = moving(), depth = 0; some.length && depth < 100; some = moving(), depth++) {
    for (const each of some) each.finish();
  }
}"""
Looks = tuple[tuple[int, Theme], tuple[int, Theme]]
# A page is looked at in both widths and both themes; what all pages share, in each width with each theme.
LOOKS: Looks = ((1280, "light"), (390, "dark"))
OTHER_LOOKS: Looks = ((1280, "dark"), (390, "light"))
CASES = [(name, OTHER_LOOKS if place % 2 else LOOKS) for place, name in enumerate(PAGES)]


def blemishes(page: Page, name: str, width: int, theme: str) -> list[str]:
    """Say everything that is wrong with the page, and take its picture where somebody wants to see it."""
    page.evaluate(AT_ITS_END)
    picture(page, f"{name}-{width}-{theme}")
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)")
    found = [f"{one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in violations]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"wider than the screen: {wide} pixels")
    return found


def picture(page: Page, name: str) -> None:
    """For people, who look into artifacts/ after a run with E164WEB_TEST_PICTURES=1."""
    if os.environ.get("E164WEB_TEST_PICTURES"):
        page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


def in_every_look(page: Page, name: str, looks: Looks = LOOKS) -> list[str]:
    """The blemishes of a page that is opened once, and has no script that depends on its width or colours."""
    found = []
    for width, theme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        found += blemishes(page, name, width, theme)
    return found


@pytest.mark.parametrize(("name", "looks"), CASES)
def test_a_page_is_accessible_and_fits(open_page: OpenPage, name: str, looks: Looks) -> None:
    page = open_page("/healthz", viewport={"width": 390, "height": 900})
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # The browser itself reports a page's own 404 as an error.
        if message.type in {"error", "warning"} and "404" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    page.goto(PAGES[name], wait_until="networkidle")

    assert said == []  # now, for axe itself tries things that the policy forbids
    assert in_every_look(page, name, looks) == []


@pytest.mark.parametrize("language", ["de-DE", "fr-FR", "es-ES"])
def test_every_page_fits_a_telephone_in_languages_with_longer_words(open_page: OpenPage, language: str) -> None:
    page = open_page("/healthz", viewport={"width": 390, "height": 900}, locale=language)
    too_wide: dict[str, float] = {}
    for name, path in PAGES.items():
        page.goto(path, wait_until="load")  # how wide it is depends on no script
        picture(page, f"{name}-390-{language}")
        wide = page.evaluate(
            "Math.max(...[document.documentElement, ...document.querySelectorAll('.site-nav ul, .btn, h1')]"
            ".map((each) => Math.max(each.scrollWidth, each.getBoundingClientRect().right)))"
        )
        too_wide |= {name: wide} if wide > 390 else {}

    expect(page.locator("html")).to_have_attribute("lang", language[:2])
    assert too_wide == {}


@pytest.mark.parametrize("of", ADMIN)
def test_the_admin_is_accessible_and_fits(open_page: OpenPage, of: str) -> None:
    page = open_page("/healthz")
    found = {}
    for kind in ADMIN[of]:
        page.goto(f"/admin/{of}{kind}", wait_until="networkidle")
        found[kind] = in_every_look(page, f"admin-{re.sub(r'[^a-z1]+', '-', of + kind)}")

    assert {kind: some for kind, some in found.items() if some} == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_what_the_admin_asks_and_answers_is_accessible_too(open_page: OpenPage, width: int) -> None:
    page = open_page("/admin/registry/number/", viewport={"width": width, "height": 900})
    page.locator(".action-select").first.check()
    page.locator("[name=action]").select_option("delete_selected")
    page.get_by_role("button", name="Go").click()
    page.get_by_text("Are you sure").first.wait_for()
    theme = dict(LOOKS)[width]
    page.emulate_media(color_scheme=theme)
    assert blemishes(page, "admin-delete-selected", width, theme) == []

    page.goto("/admin/registry/number/add/")
    page.fill("[name=local]", "not a number")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".errornote").wait_for()
    assert blemishes(page, "admin-wrong", width, theme) == []
    page.get_by_role("combobox", name="Account").click()
    page.get_by_role("searchbox", name="Account").fill("sam")
    page.get_by_role("option", name="sample").wait_for()
    assert blemishes(page, "admin-choosing", width, theme) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_admin_looks_like_the_rest(open_page: OpenPage, theme: Theme) -> None:
    page = open_page("/credentials/", color_scheme=theme)
    with page.expect_response("**/settings/theme/"):
        page.get_by_role("button", name="Colours: automatic").click()  # which both remember under the same name

    def look() -> object:
        page.evaluate(AT_ITS_END)
        return page.evaluate(
            """() => [".site-header", ".site-header .wordmark", ".site-nav a", "body", "h1"].map((each) => {
                 const { color, backgroundColor, fontFamily } = getComputedStyle(document.querySelector(each));
                 return [color, backgroundColor, fontFamily];
               })"""
        )

    elsewhere = look()
    page.goto("/admin/")
    page.get_by_role("button", name="Colours: light").wait_for()
    assert look() == elsewhere


def test_the_sign_in_page_is_accessible_and_fits(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/accounts/login/?next=/history/")

    for looks in (LOOKS, OTHER_LOOKS):
        assert in_every_look(page, "sign-in", looks) == []
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "wrong")
    page.click("main button[type=submit]")
    expect(page.get_by_role("alert").first).to_be_visible()
    for looks in (LOOKS, OTHER_LOOKS):
        assert in_every_look(page, "sign-in-wrong", looks) == []
    context.close()


def test_a_login_that_was_refused_is_asked_for_again(site: Site, open_page: OpenPage) -> None:
    page = open_page("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=label]", "Refused")
    page.fill("[name=password]", "mistyped")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()

    assert in_every_look(page, "credential-refused") == []
    page.fill("[name=password]", "mistyped again")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # which tries, and never keeps
    expect(page.get_by_role("button", name="Keep it all the same")).to_be_visible()
    page.fill("[name=password]", site.elsewhere.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/credentials/\d+/$"))
    page.goto(f"{page.url}delete/")
    page.get_by_role("button", name="Remove the credential").click()
    page.wait_for_url("**/credentials/")


def test_filters_that_contradict_each_other_are_said_in_every_look(open_page: OpenPage) -> None:
    page = open_page("/audit/?since=2026-02-02&until=2026-02-01")
    expect(page.get_by_text("This must not be before the day under")).to_be_visible()
    assert in_every_look(page, "audit-wrong") == []


def test_a_registry_that_fails_has_a_page_of_its_own(site: Site, open_page: OpenPage) -> None:
    page = open_page("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=password]", site.elsewhere.password)
    page.fill("[name=label]", "Fails")
    page.get_by_role("button", name="Try and save").click()
    page.wait_for_url(re.compile(r"/credentials/\d+/$"))
    credential = page.url
    site.elsewhere.fault("list", "html")
    try:
        answer = page.goto(f"{credential}dns/?number=1")  # which asks for the list, whatever the mirror has

        assert answer is not None
        assert answer.status == 502
        assert in_every_look(page, "registry-failed") == []
    finally:
        site.elsewhere.heal()
        page.goto(f"{credential}delete/")
        page.get_by_role("button", name="Remove the credential").click()
        page.wait_for_url("**/credentials/")

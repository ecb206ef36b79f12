"""Every page, at two widths and in two themes: accessible, within the screen, and quiet on the console."""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import ARTIFACTS, OpenPage, Site

PAGES = {
    "credentials": "/credentials/",
    "credential-add": "/credentials/add/",
    "credential": "/credentials/1/",
    "credential-delete": "/credentials/1/delete/",
    "numbers": "/credentials/1/numbers/",
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
    "history": "/history/",
    "history-filters": "/history/?filters=1",
    "change": "/history/1/",
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
    "registry/record/": ADMIN_OF_EACH,
    "registry/nameserver/": ADMIN_OF_EACH,
    "registry/publication/": ADMIN_OF_EACH,
    "registry/zone/": ("1/change/", "1/history/"),
}
Theme = Literal["light", "dark"]
LOOKS: list[tuple[int, Theme]] = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
TWO_LOOKS: list[tuple[int, Theme]] = [LOOKS[0], LOOKS[3]]
# Each page in both widths and both themes, and what all pages share in each width with each theme.
CASES = [(name, *LOOKS[look]) for place, name in enumerate(PAGES) for look in ((0, 3) if place % 2 == 0 else (1, 2))]


def blemishes(page: Page, name: str, width: int, theme: str) -> list[str]:
    """Take the picture, and say everything that is wrong with the page."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}-{width}-{theme}.png", full_page=True)
    found = [
        f"{violation['id']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in Axe().run(page).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"wider than the screen: {wide} pixels")
    return found


@pytest.mark.parametrize(("name", "width", "theme"), CASES)
def test_a_page_is_accessible_and_fits(open_page: OpenPage, name: str, width: int, theme: Theme) -> None:
    page = open_page("/healthz", viewport={"width": width, "height": 900}, color_scheme=theme)
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # The browser itself reports a page's own 404 as an error.
        if message.type in {"error", "warning"} and "404" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    page.goto(PAGES[name], wait_until="networkidle")

    assert said == []  # now, for axe itself tries things that the policy forbids
    assert blemishes(page, name, width, theme) == []


@pytest.mark.parametrize("language", ["de-DE", "fr-FR", "es-ES"])
def test_every_page_fits_a_telephone_in_languages_with_longer_words(open_page: OpenPage, language: str) -> None:
    page = open_page("/healthz", viewport={"width": 390, "height": 900}, locale=language)
    too_wide: dict[str, float] = {}
    for name, path in PAGES.items():
        page.goto(path, wait_until="load")  # how wide it is depends on no script
        page.screenshot(path=ARTIFACTS / f"{name}-390-{language}.png", full_page=True)
        wide = page.evaluate(
            "Math.max(...[document.documentElement, ...document.querySelectorAll('.site-nav ul, .btn, h1')]"
            ".map((each) => Math.max(each.scrollWidth, each.getBoundingClientRect().right)))"
        )
        too_wide |= {name: wide} if wide > 390 else {}

    assert page.locator("html").get_attribute("lang") == language[:2]
    assert too_wide == {}


@pytest.mark.parametrize(("width", "theme"), TWO_LOOKS)
@pytest.mark.parametrize("of", ADMIN)
def test_the_admin_is_accessible_and_fits(open_page: OpenPage, of: str, width: int, theme: Theme) -> None:
    page = open_page("/healthz", viewport={"width": width, "height": 900}, color_scheme=theme)
    found = {}
    for kind in ADMIN[of]:
        page.goto(f"/admin/{of}{kind}", wait_until="networkidle")
        found[kind] = blemishes(page, f"admin-{re.sub(r'[^a-z1]+', '-', of + kind)}", width, theme)

    assert {kind: some for kind, some in found.items() if some} == {}


@pytest.mark.parametrize(("width", "theme"), TWO_LOOKS)
def test_what_the_admin_asks_and_answers_is_accessible_too(open_page: OpenPage, width: int, theme: Theme) -> None:
    page = open_page("/admin/registry/number/", viewport={"width": width, "height": 900}, color_scheme=theme)
    page.locator(".action-select").first.check()
    page.locator("[name=action]").select_option("delete_selected")
    page.get_by_role("button", name="Go").click()
    page.get_by_text("Are you sure").first.wait_for()
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
    page.get_by_role("button", name="Colours: automatic").click()  # which both remember under the same name

    def look() -> object:
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


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_sign_in_page_is_accessible_and_fits(site: Site, browser: Browser, width: int, theme: Theme) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto("/accounts/login/?next=/history/")

    assert blemishes(page, "sign-in", width, theme) == []
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "wrong")
    page.click("main button[type=submit]")
    assert blemishes(page, "sign-in-wrong", width, theme) == []
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
    assert page.get_by_role("button", name="Keep it all the same").is_visible()
    page.fill("[name=password]", site.elsewhere.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/credentials/\d+/$"))
    page.goto(f"{page.url}delete/")
    page.get_by_role("button", name="Remove the credential").click()
    page.wait_for_url("**/credentials/")


def in_every_look(page: Page, name: str) -> list[str]:
    """The blemishes of a page that is opened once: of passwords to try a person has few, and so have tests."""
    found = []
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        # Without motion: colours that are still on their way are nobody's to judge.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += blemishes(page, name, width, theme)
    return found


def test_filters_that_contradict_each_other_are_said_in_every_look(open_page: OpenPage) -> None:
    page = open_page("/audit/?since=2026-02-02&until=2026-02-01")
    assert page.get_by_text("This must not be before the day under").is_visible()
    assert in_every_look(page, "audit-wrong") == []


def test_a_registry_that_fails_has_a_page_of_its_own(site: Site, open_page: OpenPage) -> None:
    page = open_page("/credentials/add/")
    page.locator("[name=registry]").select_option(label="Elsewhere")
    page.fill("[name=username]", site.elsewhere.username)
    page.fill("[name=password]", site.elsewhere.password)
    page.fill("[name=label]", "Fails")
    page.get_by_role("button", name="Try and save").click()
    credential = page.url
    site.elsewhere.fault("list", "html")
    try:
        answer = page.goto(f"{credential}numbers/")

        assert answer is not None
        assert answer.status == 502
        assert in_every_look(page, "registry-failed") == []
    finally:
        site.elsewhere.heal()
        page.goto(f"{credential}delete/")
        page.get_by_role("button", name="Remove the credential").click()

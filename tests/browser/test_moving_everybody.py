"""Everybody is moved from pbx-old to pbx-new: searched for, previewed, started, done, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_every_page import blemishes
from tests.programs import manage

MOVER = """
from django.test import Client
from dashboard.models import Registry, User
from tests.fixtures_people import sealed_credential
person, browser = User.objects.create(username="mover"), Client()
browser.force_login(person)
print(browser.cookies["sessionid"].value)
credential = sealed_credential(person, Registry.objects.get(name="Elsewhere"), {login}, "Moved")
from dashboard.services.numbers import see_number
for number in {numbers}:
    see_number(person, credential, number)
"""
PLACES = (2, 3)  # of the numbers at the registry elsewhere


@pytest.fixture
def moved(site: Site, browser: Browser) -> Iterator[Page]:
    """The browser of somebody whose two numbers point to pbx-old."""
    numbers = [site.elsewhere.number_ids[place] for place in PLACES]
    records = [one for number in numbers for one in site.elsewhere.store.numbers[number].records.values()]
    before = [one.hostdata for one in records]
    for place, record in enumerate(records):
        record.service, record.hostdata = "SIP", f"user{place}@pbx-old.example.org"
    login = f"{site.elsewhere.username!r}, {site.elsewhere.secret!r}"
    done = manage(site.data_dir, "shell", "-v0", "-c", MOVER.format(login=login, numbers=numbers))
    assert not done.returncode, done.stderr
    context = browser.new_context(base_url=site.url)
    cookie = {"name": "sessionid", "value": done.stdout.strip(), "url": site.url}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict by its keys
    yield context.new_page()
    context.close()
    for record, hostdata in zip(records, before, strict=True):
        record.hostdata = hostdata


def held(site: Site) -> list[str]:
    """Where the two numbers lead."""
    store = site.elsewhere.store.numbers
    records = [store[site.elsewhere.number_ids[place]].records.values() for place in PLACES]
    return [one.hostdata for some in records for one in some]


def test_everybody_is_moved_to_the_new_host(site: Site, moved: Page) -> None:
    moved.set_viewport_size({"width": 390, "height": 900})
    moved.goto("/search/?q=host:pbx-old")
    moved.get_by_role("button", name="Change all 2 that are found").click()
    expect(moved.locator("h1")).to_have_text("Change many numbers")
    expect(moved.locator("[name=host]")).to_have_value("pbx-old")
    moved.locator("[name=pattern]").fill("{local}@pbx-new.example.org")
    moved.get_by_role("button", name="Try it on the first ten").click()
    expect(moved.locator("#trial")).to_contain_text("user0@pbx-new.example.org")
    assert blemishes(moved, "bulk-tried", 390, "light") == []
    moved.get_by_role("button", name="Show what would change").click()

    # The preview is prepared in the background, and the page shows it by itself.
    expect(moved.locator("#start-title")).to_have_text("2 numbers would be changed", timeout=60_000)
    assert all(host.endswith("@pbx-old.example.org") for host in held(site))
    assert blemishes(moved, "bulk-preview", 390, "light") == []
    if moved.locator("[name=has_read]").count():
        moved.locator("[name=has_read]").check()
    moved.get_by_role("button", name="Start", exact=True).click()
    moved.locator("#job-results").focus()
    watched = moved.context.new_page()
    watched.goto(moved.url)
    for page in (moved, watched):
        expect(page.locator("#progress")).to_contain_text("2 of 2 numbers", timeout=60_000)
        expect(page.locator("#progress .state")).to_have_text("finished", timeout=60_000)
    # What comes every few seconds moves nobody who works or reads.
    expect(moved.locator("#job-results")).to_be_focused()
    assert watched.evaluate("document.activeElement === document.body && scrollY === 0")
    watched.close()
    assert all(host.endswith("@pbx-new.example.org") for host in held(site))
    assert blemishes(moved, "job", 390, "light") == []
    moved.goto("/jobs/")
    assert blemishes(moved, "jobs-of-somebody", 390, "light") == []

"""What was done is taken back, and a number put back as it was yesterday, in a real browser."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.programs import manage

# Olga owns a credential at the registry elsewhere, and Carol edits with it: colleagues.
COLLEAGUES = """
from django.test import Client
from dashboard.models import Membership, Registry, Role, Share, Team, User
from tests.fixtures_people import sealed_credential
team = Team.objects.create(name="Exchange")
for name in ("olga", "carol"):
    person, browser = User.objects.create(username=name), Client()
    Membership.objects.create(team=team, user=person, role=Role.EDITOR)
    browser.force_login(person)
    print(browser.cookies["sessionid"].value)
owner = User.objects.get(username="olga")
credential = sealed_credential(owner, Registry.objects.get(name="Elsewhere"), {login}, "Exchange")
Share.objects.create(credential=credential, team=team, role=Role.EDITOR)
print(credential.pk)
"""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Colleagues:
    """Two people and a number of theirs at the registry elsewhere, which each test has for itself."""

    site: Site
    sessions: dict[str, str]
    credential: int

    def number(self, place: int) -> str:
        """The page of a number."""
        return f"/credentials/{self.credential}/numbers/{self.site.elsewhere.number_ids[place]}/"

    def held(self, place: int) -> list[str]:
        """Where its records lead, as the registry has them."""
        records = self.site.elsewhere.store.numbers[self.site.elsewhere.number_ids[place]].records
        return sorted(record.hostdata for record in records.values())

    def let_pass(self, time: timedelta) -> None:
        """Let all that was done so far have been done so much earlier."""
        with sqlite3.connect(self.site.data_dir / "e164web.sqlite3", timeout=30) as database:
            made = database.execute(
                "SELECT id, created_at FROM dashboard_change WHERE credential_id = ?", [self.credential]
            ).fetchall()
            for pk, created in made:
                earlier = datetime.fromisoformat(created) - time
                database.execute("UPDATE dashboard_change SET created_at = ? WHERE id = ?", [str(earlier), pk])
        database.close()


@pytest.fixture(scope="module")
def colleagues(site: Site) -> Colleagues:
    login = f"{site.elsewhere.username!r}, {site.elsewhere.secret!r}"
    done = manage(site.data_dir, "shell", "-v0", "-c", COLLEAGUES.format(login=login))
    assert not done.returncode, done.stderr
    olga, carol, credential = done.stdout.split()
    return Colleagues(site, {"olga": olga, "carol": carol}, int(credential))


@pytest.fixture
def open_as(colleagues: Colleagues, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page in the browser of one of them."""
    contexts: list[BrowserContext] = []

    def open_(name: str, path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=colleagues.site.url, **options)
        contexts.append(context)
        cookie = {"name": "sessionid", "value": colleagues.sessions[name], "url": colleagues.site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict by its keys
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def test_a_delete_all_is_undone_after_a_colleague_added_a_record(
    colleagues: Colleagues, open_as: Callable[..., Page]
) -> None:
    number, before = colleagues.number(6), colleagues.held(6)
    olga = open_as("olga", f"{number}delete-all/")
    olga.fill("[name=confirm]", olga.locator("h1").inner_text())
    olga.get_by_role("button", name="Delete all records").click()
    expect(olga.locator("#messages")).to_contain_text("All records of this number were deleted.")
    assert colleagues.held(6) == []

    carol = open_as("carol", f"{number}add/")
    carol.locator("[name=hostdata]").fill("carol@example.org")
    carol.get_by_role("button", name="Add", exact=True).click()
    expect(carol.locator(".outcome")).to_have_text("The record was added.")

    olga.locator("#messages").get_by_role("link", name="Undo").click()
    expect(olga.locator("#plan")).to_contain_text("2 commands are sent")
    assert colleagues.held(6) == ["carol@example.org"]
    olga.fill("[name=reason]", "the wrong number")
    olga.get_by_role("button", name="Undo").click()
    expect(olga.locator("#messages")).to_contain_text("The change was taken back.")
    assert colleagues.held(6) == sorted([*before, "carol@example.org"])

    # An undo can be undone, and Carol's record still stays.
    olga.locator("#messages").get_by_role("link", name="Undo").click()
    olga.get_by_role("button", name="Undo").click()
    expect(olga.locator("#messages")).to_contain_text("The change was taken back.")
    assert colleagues.held(6) == ["carol@example.org"]
    carol.goto(f"{number}history/")
    expect(carol.locator(".line")).to_contain_text("the wrong number")


def test_what_a_colleague_changed_is_taken_away_only_where_somebody_says_so(
    colleagues: Colleagues, open_as: Callable[..., Page]
) -> None:
    number, before = colleagues.number(5), colleagues.held(5)
    olga = open_as("olga", number)
    olga.locator("[name=hostdata]").first.fill("olga@example.org")
    olga.get_by_role("button", name="Save", exact=True).first.click()
    undo = olga.locator(".undo").first
    undo.wait_for()
    carol = open_as("carol", number)
    carol.locator("[name=hostdata]").first.fill("carol@example.org")
    carol.get_by_role("button", name="Save", exact=True).first.click()
    carol.locator(".outcome").wait_for()

    undo.click()
    expect(olga.locator(".theirs")).to_contain_text("carol@example.org")
    expect(olga.locator("#plan-title")).to_have_text("Nothing would be sent")
    olga.get_by_label("Take away what was changed since, too").check()
    expect(olga.locator("#plan-title")).to_have_text("1 command is sent")
    assert "carol@example.org" in colleagues.held(5)
    olga.get_by_role("button", name="Undo").click()
    expect(olga.locator("#messages")).to_contain_text("The change was taken back.")
    assert colleagues.held(5) == before


def test_a_number_is_put_back_as_it_was_yesterday_also_without_javascript(
    colleagues: Colleagues, open_as: Callable[..., Page]
) -> None:
    number, began = colleagues.number(7), timezone.now()
    page = open_as("olga", number, java_script_enabled=False)
    page.locator("[name=hostdata]").first.fill("yesterday@example.org")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".outcome").wait_for()
    yesterday = colleagues.held(7)
    colleagues.let_pass(DAY)
    page.locator("article.record").last.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the record").click()
    expect(page.locator("#messages")).to_contain_text("The record was deleted.")
    page.goto(number)
    page.locator("[name=hostdata]").first.fill("today@example.org")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".outcome").wait_for()
    assert colleagues.held(7) == ["today@example.org"]

    page.get_by_role("link", name="Over time").click()
    then = page.locator(".line-entry", has_text="yesterday@example.org").last
    days = "|".join({(at - DAY).date().isoformat() for at in (began, timezone.now())})
    expect(then.locator("time").first).to_have_attribute("datetime", re.compile(f"^({days})"))
    then.get_by_role("link", name="As it was then").click()
    page.get_by_role("link", name="Put back as it was then").first.click()
    expect(page.locator("#plan")).to_contain_text("2 commands are sent")
    assert colleagues.held(7) == ["today@example.org"]
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("#messages")).to_contain_text("The number was put back as it was then.")
    assert colleagues.held(7) == yesterday

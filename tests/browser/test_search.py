"""Everything searched from the box in the head of a page, and the search kept."""

import json
import sqlite3

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.test_every_page import in_every_look

ROW = """
    INSERT INTO dashboard_mirrorednumber (
        credential_id, number_id, country, area, local, digits, record_count, records, fingerprint, is_expected,
        seen_at, changed_at, problems, dns_state, text
    ) VALUES (1, ?, '44', '20', ?, ?, 4, ?, 'x', 0, '2026-11-29 12:00:00', NULL, ?, ?, ?)
"""


def fill(site: Site, count: int) -> None:
    """Let the mirror have so many numbers."""
    hosts = [f"a-rather-long-name-of-somebody.{place}@pbx-old.example.net" for place in range(4)]
    records = [
        {"id": n, "order": 100, "preference": 10, "service": "SIP", "hostdata": one} for n, one in enumerate(hosts)
    ]
    text = "".join(f"\x1esip\x1f{one}\x1e" for one in hosts)
    with sqlite3.connect(site.data_dir / "e164web.sqlite3", timeout=30) as database:
        for place in range(count):
            local = f"7946{place:04}"
            states = ("", " kamailio asterisk "), ("differs", "published", "")
            values = (states[0][place % 2], states[1][place % 3], f"+4420{local}\n{text}")
            database.execute(ROW, (900_000 + place, local, f"4420{local}", json.dumps(records), *values))
    database.close()


def test_a_number_is_found_from_any_page_and_the_search_is_kept(open_page: OpenPage, site: Site) -> None:
    page = open_page("/credentials/", viewport={"width": 1280, "height": 900})
    box = page.locator(".site-search").get_by_role("searchbox")
    box.fill("hots:pbx-old")
    box.press("Enter")
    page.get_by_text("there is no “hots:” in this language").wait_for()
    assert in_every_look(page, "search-wrong") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    fill(site, 60)
    page.get_by_label("What to search for").fill("host:pbx-old service:SIP")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="+44 20 7946 0000").wait_for()
    expect(page.locator(".found-head")).to_contain_text("60 numbers")
    expect(page.get_by_role("button", name="Change all 60 that are found")).to_be_visible()
    assert in_every_look(page, "search-found") == []
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="+44 20 7946 0029").wait_for()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Still on the old PBX")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The search is saved as").wait_for()
    page.get_by_role("link", name="edit").click()
    page.get_by_role("link", name="Remove").wait_for()
    assert in_every_look(page, "search-saved") == []
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the search").wait_for()
    assert in_every_look(page, "search-remove") == []
    page.get_by_role("button", name="Remove the search").click()
    page.get_by_text("The saved search is removed.").wait_for()

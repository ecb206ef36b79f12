"""Pages that read the mirror: the list, a refresh and its progress, a number whose registry is down, the overview."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Credential, Mirror, MirroredNumber, NumberNote
from dashboard.models.searching import mirrored_text
from tests.faulty_registry import FaultyRegistry
from tests.services.mirror.conftest import refreshed, rows
from tests.web.views.pages import elements_of, text_of


@pytest.fixture
def remote(remote: Credential) -> Credential:
    """The credential at the registry on a real socket, refreshed once."""
    refreshed(remote)
    return remote


@pytest.fixture
def address(remote: Credential) -> str:
    """Where its pages are."""
    return f"/credentials/{remote.pk}/"


@pytest.fixture
def down(remote: Credential, registry: FaultyRegistry) -> FaultyRegistry:
    """The registry ends every connection without an answer."""
    registry.fault("*", "close")
    return registry


def test_the_list_says_how_fresh_it_is_and_asks_no_registry(
    alice: Browser, registry: FaultyRegistry, address: str
) -> None:
    asked = registry.requests
    page = alice.get(f"{address}numbers/")

    assert page.status_code == 200
    assert "+1 200 555 0101" in text_of(page).replace("-", " ")
    assert "As of" in text_of(page)
    assert registry.requests == asked


def test_a_first_visit_reads_live_and_has_the_mirror_filled(alice: Browser, remote: Credential, address: str) -> None:
    Mirror.objects.all().delete()
    page = alice.get(f"{address}numbers/")

    assert "A refresh waits for its turn." in text_of(page)
    assert Mirror.objects.get(credential=remote).wanted_at is not None


def test_search_finds_digits_notes_and_tags_in_the_mirror(alice: Browser, remote: Credential, address: str) -> None:
    first, second, *_rest = rows(remote)
    NumberNote.objects.create(credential=remote, number_id=first.number_id, text="the porter's lodge", tags="office")

    for query, expected in (("LODGE", [first]), ("office", [first]), (second.digits[-4:], [second]), ("nobody", [])):
        page = alice.get(f"{address}numbers/", {"q": query})
        shown = [row for row in rows(remote) if f"/numbers/{row.number_id}/" in page.content.decode()]
        assert shown == expected


def test_ten_thousand_mirrored_numbers_cost_no_more_questions_than_three(
    alice: Browser, remote: Credential, address: str
) -> None:
    alice.get(f"{address}numbers/")  # notes that it is used
    with CaptureQueriesContext(connection) as few:
        alice.get(f"{address}numbers/")
    MirroredNumber.objects.bulk_create(
        MirroredNumber(
            credential=remote,
            number_id=10**6 + place,
            country="44",
            local=f"{7 * 10**9 + place}",
            digits=f"44{7 * 10**9 + place}",
            seen_at=timezone.now(),
        )
        for place in range(10_000)
    )
    with CaptureQueriesContext(connection) as many:
        page = alice.get(f"{address}numbers/", {"page": "500", "sort": "-number"})

    assert len(many) == len(few)
    assert len(page.content) < 60_000
    assert "9,981–10,000" in text_of(page)


def test_a_very_large_account_is_not_counted_for_a_page(
    alice: Browser, remote: Credential, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.mirror.reading.COUNTED", 2)
    with CaptureQueriesContext(connection) as asked:
        page = alice.get(f"{address}numbers/")

    assert "1–3 of 3" in text_of(page)
    assert not [query for query in asked if "COUNT(" in query["sql"] and "mirrorednumber" in query["sql"]]


def test_refresh_is_asked_for_with_a_button_and_says_how_far_it_is(
    alice: Browser, remote: Credential, registry: FaultyRegistry, address: str
) -> None:
    answer = alice.post(f"{address}refresh/")
    assert answer.status_code == 302
    mirror = Mirror.objects.get(credential=remote)
    assert mirror.wanted_at is not None
    waiting = alice.get(f"{address}refresh/")
    assert "A refresh waits for its turn." in text_of(waiting)

    now = timezone.now()
    Mirror.objects.update(began_at=now - timedelta(seconds=60), listed_at=now, total=10_000, done=2_500)
    page = alice.get(f"{address}refresh/")
    assert "2,500 of 10,000 numbers, 7,500 left" in text_of(page)
    assert "about 3 minutes left" in text_of(page)
    part = next(given for given in elements_of(page, "div") if given.get("id") == "freshness")
    assert part["hx-trigger"] == "every 3s"


def test_a_stranger_neither_refreshes_nor_sees(mallory: Browser, remote: Credential, address: str) -> None:
    for path in ("refresh/", "overview/"):
        assert mallory.get(f"{address}{path}").status_code == 404
    assert mallory.post(f"{address}refresh/").status_code == 404
    assert Mirror.objects.get(credential=remote).wanted_at is None


def test_a_number_whose_registry_is_down_is_shown_as_it_was_with_nothing_to_edit(
    alice: Browser, down: FaultyRegistry, address: str
) -> None:
    number_id = down.number_ids[0]
    page = alice.get(f"{address}numbers/{number_id}/")

    assert page.status_code == 200
    said = text_of(page)
    assert "The registry does not answer." in said
    assert "sip.example.org" in said
    assert "Who can call" in said
    forms = [
        given for given in elements_of(page, "form") if "records" in given.get("action", "") + given.get("id", "")
    ]
    assert forms == []
    assert not [given for given in elements_of(page, "a") if "/add/" in given.get("href", "")]
    assert alice.get(f"{address}numbers/").status_code == 200


def test_a_write_to_a_registry_that_is_down_is_refused_as_ever(
    alice: Browser, down: FaultyRegistry, address: str
) -> None:
    assert alice.post(f"{address}numbers/{down.number_ids[0]}/", {}).status_code in {502, 503}


def test_a_number_that_nobody_has_seen_cannot_be_shown_from_the_mirror(
    alice: Browser, down: FaultyRegistry, address: str
) -> None:
    MirroredNumber.objects.update(fingerprint="", seen_at=None)

    assert alice.get(f"{address}numbers/{down.number_ids[0]}/").status_code == 502


def test_the_overview_counts_and_each_count_leads_to_what_is_counted(
    alice: Browser, remote: Credential, address: str
) -> None:
    MirroredNumber.objects.filter(pk=rows(remote)[0].pk).update(problems=" kamailio ", dns_state="differs")
    other = rows(remote)[1]
    records = [other.records[0], replace(other.records[1], service="MAILTO")]
    other.text = mirrored_text(other.digits, records)
    other.save()
    with CaptureQueriesContext(connection) as asked:
        page = alice.get(f"{address}overview/")

    hrefs = {given["href"] for given in elements_of(page, "a") if given.get("class") == "bar"}
    assert "/search/?q=credential%3A%22Remote%22%20country%3A1" in hrefs
    assert "/search/?q=credential%3A%22Remote%22%20service%3A%22sip%22" in hrefs
    assert "/search/?q=credential%3A%22Remote%22%20service%3A%22mailto%22" in hrefs
    assert "/search/?q=credential%3A%22Remote%22%20dns%3Adiffers" in hrefs
    assert "/search/?q=credential%3A%22Remote%22%20problem%3Akamailio" in hrefs
    assert any(href.startswith(f"/history/?credential={remote.pk}&since=") for href in hrefs)
    assert "3 numbers; the records of 3 are known" in text_of(page)
    assert len(asked) < 20

"""Two people with the same thing open: what one changes or removes, the other does not write over unseen, and nothing
that was typed is lost.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Kind, RecordTemplate, Role, SavedSearch, Team, User, Watch, Webhook
from dashboard.services import search
from dashboard.services.bulk import templates
from tests.fixtures_people import share
from tests.fixtures_told import watch
from tests.web.views.pages import form_to, text_of

Two = tuple[Browser, Browser]
TOLD = {"email": "none", "to_webhooks": "on"}


@pytest.fixture
def two(
    alice: Browser, manager: User, team: Team, credential: Credential, browser_of: Callable[[User], Browser]
) -> Two:
    """Alice, and another manager of her team."""
    share(credential, team, Role.MANAGER)
    return alice, browser_of(manager)


def seen(page: Any, address: str) -> dict[str, str]:
    """What a form carries of what it showed."""
    return {"shown": form_to(page, address).fields["shown"]}


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, " ".join(text_of(answer).split())


def opened(two: Two, address: str) -> list[dict[str, str]]:
    return [seen(browser.get(address), address) for browser in two]


def test_a_watch(two: Two, person: User, team: Team, credential: Credential) -> None:
    address = f"/watches/{watch(person, credential, team=team.pk).pk}/"
    first, second = opened(two, address)
    asked = TOLD | {Kind.DNS: "on"}
    assert [two[0].post(address, asked | first).status_code for _twice in range(2)] == [302, 302]

    stale = two[1].post(address, TOLD | second | {Kind.WORSE: "on"})
    assert stale.status_code == 422
    assert "to tell of: a DNS that differs for 10 minutes (webhooks)" in said(stale)[1]
    assert Watch.objects.get().asked_for == [Kind.DNS]
    assert form_to(stale, address).submit(two[1], **TOLD, worse="on").status_code == 302
    assert Watch.objects.get().asked_for == [Kind.WORSE]

    assert two[0].post(f"{address}remove/").status_code == 302
    for gone in (two[1].post(f"{address}remove/"), two[1].post(address, asked | second)):
        assert (gone.status_code, "There is no such watch." in said(gone)[1]) == (404, True)


def test_a_template(two: Two, person: User, team: Team) -> None:
    record = {"preference": 10, "service": "SIP", "hostdata": "{number}@desk.example.org"}
    address = f"/templates/{templates.save(person, 'Desk', [record], team=team.pk).pk}/"
    first, second = opened(two, address)
    night, day = ({"name": "Desk", "records": f"10 SIP {host}@example.org"} for host in ("night", "day"))
    assert [two[0].post(address, night | first).status_code for _twice in range(2)] == [302, 302]

    stale = two[1].post(address, day | second)
    assert stale.status_code == 422
    assert "to “Desk”: 10 SIP night@example.org. Save again" in said(stale)[1]
    assert "10 SIP day@example.org" in said(stale)[1]
    assert form_to(stale, address).submit(two[1], records=day["records"]).status_code == 302
    assert RecordTemplate.objects.get().records[0]["hostdata"] == "day@example.org"

    assert two[0].post(f"{address}delete/").status_code == 302
    code, gone = said(two[1].post(address, night | second))
    assert code == 404
    assert "There is no such template." in gone
    assert "10 SIP night@example.org" in gone
    assert not RecordTemplate.objects.exists()


def test_a_saved_search(two: Two, person: User, team: Team) -> None:
    address = f"/search/saved/{search.save_search(person, 'Old', 'host:pbx-old', team=team.pk).pk}/"
    first, second = opened(two, address)
    assert [two[0].post(address, {"name": "Older"} | first).status_code for _twice in range(2)] == [302, 302]

    stale = two[1].post(address, {"name": "Oldest"} | second)
    assert (stale.status_code, "to “Older”. Save again" in said(stale)[1]) == (422, True)
    assert form_to(stale, address).submit(two[1]).status_code == 302
    assert SavedSearch.objects.get().name == "Oldest"

    assert two[0].post(f"{address}remove/").status_code == 302
    code, gone = said(two[1].post(address, {"name": "Mine"} | second))
    assert (code, "There is no such saved search." in gone, "Mine" in gone) == (404, True, True)


def test_a_webhook(two: Two, person: User, team: Team) -> None:
    sent = {"address": "https://hooks.example.org/", "team": str(team.pk)}
    assert [two[0].post("/watches/webhooks/add/", sent).status_code for _twice in range(2)] == [200, 422]
    address = f"/watches/webhooks/{Webhook.objects.get().pk}/"
    first, second = (seen(browser.get(address), f"{address}secret/") for browser in two)
    assert "whsec_" in said(two[0].post(f"{address}secret/", first))[1]

    late = two[1].post(f"{address}secret/", second, follow=True)
    assert "so it was not replaced again" in said(late)[1]
    assert Webhook.objects.get().secrets.count() == 2

    assert two[0].post(f"{address}remove/").status_code == 302
    gone = two[1].post(f"{address}remove/")
    assert (gone.status_code, "There is no such webhook." in said(gone)[1]) == (404, True)

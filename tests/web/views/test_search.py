"""The page that searches everything: what is found, what is wrong, and what is kept."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client as Browser
from django.utils import timezone

from dashboard.models import Credential, MirroredNumber, NumberNote, Role, SavedSearch, Team, User
from dashboard.models.searching import mirrored_text
from dashboard.protocol import RecordState
from dashboard.services.search import finding
from tests.fixtures_audit import last
from tests.fixtures_people import share
from tests.web.views.pages import elements_of, text_of

OLD = [RecordState(id=1, preference=10, service="SIP", hostdata="office@pbx-old.example.net")]


@pytest.fixture
def number(credential: Credential) -> MirroredNumber:
    return make(credential, "442079460958")


def make(credential: Credential, digits: str, **values: Any) -> MirroredNumber:
    given = {"credential": credential, "number_id": int(digits[-6:]), "digits": digits, "records": OLD}
    given |= {"record_count": 1, "seen_at": timezone.now(), "text": mirrored_text(digits, OLD)}
    return MirroredNumber.objects.create(**given | values)


def search(browser: Browser, query: str = "", **more: str) -> Any:
    return browser.get("/search/", {"q": query, **more})


def test_a_number_is_shown_with_all_that_is_known(alice: Browser, number: MirroredNumber) -> None:
    NumberNote.objects.create(
        credential=number.credential, number_id=number.number_id, text="<b>Desk</b>", tags="front vip"
    )
    MirroredNumber.objects.update(problems=" asterisk ", dns_state="differs")
    page = search(alice, "host:pbx-old")
    said = text_of(page)
    for words in (
        "1 number",
        "+44 20 7946 0958",
        "Embedded",
        "SIP office@pbx-old.example.net",
        "Asterisk",
        "differs",
    ):
        assert words in said
    assert "<b>Desk</b>" in said
    assert "front vip" in said.replace("\n", " ")
    boxes = [given for given in elements_of(page, "input") if given.get("name") == "number"]
    assert [box["value"] for box in boxes] == [f"{number.credential_id}:{number.number_id}"]
    links = {given.get("href") for given in elements_of(page, "a")}
    assert f"/credentials/{number.credential_id}/numbers/{number.number_id}/" in links
    assert "/search/save/?q=host%3Apbx-old" in links
    assert "/export/?q=host%3Apbx-old&format=csv" in links


def test_what_cannot_be_understood_is_said_at_the_box_which_keeps_it(alice: Browser, number: MirroredNumber) -> None:
    page = search(alice, 'hots:pbx "<x')
    assert page.status_code == 422
    assert "there is no “hots:” in this language" in text_of(page)
    box = next(given for given in elements_of(page, "input") if given.get("id") == "search-q")
    assert (box["value"], box["aria-describedby"]) == ('hots:pbx "<x', "search-problem")
    assert search(alice, "", after="x").status_code == 422


def test_pages_lead_on_and_back(alice: Browser, credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    for last_digit in range(5):
        make(credential, f"44207946095{last_digit}")
    page, shown = search(alice, "pbx-old"), list[str]()
    while True:
        shown += [given["value"] for given in elements_of(page, "input") if given.get("name") == "number"]
        following = [given["href"] for given in elements_of(page, "a") if given.get("rel") == "next"]
        if not following:
            break
        page = alice.get(f"/search/{following[0]}")
    assert len(set(shown)) == len(shown) == 5
    back = [given["href"] for given in elements_of(page, "a") if given.get("rel") == "prev"]
    assert "+44 20 7946 0952" in text_of(alice.get(f"/search/{back[0]}"))


def counted(browser: Browser, page: Any) -> Any:
    """The answer to what the page asks by itself."""
    (asks,) = [given for given in elements_of(page, "p") if "data-by-itself" in given]
    return browser.get(asks["hx-get"])


def test_a_page_that_does_not_show_all_asks_how_many_there_are(
    alice: Browser, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    monkeypatch.setattr(finding, "COUNTED", 4)
    for last_digit in range(4):
        make(credential, f"44207946095{last_digit}")
    first = search(alice, "host:pbx-old")
    assert "More than 2 numbers" in text_of(first)
    assert "Change all that are found" in text_of(first)
    answer = text_of(counted(alice, first))
    assert "4 numbers" in answer
    assert "Change all 4 that are found" in answer
    (last_page,) = [given["href"] for given in elements_of(first, "a") if given.get("rel") == "next"]
    assert "4 numbers" in text_of(counted(alice, alice.get(f"/search/{last_page}")))
    make(credential, "442079460954")
    answer = text_of(counted(alice, first))
    assert "More than 4 numbers" in answer
    assert "Change all" not in answer


def test_a_page_that_shows_all_says_how_many_at_once(alice: Browser, number: MirroredNumber) -> None:
    page = search(alice, "pbx-old")
    assert "Change the only one found" in text_of(page)
    assert not [given for given in elements_of(page, "p") if "data-by-itself" in given]


def test_a_count_that_is_not_possible_any_more_says_why(alice: Browser, number: MirroredNumber) -> None:
    answer = alice.get("/search/count/", {"q": "credential:Gone"})
    assert answer.status_code == 422
    assert "you see no credential that is called so" in text_of(answer)


def test_nothing_found_and_nothing_known_say_what_to_do(alice: Browser, credential: Credential) -> None:
    assert "No numbers are known yet" in text_of(search(alice))
    make(credential, "1")
    assert "No number matches" in text_of(search(alice, "nowhere"))


def test_every_page_has_the_box(alice: Browser, credential: Credential) -> None:
    forms = [given.get("action") for given in elements_of(alice.get("/credentials/"), "form")]
    assert "/search/" in forms


def test_a_search_is_saved_found_again_renamed_and_removed(alice: Browser, person: User) -> None:
    wrong = alice.post("/search/save/", {"name": "Old", "q": "hots:x"})
    assert wrong.status_code == 422
    assert "there is no “hots:”" in text_of(wrong)
    query = 'host:pbx-old -tag:"x"'
    alice.post("/search/save/", {"name": "Old PBX", "q": query})
    assert f"/search/?q={quote(query)}" in {given.get("href") for given in elements_of(search(alice), "a")}
    taken = alice.post("/search/save/", {"name": "Old PBX", "q": "x"})
    assert (taken.status_code, SavedSearch.objects.count()) == (422, 1)
    assert "Another saved search is called so" in text_of(taken)

    kept = SavedSearch.objects.get(user=person)
    alice.post(f"/search/saved/{kept.pk}/", {"name": "Old one"})
    assert "Old one" in text_of(search(alice))
    assert "Remove “Old one”?" in text_of(alice.get(f"/search/saved/{kept.pk}/remove/"))
    alice.post(f"/search/saved/{kept.pk}/remove/")
    assert not SavedSearch.objects.exists()


def test_a_teams_search_is_seen_by_members_and_changed_by_editors(
    alice: Browser, team: Team, viewer: User, editor: User, stranger: User, credential: Credential, browser_of: Any
) -> None:
    share(credential, team, Role.VIEWER)
    alice.post("/search/save/", {"name": "Old PBX", "q": "host:pbx-old", "team": team.pk})
    assert (last().event, last().team) == ("search.saved", team)
    kept = SavedSearch.objects.get()
    address = f"/search/saved/{kept.pk}/"
    assert "Old PBX" in text_of(search(browser_of(viewer)))
    assert "Old PBX" not in text_of(search(browser_of(stranger)))
    statuses = [browser_of(who).post(address, {"name": "x"}).status_code for who in (stranger, viewer, editor)]
    assert statuses == [404, 403, 302]
    viewers = browser_of(viewer).post("/search/save/", {"name": "y", "q": "a", "team": team.pk})
    assert not SavedSearch.objects.filter(team=team, name="y").exists(), viewers.status_code

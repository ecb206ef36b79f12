"""Pages of teams and their members."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Membership, Role, Share, Team, User
from tests.fixtures_people import share
from tests.web.views.pages import asks_to_sign_in, errors_of, form_to, notices_of, text_of

BrowserOf = Callable[[User], Browser]


@pytest.fixture
def address(team: Team) -> str:
    """The page of the office."""
    return f"/teams/{team.pk}/"


def member_page(address: str, person: User) -> str:
    return f"{address}members/{Membership.objects.get(user=person).pk}/"


def test_the_menu_leads_to_the_teams(alice: Browser) -> None:
    page = alice.get("/teams/")

    assert 'href="/teams/" aria-current="page"' in page.content.decode()
    assert "You are in no team yet" in text_of(page)


def test_somebody_with_nothing_is_told_what_to_do(alice: Browser) -> None:
    page = alice.get("/", follow=True)

    assert "Add a credential" in text_of(page)
    assert "invite you into their team" in text_of(page)
    assert 'href="/teams/"' in page.content.decode()


def test_a_team_is_made_and_managed(alice: Browser) -> None:
    answer = form_to(alice.get("/teams/add/"), "/teams/add/").submit(alice, "/teams/add/", name="Office")
    page = alice.get(answer["Location"])

    assert notices_of(page) == ["The team “Office” is made, and you manage it."]
    assert "alice (you)" in text_of(page)
    assert 'href="/audit/?team=' in page.content.decode()
    assert "1 member · 0 credentials" in text_of(alice.get("/teams/"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "This field is required."),
        ("OFFICE", "There is a team called “OFFICE” already: choose another name."),
        ("\u202eeciffO", "A name must not hold control characters or marks for the direction of writing."),
        ("x" * 10_000, "Ensure this value has at most 100 characters (it has 10000)."),
    ],
)
def test_a_name_that_does_not_do_comes_back_with_the_reason(alice: Browser, team: Team, name: str, said: str) -> None:
    page = alice.post("/teams/add/", {"name": name})

    assert page.status_code == 422
    assert errors_of(page) == [said]
    assert form_to(page, "/teams/add/").fields["name"] == name
    assert Team.objects.count() == 1


def test_a_manager_gives_the_team_another_name(alice: Browser, team: Team, address: str) -> None:
    answer = form_to(alice.get(address), address).submit(alice, address, name="Second floor")

    assert notices_of(alice.get(answer["Location"])) == ["The team is called “Second floor” now."]
    assert alice.post(address, {"name": ""}).status_code == 422


def test_a_viewer_reads_and_finds_no_buttons(
    browser_of: BrowserOf, credential: Credential, team: Team, viewer: User, address: str
) -> None:
    share(credential, team, Role.EDITOR)
    page = browser_of(viewer).get(address)

    assert "You may look at the numbers, records and history that are shared here." in text_of(page)
    assert "Embedded This registry alice editors and managers may change records" in text_of(page)
    assert "alice manager" in text_of(page)
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert set(re.findall(r'href="([^"]+)"', main)) == {
        "/teams/",
        f"/history/?team={team.pk}",
        f"{address}leave/",
        f"/credentials/{credential.pk}/numbers/",
    }


PATHS = ["invite/", "delete/", "members/{alice}/", "members/{alice}/remove/"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_what_managers_do_is_refused_to_others_with_a_sentence(
    request: pytest.FixtureRequest, browser_of: BrowserOf, person: User, address: str, who: str, path: str
) -> None:
    browser = browser_of(request.getfixturevalue(who))
    there = address + path.format(alice=Membership.objects.get(user=person).pk)

    for page in (browser.get(there), browser.post(there, {"role": "viewer", "name": "Mine"})):
        assert page.status_code == 403
        assert "Only a manager of the team may do this with “Office”." in text_of(page)
    assert Membership.objects.get(user=person).role == Role.MANAGER


def test_a_viewer_renames_nothing(browser_of: BrowserOf, viewer: User, team: Team, address: str) -> None:
    assert browser_of(viewer).post(address, {"name": "Mine"}).status_code == 403
    team.refresh_from_db()
    assert team.name == "Office"


@pytest.mark.parametrize("path", ["", "leave/", *PATHS, "invitations/1/take-back/"])
def test_a_team_is_nowhere_for_a_stranger(mallory: Browser, person: User, address: str, path: str) -> None:
    there = address + path.format(alice=Membership.objects.get(user=person).pk)

    assert mallory.post(there).status_code == 404
    assert mallory.get(there).status_code in {404, 405}


@pytest.mark.parametrize("path", ["/teams/", "/teams/add/", "/teams/1/", "/teams/1/invite/", "/teams/1/leave/"])
def test_who_has_not_signed_in_is_sent_to_do_so(anonymous: Browser, path: str) -> None:
    assert asks_to_sign_in(anonymous.get(path), path)


def test_a_role_is_changed(alice: Browser, editor: User, address: str) -> None:
    there = member_page(address, editor)
    form = form_to(alice.get(there), there)
    answer = form.submit(alice, role="viewer")

    assert form.fields["role"] == "editor"
    assert notices_of(alice.get(answer["Location"])) == ["edith is viewer now."]
    assert alice.post(there, {"role": "owner"}).status_code == 422
    assert Membership.objects.get(user=editor).role == Role.VIEWER


def test_the_last_manager_is_told_why_they_stay(alice: Browser, person: User, editor: User, address: str) -> None:
    why = "“Office” would have no manager: make another member manager first, or delete the team."
    role = alice.post(member_page(address, person), {"role": "viewer"})
    left = alice.post(f"{address}leave/")

    assert (role.status_code, errors_of(role)) == (422, [why])
    assert (left.status_code, notices_of(left)) == (422, [why])
    assert Membership.objects.get(user=person).role == Role.MANAGER


def test_removing_a_member_says_what_becomes_of_what_they_have(
    alice: Browser, person: User, team: Team, editor: User, credential: Credential, address: str
) -> None:
    share(credential, team)
    credential.user = editor
    credential.save()
    there = f"{member_page(address, editor)}remove/"
    page = alice.get(there)
    answer = form_to(page, "").submit(alice, there)

    assert "Remove edith from “Office”?" in text_of(page)
    assert "1 credential belongs to edith and leaves the team" in text_of(page)
    assert "“Embedded” (alice at This registry)" in text_of(page)
    assert notices_of(alice.get(answer["Location"])) == ["edith is no member of “Office” any more."]
    assert not Share.objects.exists()


def test_a_removed_member_loses_pages_that_are_open_at_once(
    alice: Browser, browser_of: BrowserOf, team: Team, editor: User, credential: Credential, address: str
) -> None:
    share(credential, team)
    browser, numbers = browser_of(editor), f"/credentials/{credential.pk}/numbers/"
    assert browser.get(numbers).status_code == 200
    alice.post(f"{member_page(address, editor)}remove/")

    assert browser.get(numbers).status_code == 404
    assert browser.get(address).status_code == 404


def test_leaving_says_what_is_lost(
    browser_of: BrowserOf, team: Team, editor: User, credential: Credential, address: str
) -> None:
    share(credential, team)
    browser = browser_of(editor)
    page = browser.get(f"{address}leave/")
    answer = browser.post(f"{address}leave/")

    assert "No credential in the team belongs to edith" in text_of(page)
    assert "1 credential stays in the team, and edith sees it and its history through this team no longer" in text_of(
        page
    )
    assert notices_of(browser.get(answer["Location"])) == ["You have left “Office”."]
    assert browser.post(f"{address}leave/").status_code == 404


def test_deleting_a_team_names_and_counts_what_goes(
    alice: Browser, team: Team, editor: User, credential: Credential, address: str
) -> None:
    share(credential, team)
    alice.post(f"{address}invite/", {"role": "viewer"})
    page = alice.get(f"{address}delete/")
    answer = form_to(page, "").submit(alice, f"{address}delete/")

    for sentence in (
        "2 members lose what the team shares: alice (manager) edith (editor)",
        "1 credential is shared here no longer. Its owner keeps it, with its history:",
        "“Embedded” (alice at This registry)",
        "1 open invitation works no longer.",
    ):
        assert sentence in text_of(page)
    assert notices_of(alice.get(answer["Location"])) == ["The team “Office” is deleted."]
    assert Credential.objects.exists()
    assert alice.post(f"{address}delete/").status_code == 404


def test_forged_posts_change_nothing(careful: Browser, team: Team, editor: User, address: str) -> None:
    for path in ("", "invite/", "leave/", "delete/", f"members/{Membership.objects.get(user=editor).pk}/remove/"):
        assert careful.post(address + path, {"name": "x", "role": "viewer"}).status_code == 403
    assert Membership.objects.count() == 2

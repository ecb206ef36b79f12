"""Pages of a credential among people: shared, taken out, handed over."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from dashboard.models import Credential, Role, Share, Team, User
from tests.fixtures_people import sealed_credential, share
from tests.web.views.pages import asks_to_sign_in, errors_of, form_to, notices_of, text_of

BrowserOf = Callable[[User], Browser]


@pytest.fixture
def address(credential: Credential) -> str:
    """The page of Alice's credential."""
    return f"/credentials/{credential.pk}/"


def test_the_owner_shares_with_a_team(alice: Browser, team: Team, address: str) -> None:
    answer = form_to(alice.get(address), f"{address}share/").submit(alice, role="viewer")
    page = alice.get(answer["Location"])

    assert notices_of(page) == ["“Embedded” is shared with the team “Office”."]
    assert "Office every member may only look" in text_of(page)
    assert Share.objects.get().role == Role.VIEWER


def test_the_right_of_a_share_is_changed(alice: Browser, credential: Credential, team: Team, address: str) -> None:
    share(credential, team, Role.VIEWER)
    form = form_to(alice.get(f"{address}share/?team={team.pk}"), f"{address}share/")
    assert form.fields["role"] == "viewer"
    form.submit(alice, role="editor")

    assert Share.objects.get().role == Role.EDITOR


@pytest.mark.parametrize("typed", [{"team": "12345"}, {"team": "x"}, {"team": ""}, {"role": "owner"}, {"role": ""}])
def test_what_cannot_be_shared_comes_back(alice: Browser, team: Team, address: str, typed: dict[str, str]) -> None:
    page = alice.post(f"{address}share/", {"team": team.pk, "role": "viewer"} | typed)

    assert page.status_code == 422
    assert errors_of(page)
    assert not Share.objects.exists()


def test_a_team_of_others_cannot_be_chosen(alice: Browser, address: str) -> None:
    theirs = Team.objects.create(name="Theirs")

    assert alice.post(f"{address}share/", {"team": theirs.pk, "role": "viewer"}).status_code == 422
    assert not Share.objects.exists()


def test_without_a_team_the_owner_is_led_to_them(alice: Browser, address: str) -> None:
    assert "Nobody but you sees it. To share it, you need a team." in text_of(alice.get(address))


def test_a_viewer_reads_with_whom_it_is_shared(
    browser_of: BrowserOf, credential: Credential, team: Team, viewer: User, address: str
) -> None:
    share(credential, team, Role.EDITOR)
    page = browser_of(viewer).get(address)

    assert "It belongs to alice. You see it through these teams." in text_of(page)
    for path in ("share/", "unshare/", "hand-over/"):
        assert address + path not in page.content.decode()


def test_a_member_is_not_told_of_teams_that_they_are_not_in(
    browser_of: BrowserOf, person: User, credential: Credential, team: Team, viewer: User, address: str
) -> None:
    share(credential, team)
    share(credential, Team.objects.create(name="Secret merger"))

    assert "Secret merger" not in browser_of(viewer).get(address).content.decode()


@pytest.mark.parametrize("who", ["viewer", "editor", "manager"])
def test_only_the_owner_shares_and_hands_over(
    request: pytest.FixtureRequest, browser_of: BrowserOf, credential: Credential, team: Team, address: str, who: str
) -> None:
    share(credential, team)
    member = request.getfixturevalue(who)
    browser = browser_of(member)

    for path, typed in (("share/", {"team": team.pk, "role": "viewer"}), ("hand-over/", {"person": member.pk})):
        for page in (browser.get(address + path), browser.post(address + path, typed)):
            assert page.status_code == 403
            assert "Only the owner of “Embedded” may do this." in text_of(page)
    assert Share.objects.get().role == Role.MANAGER


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_who_does_not_manage_takes_nothing_out(
    request: pytest.FixtureRequest, browser_of: BrowserOf, credential: Credential, team: Team, address: str, who: str
) -> None:
    share(credential, team)
    page = browser_of(request.getfixturevalue(who)).post(f"{address}unshare/", {"team": team.pk})

    assert page.status_code == 403
    assert "Only a manager of the team may do this with “Embedded”." in text_of(page)
    assert Share.objects.exists()


def test_a_manager_takes_a_credential_out(
    browser_of: BrowserOf, credential: Credential, team: Team, manager: User, address: str
) -> None:
    share(credential, team, Role.VIEWER)
    browser, there = browser_of(manager), f"{address}unshare/?team={team.pk}"
    assert there in browser.get(address).content.decode()
    page = browser.get(there)
    answer = form_to(page, there).submit(browser, f"{address}unshare/")

    assert "Take “Embedded” out of “Office”?" in text_of(page)
    assert answer["Location"] == f"/teams/{team.pk}/"
    assert notices_of(browser.get(answer["Location"])) == ["“Embedded” is shared with the team “Office” no longer."]


def test_the_owner_takes_a_credential_out(alice: Browser, credential: Credential, team: Team, address: str) -> None:
    share(credential, team)

    assert alice.post(f"{address}unshare/", {"team": team.pk})["Location"] == address
    assert alice.post(f"{address}unshare/", {"team": team.pk}).status_code == 422
    assert not Share.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "-1", "12345", "9" * 30])
def test_a_team_that_does_not_have_it_comes_back(
    alice: Browser, credential: Credential, team: Team, address: str, typed: str
) -> None:
    share(credential, team)
    page = alice.post(f"{address}unshare/", {"team": typed})

    assert page.status_code == 422
    assert errors_of(page)
    assert Share.objects.exists()


def test_a_manager_takes_it_out_of_no_other_team(
    browser_of: BrowserOf, person: User, credential: Credential, team: Team, manager: User, address: str
) -> None:
    other = Team.objects.create(name="Elsewhere")
    other.memberships.create(user=person, role=Role.MANAGER)
    share(credential, team)
    share(credential, other)
    browser = browser_of(manager)

    assert "Elsewhere" not in browser.get(f"{address}unshare/").content.decode()
    assert browser.post(f"{address}unshare/", {"team": other.pk}).status_code == 422
    assert Share.objects.count() == 2


def test_handing_over_says_what_it_means_and_does_it(
    alice: Browser,
    browser_of: BrowserOf,
    person: User,
    credential: Credential,
    team: Team,
    editor: User,
    address: str,
) -> None:
    share(credential, team)
    lonely = Team.objects.create(name="Archive")
    lonely.memberships.create(user=person, role=Role.MANAGER)
    share(credential, lonely)
    page = alice.get(f"{address}hand-over/")
    answer = form_to(page, "").submit(alice, f"{address}hand-over/", person=editor.pk)

    assert "The stored password stays good" in text_of(page)
    assert "With edith as the owner, it leaves the teams that they are not in: Archive." in text_of(page)
    assert notices_of(alice.get(answer["Location"])) == ["“Embedded” belongs to edith now."]
    assert alice.post(address, {"password": "x"}).status_code == 403
    assert browser_of(editor).get(f"{address}hand-over/").status_code == 200


def test_a_label_of_the_new_owner_is_no_fault(
    alice: Browser, credential: Credential, team: Team, editor: User, address: str
) -> None:
    share(credential, team)
    sealed_credential(editor, credential.registry, "other", "0" * 32, "Embedded")
    page = alice.post(f"{address}hand-over/", {"person": editor.pk})

    assert page.status_code == 422
    assert errors_of(page)[0].startswith("edith has a credential with the label “Embedded” already.")
    assert form_to(page, "").fields["person"] == str(editor.pk)


@pytest.mark.parametrize("path", ["share/", "unshare/", "hand-over/"])
def test_nothing_of_it_is_there_for_a_stranger(mallory: Browser, anonymous: Browser, address: str, path: str) -> None:
    assert mallory.get(address + path).status_code == 404
    assert mallory.post(address + path, {"team": "1", "role": "viewer", "person": "1"}).status_code == 404
    assert asks_to_sign_in(anonymous.post(address + path), address + path)


def test_nobody_can_be_chosen_who_is_in_no_team_with_it(
    alice: Browser, stranger: User, credential: Credential, address: str
) -> None:
    assert "Share it first." in text_of(alice.get(f"{address}hand-over/"))
    assert alice.post(f"{address}hand-over/", {"person": stranger.pk}).status_code == 422


def test_removing_a_credential_names_the_teams_that_lose_it(
    alice: Browser, credential: Credential, team: Team, address: str
) -> None:
    share(credential, team)

    assert notices_of(alice.get(f"{address}delete/")) == ["These teams lose its numbers and records at once: Office"]

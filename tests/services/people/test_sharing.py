"""Credentials in teams: shared, taken out, handed over."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard import access, vault
from dashboard.models import Credential, Membership, Registry, Role, Share, Team, User
from dashboard.protocol import secret_of
from dashboard.services import people
from tests.fixtures_people import REGISTRY_PASSWORD, allowed, member, sealed_credential, share

Noted = list[tuple[str, str, str]]


@pytest.fixture
def elsewhere(person: User) -> Team:
    """Another team of Alice's, in which nobody else is."""
    return people.make_team(person, "Elsewhere")


@pytest.mark.parametrize(
    ("role", "may"), [(Role.VIEWER, access.SEE), (Role.EDITOR, access.EDIT), (Role.MANAGER, access.EDIT)]
)
def test_a_share_gives_no_more_than_both_roles(
    person: User, team: Team, editor: User, credential: Credential, role: Role, may: access.May
) -> None:
    people.share_credential(person, credential.pk, team.pk, role)

    assert allowed(editor, credential) == may


def test_sharing_again_changes_the_right(
    person: User, team: Team, editor: User, credential: Credential, noted: Noted
) -> None:
    people.share_credential(person, credential.pk, team.pk, Role.EDITOR)
    people.share_credential(person, credential.pk, team.pk, Role.EDITOR)
    people.share_credential(person, credential.pk, team.pk, Role.VIEWER)

    assert allowed(editor, credential) == access.SEE
    assert Share.objects.count() == 1
    assert noted == [("credential.shared", "alice", "editor"), ("credential.shared", "alice", "viewer")]


def test_only_the_owner_shares(manager: User, team: Team, credential: Credential) -> None:
    share(credential, team)
    own = people.make_team(manager, "Mona's")

    with pytest.raises(PermissionDenied, match="Only the owner"):
        people.share_credential(manager, credential.pk, own.pk, Role.MANAGER)


def test_nothing_is_shared_with_a_team_of_others(person: User, stranger: User, credential: Credential) -> None:
    theirs = people.make_team(stranger, "Theirs")

    with pytest.raises(Http404):
        people.share_credential(person, credential.pk, theirs.pk, Role.VIEWER)


@pytest.mark.parametrize("who", ["person", "manager"])
def test_the_owner_and_managers_take_a_credential_out(
    request: pytest.FixtureRequest, team: Team, editor: User, credential: Credential, noted: Noted, who: str
) -> None:
    by = request.getfixturevalue(who)
    share(credential, team, Role.VIEWER)
    people.unshare(by, credential.pk, team.pk)

    assert allowed(editor, credential) is None
    assert noted == [("credential.unshared", str(by), "")]


def test_an_editor_takes_nothing_out(team: Team, editor: User, credential: Credential) -> None:
    share(credential, team)

    with pytest.raises(PermissionDenied, match="Only a manager"):
        people.unshare(editor, credential.pk, team.pk)


def test_a_manager_reaches_no_other_team(manager: User, team: Team, elsewhere: Team, credential: Credential) -> None:
    share(credential, team)
    share(credential, elsewhere)

    with pytest.raises(Http404):
        people.unshare(manager, credential.pk, elsewhere.pk)
    with pytest.raises(Http404):
        people.unshare(manager, credential.pk, 12345)


def test_a_credential_that_was_handed_over_still_opens(
    person: User, team: Team, editor: User, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    people.hand_over(person, credential.pk, editor.pk)
    credential = Credential.objects.get()

    assert vault.unseal(credential) == secret_of(REGISTRY_PASSWORD)
    assert allowed(editor, credential) == access.OWN
    assert allowed(person, credential) == access.MANAGE
    assert noted == [("credential.handed-over", "alice", "")]


def test_it_leaves_the_teams_that_the_new_owner_is_not_in(
    person: User, team: Team, elsewhere: Team, editor: User, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    share(credential, elsewhere)
    people.hand_over(person, credential.pk, editor.pk)

    assert [one.team for one in Share.objects.all()] == [team]
    assert [event for event, _by, _words in noted] == ["credential.unshared", "credential.handed-over"]


def test_nobody_outside_its_teams_gets_a_credential(
    person: User, team: Team, elsewhere: Team, stranger: User, credential: Credential
) -> None:
    share(credential, team)
    Membership.objects.create(team=elsewhere, user=stranger, role=Role.VIEWER)
    off = member(team, "off", Role.EDITOR)
    User.objects.filter(pk=off.pk).update(is_active=False)

    for other in (stranger, off, person):
        with pytest.raises(people.NoHeir):
            people.hand_over(person, credential.pk, other.pk)
    assert Credential.objects.get().user == person


def test_a_manager_hands_nothing_over(manager: User, editor: User, team: Team, credential: Credential) -> None:
    share(credential, team)

    with pytest.raises(PermissionDenied):
        people.hand_over(manager, credential.pk, manager.pk)


def test_a_label_that_the_new_owner_has_is_said(
    person: User, team: Team, editor: User, credential: Credential
) -> None:
    share(credential, team, Role.VIEWER)
    other = Registry.objects.create(name="Other", url="https://other.example/")
    sealed_credential(editor, other, "edith", "0" * 32, credential.label)

    with pytest.raises(people.LabelTaken, match="edith has a credential with the label “Embedded” already"):
        people.hand_over(person, credential.pk, editor.pk)
    assert Credential.objects.get(pk=credential.pk).user == person
    assert Share.objects.exists()


def test_a_login_that_the_new_owner_has_is_said(
    person: User, team: Team, editor: User, credential: Credential
) -> None:
    share(credential, team)
    sealed_credential(editor, credential.registry, credential.username, "0" * 32, "Mine")

    with pytest.raises(people.LoginTaken, match="for the user name alice at “This registry”"):
        people.hand_over(person, credential.pk, editor.pk)


def test_more_heirs_cost_no_more_queries(
    elsewhere: Team, team: Team, editor: User, viewer: User, credential: Credential, django_assert_num_queries: Any
) -> None:
    for each in (team, elsewhere):
        share(credential, each)
    with django_assert_num_queries(3):
        found = people.heirs_with_losses(credential)

    assert [(heir, [lost.team for lost in losses]) for heir, losses in found] == [
        (editor, [elsewhere]),
        (viewer, [elsewhere]),
    ]

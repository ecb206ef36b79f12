"""Teams: made, named, left, deleted; and never without a manager."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard import access
from dashboard.models import Credential, Membership, Role, Share, Team, User
from dashboard.services import people
from e164web.sign_in.oidc.configuration import TeamRule
from tests.fixtures_people import allowed, share
from tests.services.people.conftest import AtOnce

Noted = list[tuple[str, str, str]]


def role_in(team: Team, person: User) -> str:
    return Membership.objects.get(team=team, user=person).role


def member_of(team: Team, person: User) -> int:
    return Membership.objects.get(team=team, user=person).pk


def test_who_makes_a_team_manages_it(person: User, noted: Noted) -> None:
    team = people.make_team(person, "Office")

    assert role_in(team, person) == Role.MANAGER
    assert noted == [("team.made", "alice", "")]


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("Office", "OFFICE"),
        ("Office", "\uff2fffice"),  # a full-width O
        ("Büro", "BÜRO"),
        ("Büro", "Bu\u0308ro"),  # u and a combining diaeresis
        ("Straße", "STRASSE"),
        ("First floor", "First \u00a0floor"),
        ("Office", "  Office "),
    ],
)
def test_a_team_is_not_called_like_another(person: User, stranger: User, name: str, alike: str) -> None:
    people.make_team(person, name)

    with pytest.raises(people.NameTaken):
        people.make_team(stranger, alike)
    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["", "   ", "a\nb", "a\x00b", "\u202eeciffO", "Off\u200bice", "a\u2066b", "x" * 101, "x" * 10_000, "\ufdfa" * 90],
)
def test_a_name_that_cannot_be_read_is_refused(person: User, name: str) -> None:
    with pytest.raises(people.NameUnfit):
        people.make_team(person, name)
    assert not Team.objects.exists()


def test_a_name_that_a_provider_fills_is_taken_by_nobody(person: User, team: Team, settings: Any) -> None:
    rule = TeamRule(group="g", team="Telephones", role=Role.EDITOR)
    provider = SimpleNamespace(teams=[rule])
    settings.E164WEB = dataclasses.replace(settings.E164WEB, oidc_providers=[provider])
    with pytest.raises(people.NameReserved):
        people.make_team(person, "TELEPHONES")
    with pytest.raises(people.NameReserved):
        people.rename_team(person, team.pk, "Telephones")
    Team.objects.filter(pk=team.pk).update(name="Telephones")
    with pytest.raises(people.NameReserved):
        people.rename_team(person, team.pk, "Switchboard")
    assert people.rename_team(person, team.pk, "telephones").name == "telephones"


def test_a_team_may_be_called_so_again_with_other_capitals(person: User, team: Team, noted: Noted) -> None:
    assert people.rename_team(person, team.pk, "OFFICE").name == "OFFICE"
    assert noted == [("team.renamed", "alice", "Office")]


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_only_managers_change_a_team(request: pytest.FixtureRequest, person: User, team: Team, who: str) -> None:
    member = request.getfixturevalue(who)
    alice = member_of(team, person)

    for change in (
        lambda: people.rename_team(member, team.pk, "Mine"),
        lambda: people.delete_team(member, team.pk),
        lambda: people.change_role(member, team.pk, member_of(team, member), Role.MANAGER),
        lambda: people.remove_member(member, team.pk, alice),
    ):
        with pytest.raises(PermissionDenied, match="Only a manager"):
            change()
    assert (team.name, role_in(team, member)) == ("Office", who)


def test_a_stranger_finds_no_team(stranger: User, person: User, team: Team) -> None:
    with pytest.raises(Http404):
        people.leave(stranger, team.pk)
    with pytest.raises(Http404):
        people.remove_member(stranger, team.pk, member_of(team, person))


def test_members_of_another_team_are_out_of_reach(person: User, stranger: User, team: Team) -> None:
    other = people.make_team(stranger, "Elsewhere")

    with pytest.raises(Http404):
        people.remove_member(person, team.pk, member_of(other, stranger))


def test_a_role_is_changed_at_once(
    person: User, team: Team, viewer: User, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    people.change_role(person, team.pk, member_of(team, viewer), Role.EDITOR)

    assert allowed(viewer, credential) == access.EDIT
    assert noted == [("team.member.role", "alice", "editor")]


def test_the_last_manager_stays_one(person: User, team: Team, editor: User) -> None:
    alice = member_of(team, person)

    for change in (
        lambda: people.change_role(person, team.pk, alice, Role.EDITOR),
        lambda: people.remove_member(person, team.pk, alice),
        lambda: people.leave(person, team.pk),
    ):
        with pytest.raises(people.LastManager, match="“Office” would have no manager"):
            change()
    assert role_in(team, person) == Role.MANAGER


def test_a_manager_who_is_switched_off_counts_for_none(person: User, team: Team, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)

    with pytest.raises(people.LastManager):
        people.leave(person, team.pk)


def test_a_manager_may_leave_where_there_is_another(person: User, team: Team, manager: User, noted: Noted) -> None:
    people.leave(person, team.pk)

    assert list(team.memberships.values_list("user__username", flat=True)) == ["mona"]
    assert noted == [("team.member.left", "alice", "manager")]


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_leave_at_one_instant_leave_one(
    person: User, team: Team, manager: User, at_once: AtOnce
) -> None:
    for _round in range(5):
        outcomes = at_once(lambda: people.leave(person, team.pk), lambda: people.leave(manager, team.pk))

        assert [type(outcome) for outcome in outcomes].count(people.LastManager) == 1
        (left,) = Membership.objects.filter(team=team)
        Membership.objects.create(team=team, user=manager if left.user == person else person, role=Role.MANAGER)


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_demote_each_other_leave_one(
    person: User, team: Team, manager: User, at_once: AtOnce
) -> None:
    alice, mona = member_of(team, person), member_of(team, manager)
    at_once(
        lambda: people.change_role(person, team.pk, mona, Role.VIEWER),
        lambda: people.change_role(manager, team.pk, alice, Role.VIEWER),
    )

    assert Membership.objects.filter(team=team, role=Role.MANAGER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_teams_of_one_name_at_one_instant_are_one(person: User, stranger: User, at_once: AtOnce) -> None:
    outcomes = at_once(lambda: people.make_team(person, "Büro"), lambda: people.make_team(stranger, "BÜRO"))

    assert [type(outcome) for outcome in outcomes].count(people.NameTaken) == 1
    assert Team.objects.count() == 1


def test_a_member_who_is_removed_takes_their_credentials_out(
    manager: User, person: User, team: Team, editor: User, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    elsewhere = Team.objects.create(name="Elsewhere")
    Membership.objects.create(team=elsewhere, user=person, role=Role.MANAGER)
    share(credential, elsewhere)
    people.remove_member(manager, team.pk, member_of(team, person))

    assert allowed(editor, credential) is None
    assert allowed(person, credential) == access.OWN
    assert [one.team for one in Share.objects.all()] == [elsewhere]
    assert [event for event, _by, _words in noted] == ["credential.unshared", "team.member.removed"]


def test_a_removed_member_loses_what_others_share(
    person: User, team: Team, editor: User, credential: Credential
) -> None:
    share(credential, team)
    people.remove_member(person, team.pk, member_of(team, editor))

    assert allowed(editor, credential) is None
    assert Share.objects.count() == 1


def test_a_team_that_is_deleted_takes_no_credential_along(
    person: User, team: Team, editor: User, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    people.delete_team(person, team.pk)

    assert allowed(person, credential) == access.OWN
    assert allowed(editor, credential) is None
    assert not Team.objects.exists()
    assert [event for event, _by, _words in noted] == ["credential.unshared", "team.deleted"]

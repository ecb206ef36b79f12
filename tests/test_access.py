"""Who may see what: one's own and their teams', and nothing of anybody else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, Credential, Exchange, Membership, Registry, Role, Share, Team, User
from tests.fixtures_people import allowed, member, share

MISSING = 10**9


@pytest.fixture
def change(person: User, credential: Credential) -> Change:
    """A write of Alice's."""
    return Change.objects.create(
        user=person, person="alice", credential=credential, command="delete", number_id=1, number="16045550123"
    )


@pytest.fixture
def exchange(person: User, credential: Credential) -> Exchange:
    """Something that Alice said to a registry."""
    return Exchange.objects.create(
        user=person, credential=credential, command="ping", outcome="ok", started_at=timezone.now(), elapsed_ms=1.0
    )


def test_a_person_finds_their_own(person: User, credential: Credential, change: Change, exchange: Exchange) -> None:
    assert access.credential(person, credential.pk, access.OWN) == credential
    assert access.change(person, change.pk) == change
    assert list(access.credentials(person)) == [credential]
    assert list(access.changes(person)) == [change]
    assert list(access.exchanges(person)) == [exchange]


def test_a_stranger_finds_nothing_and_is_told_what_one_is_told_of_what_does_not_exist(
    stranger: User, credential: Credential, change: Change, exchange: Exchange
) -> None:
    assert not access.credentials(stranger).exists()
    assert not access.changes(stranger).exists()
    assert not access.exchanges(stranger).exists()
    finders = [lambda who, pk: access.credential(who, pk, access.SEE), access.change]
    for find, pk in zip(finders, (credential.pk, change.pk), strict=True):
        with pytest.raises(Http404) as foreign:
            find(stranger, pk)
        with pytest.raises(Http404) as missing:
            find(stranger, MISSING)
        assert str(foreign.value) == str(missing.value) != ""


def test_an_administrator_has_no_way_into_the_credentials_of_others(
    admin_user: User, credential: Credential, change: Change
) -> None:
    with pytest.raises(Http404):
        access.credential(admin_user, credential.pk, access.OWN)
    with pytest.raises(Http404):
        access.change(admin_user, change.pk)


def test_nobody_in_particular_finds_nothing(credential: Credential, change: Change) -> None:
    for somebody in (AnonymousUser(), User(username="not stored")):
        with pytest.raises((Http404, TypeError, ValueError)):
            access.credential(somebody, credential.pk, access.OWN)  # type: ignore[arg-type]


def test_only_enabled_registries_are_offered(person: User, embedded: Registry) -> None:
    Registry.objects.create(name="Closed", url="https://closed.example/api", is_enabled=False)
    assert list(access.registries(person)) == [embedded]


def test_a_credential_at_a_disabled_registry_is_still_its_owners(person: User, credential: Credential) -> None:
    credential.registry.is_enabled = False
    credential.registry.save()
    assert access.credential(person, credential.pk, access.OWN) == credential


def test_the_history_outlives_the_credential_and_stays_its_owners(
    person: User, stranger: User, credential: Credential, change: Change
) -> None:
    credential.delete()
    assert access.change(person, change.pk).credential is None
    with pytest.raises(Http404):
        access.change(stranger, change.pk)


def test_a_credential_comes_with_its_registry_in_one_query(
    person: User, credential: Credential, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert access.credential(person, credential.pk, access.OWN).registry.name == "This registry"


ROLES = list(Role)
OF_SHARES = [(Role(theirs), Role(of_share)) for theirs in ROLES for of_share in ROLES]


@pytest.mark.parametrize(("theirs", "of_share"), OF_SHARES)
def test_a_member_may_do_what_both_roles_allow(
    team: Team, credential: Credential, theirs: Role, of_share: Role
) -> None:
    somebody = member(team, "somebody", theirs)
    share(credential, team, of_share)
    most = min(access.ALLOWS[theirs], access.ALLOWS[of_share])

    assert allowed(somebody, credential) == most
    for may in access.May:
        assert access.credentials(somebody, may).exists() == (may <= most)
        if may <= most:
            assert access.credential(somebody, credential.pk, may).may == most
        else:
            with pytest.raises(PermissionDenied, match="Embedded"):
                access.credential(somebody, credential.pk, may)


def test_of_several_teams_the_one_that_allows_most_counts(team: Team, viewer: User, credential: Credential) -> None:
    share(credential, team)
    other = Team.objects.create(name="Other")
    Membership.objects.create(team=other, user=viewer, role=Role.MANAGER)
    assert allowed(viewer, credential) == access.SEE
    # Two roles in two teams are not one role: the manager of a team that has it to look at looks.
    share(credential, other, Role.VIEWER)
    assert allowed(viewer, credential) == access.SEE
    Share.objects.filter(team=other).update(role=Role.EDITOR)
    assert allowed(viewer, credential) == access.EDIT
    assert list(access.credentials(viewer)) == [credential]  # once


def test_the_owner_owns_whatever_a_team_says(person: User, team: Team, credential: Credential) -> None:
    share(credential, team, Role.VIEWER)
    assert allowed(person, credential) == access.OWN
    assert list(access.credentials(person)) == [credential]


def test_who_left_a_team_sees_nothing_of_it_at_once(
    team: Team, editor: User, credential: Credential, change: Change
) -> None:
    share(credential, team)
    Change.objects.update(user=editor)
    assert list(access.changes(editor)) == [change]
    editor.memberships.all().delete()
    assert not access.credentials(editor).exists()
    assert not access.changes(editor).exists()
    with pytest.raises(Http404):
        access.credential(editor, credential.pk, access.SEE)
    with pytest.raises(Http404):
        access.team(editor, team.pk, access.SEE)


@pytest.mark.parametrize("theirs", ROLES)
def test_a_member_may_do_in_a_team_what_the_role_says(team: Team, theirs: Role) -> None:
    somebody = member(team, "somebody", theirs)
    for may in (access.SEE, access.EDIT, access.MANAGE):
        if access.ALLOWS[theirs] >= may:
            assert access.team(somebody, team.pk, may).role == theirs
        else:
            with pytest.raises(PermissionDenied, match="Office"):
                access.team(somebody, team.pk, may)


def test_teams_are_their_members_alone(team: Team, stranger: User, admin_user: User) -> None:
    for somebody in (stranger, admin_user):
        assert not access.teams(somebody).exists()
        with pytest.raises(Http404):
            access.team(somebody, team.pk, access.SEE)

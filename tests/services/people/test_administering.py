"""A person who goes leaves no team without a manager, and no installation without an administrator."""

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.models import Credential, Membership, Role, Team, User
from dashboard.services import people
from tests.fixtures_people import share

Noted = list[tuple[str, str, str]]


@pytest.fixture
def admin(db: None, quick_hasher: None) -> User:
    """Ada, who administrates."""
    return User.objects.create_superuser("ada", password="a long password of ada")


def test_the_last_manager_of_a_team_is_not_deleted(admin: User, person: User, team: Team, editor: User) -> None:
    with pytest.raises(people.LastManager, match="“Office”"):
        people.delete_person(admin, person)
    assert User.objects.filter(pk=person.pk).exists()


def test_the_last_administrator_is_not_deleted(admin: User) -> None:
    User.objects.create_superuser("off", is_active=False)
    User.objects.create_user("staff", is_staff=True)

    with pytest.raises(people.LastAdministrator, match="ada is the last active administrator"):
        people.delete_person(admin, admin)


def test_who_goes_takes_credentials_along_and_leaves_teams(
    admin: User, person: User, manager: User, team: Team, credential: Credential, noted: Noted
) -> None:
    share(credential, team)
    goes = people.belongings(person)
    people.delete_person(admin, person)

    assert [one.label for one in goes.own] == ["Embedded"]
    assert [one.team for one in goes.memberships] == [team]
    assert not Credential.objects.exists()
    assert [one.user for one in Membership.objects.all()] == [manager]
    assert [event for event, _by, _words in noted] == ["credential.unshared", "team.member.removed"]


def test_an_administrator_gives_roles_only_where_nobody_else_can(
    admin: User, person: User, team: Team, editor: User
) -> None:
    edith = Membership.objects.get(user=editor)
    with pytest.raises(PermissionDenied, match="has a manager"):
        people.change_role_as_administrator(admin, team, edith.pk, Role.MANAGER)
    User.objects.filter(pk=person.pk).update(is_active=False)
    people.change_role_as_administrator(admin, team, edith.pk, Role.MANAGER)

    edith.refresh_from_db()
    assert edith.role == Role.MANAGER

"""A person who goes leaves no team without a manager, and no installation without an administrator."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from dashboard.models import AuditEvent, Credential, Membership, Role, Team, User
from dashboard.services import audit, people
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
        people.change_roles_as_administrator(admin, team, {edith.pk: Role.MANAGER})
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(people.LastManager):
        people.change_roles_as_administrator(admin, team, {edith.pk: Role.VIEWER})
    people.change_roles_as_administrator(admin, team, {edith.pk: Role.MANAGER})

    edith.refresh_from_db()
    assert edith.role == Role.MANAGER


def test_an_administrator_makes_two_managers_and_demotes_the_old_one_at_once(
    admin: User, person: User, team: Team, editor: User, viewer: User, noted: Noted
) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    wanted = {person: Role.VIEWER, editor: Role.MANAGER, viewer: Role.MANAGER}
    keys = {Membership.objects.get(user=user).pk: role for user, role in wanted.items()}
    people.change_roles_as_administrator(admin, team, keys)

    assert {one.user: one.role for one in Membership.objects.all()} == wanted
    assert [words for _event, _by, words in noted] == [*wanted.values()]


def test_of_who_is_deleted_notes_come_last_and_name_no_key(
    admin: User, person: User, manager: User, team: Team, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(credential, team)
    people_left = []
    original = audit.note

    def note(event: str, **more: Any) -> None:
        people_left.append(User.objects.filter(username="alice").exists())
        original(event, **more)

    monkeypatch.setattr(audit, "note", note)
    people.delete_person(admin, person)

    assert people_left == [False, False]
    events = AuditEvent.objects.order_by("pk")
    assert list(events.values_list("event", "about_name")) == [
        ("credential.unshared", ""),
        ("team.member.removed", "alice"),
    ]
    assert not events.exclude(about=None, credential=None).exists()

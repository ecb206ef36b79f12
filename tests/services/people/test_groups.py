"""Teams and administrators follow groups."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from dashboard.models import AuditEvent, Credential, Membership, Role, Share, Team, User
from dashboard.services import audit
from dashboard.services.people.groups import GroupRole, ProviderMap, follow_groups
from tests.fixtures_people import share

OFFICE = ProviderMap(
    provider="Keycloak",
    roles=(
        GroupRole(group="looks", team="Office", role=Role.VIEWER),
        GroupRole(group="writes", team="OFFICE", role=Role.EDITOR),
        GroupRole(group="leads", team="Office", role=Role.MANAGER),
        GroupRole(group="guests", team="Guests", role=Role.VIEWER),
    ),
)
ROOT = ProviderMap(provider="Keycloak", administrators=frozenset({"root", "wheel"}))


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events that were noted, with the person whom each is about."""
    events: list[str] = []
    monkeypatch.setattr(audit, "note", lambda event, **more: events.append(f"{event} {more['about']}"))
    return events


def role(person: User, name: str = "office") -> str | None:
    found = Membership.objects.filter(user=person, team__name__iexact=name).first()
    return found.role if found else None


@pytest.mark.parametrize(
    ("has", "becomes"),
    [
        (["looks"], "viewer"),
        (["writes"], "editor"),
        (["leads", "looks"], "manager"),
        (["looks", "writes", "other"], "editor"),
        (["other"], None),
        ([], None),
    ],
)
def test_the_best_of_several_roles_counts(team: Team, stranger: User, has: list[str], becomes: str | None) -> None:
    follow_groups(stranger, OFFICE, has)
    assert role(stranger) == becomes
    assert Team.objects.count() == 1


def test_who_loses_a_group_takes_their_own_credentials_out(
    team: Team, person: User, manager: User, credential: Credential
) -> None:
    share(credential, team)
    follow_groups(person, OFFICE, [])

    assert role(person) is None
    assert not Share.objects.exists()


def test_a_role_changes_both_ways_and_is_noted(team: Team, stranger: User, noted: list[str]) -> None:
    for has in (["looks"], ["leads"], ["leads"], ["writes"], []):
        follow_groups(stranger, OFFICE, has)
    assert noted == [
        f"team.member.{what} mallory" for what in ("added", "role", "role", "removed")
    ]  # fmt: skip


def test_only_mapped_teams_are_touched(team: Team, editor: User) -> None:
    other = Team.objects.create(name="Other")
    Membership.objects.create(team=other, user=editor, role=Role.VIEWER)
    follow_groups(editor, OFFICE, [])
    assert role(editor) is None
    assert role(editor, "other") == "viewer"


def test_nobody_elses_role_is_touched(team: Team, person: User, editor: User, viewer: User) -> None:
    follow_groups(editor, OFFICE, [])
    assert (role(person), role(viewer)) == ("manager", "viewer")


@pytest.mark.parametrize("has", [["looks"], []])
def test_the_last_manager_stays_and_it_is_noted(team: Team, person: User, has: list[str], noted: list[str]) -> None:
    follow_groups(person, OFFICE, has)
    assert role(person) == "manager"
    assert noted == ["team.manager.kept alice"]


def test_of_two_managers_one_may_go(team: Team, person: User, manager: User) -> None:
    follow_groups(person, OFFICE, ["looks"])
    follow_groups(manager, OFFICE, [])
    assert (role(person), role(manager)) == ("viewer", "manager")


def test_a_manager_who_is_disabled_does_not_count(team: Team, person: User, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)
    follow_groups(person, OFFICE, [])
    assert role(person) == "manager"


def test_no_groups_at_all_change_nothing(team: Team, editor: User, noted: list[str]) -> None:
    follow_groups(editor, OFFICE, None)
    assert role(editor) == "editor"
    assert noted == ["groups.missing edith"]


def test_without_a_map_nothing_is_noted(team: Team, editor: User, noted: list[str]) -> None:
    follow_groups(editor, ProviderMap(provider="Keycloak"), None)
    assert noted == []


def test_administrators_come_and_go(person: User, stranger: User) -> None:
    for each in (person, stranger):
        follow_groups(each, ROOT, ["wheel", "x"])
        assert User.objects.get(pk=each.pk).is_staff
    follow_groups(person, ROOT, ["x"])
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_the_last_administrator_stays_and_it_is_noted(person: User, noted: list[str]) -> None:
    User.objects.create_superuser("disabled", is_active=False)
    follow_groups(person, ROOT, ["root"])
    follow_groups(person, ROOT, [])
    assert User.objects.get(pk=person.pk).is_superuser
    assert noted == ["administrator.made alice", "administrator.kept alice"]


def test_administrators_are_left_alone_where_no_group_makes_them(team: Team, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    follow_groups(person, OFFICE, ["leads"])
    assert User.objects.get(pk=person.pk).is_superuser


def test_all_of_it_or_nothing_is_done(team: Team, stranger: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: str, **more: object) -> None:
        if event == "team.member.added" and str(more["team"]) == "Guests":
            raise RuntimeError(event)

    monkeypatch.setattr(audit, "note", fail)
    with pytest.raises(RuntimeError):
        follow_groups(stranger, OFFICE, ["looks", "guests"])
    assert role(stranger) is None
    assert not Team.objects.filter(name="Guests").exists()


def test_ten_thousand_groups_cost_no_more_queries(team: Team, stranger: User) -> None:
    counts = []
    for has in (["looks"], ["other"], ["looks"], [f"group {number}" for number in range(10_000)]):
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            follow_groups(stranger, OFFICE, has)
        counts.append(len(queries))
    assert counts[3] <= counts[1]


def test_each_credential_that_goes_with_a_lost_group_is_noted(
    team: Team, person: User, manager: User, credential: Credential
) -> None:
    share(credential, team)
    follow_groups(person, OFFICE, [])

    assert list(AuditEvent.objects.order_by("pk").values_list("event", "team", "credential", "about_name")) == [
        ("credential.unshared", team.pk, credential.pk, ""),
        ("team.member.removed", team.pk, None, "alice"),
    ]


def test_who_may_not_open_the_administration_is_no_other_administrator(person: User) -> None:
    User.objects.create_user("half", is_superuser=True, is_staff=False)
    follow_groups(person, ROOT, ["root"])
    follow_groups(person, ROOT, [])
    assert User.objects.get(pk=person.pk).is_staff


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
@pytest.mark.parametrize("has", [["root"], []])
def test_half_an_administrator_becomes_a_whole_one_or_none(
    person: User, stranger: User, rights: dict[str, bool], has: list[str]
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    User.objects.filter(pk=person.pk).update(**rights)
    follow_groups(person, ROOT, has)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (bool(has), bool(has))


def test_teams_are_locked_before_administrators(team: Team, stranger: User, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    locked: list[type] = []
    lock = QuerySet.select_for_update

    def remember(rows: QuerySet[Any], *args: Any, **options: Any) -> QuerySet[Any]:
        locked.append(rows.model)
        return lock(rows, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", remember)
    follow_groups(stranger, ProviderMap(provider="x", roles=OFFICE.roles, administrators=ROOT.administrators), [])
    assert locked[:2] == [Team, User]

"""People and teams in the admin: what cannot be undone asks, and somebody always stays to administrate."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from dashboard import access
from dashboard.models import AuditEvent, Credential, Membership, Role, Team, User
from tests.fixtures_people import share
from tests.fixtures_tokens import token_of
from tests.web.views.pages import form_to, text_of

BrowserOf = Callable[[User], Browser]


@pytest.fixture
def admin(db: None, quick_hasher: None) -> User:
    """Ada, who administrates."""
    return User.objects.create_superuser("ada", password="a long password of ada")


@pytest.fixture
def ada(admin: User, browser_of: BrowserOf) -> Browser:
    """Ada's browser."""
    return browser_of(admin)


def page_of(person: User) -> str:
    return f"/admin/dashboard/user/{person.pk}/"


def test_deleting_a_person_says_what_becomes_of_what_they_have(
    ada: Browser, person: User, manager: User, team: Team, credential: Credential
) -> None:
    share(credential, team)
    token_of(person)
    page = ada.get(f"{page_of(person)}delete/")
    for sentence in (
        "Delete “alice”? This cannot be undone:",
        "The credential “Embedded” and its sealed password are deleted; its teams lose it: Office.",
        "each person then sees only their own changes in the history, and nobody those of “alice”.",
        "They leave the team “Office”.",
        "1 token works no longer, at once.",
        "The history keeps 0 changes that they made, under the name “alice”.",
    ):
        assert sentence in text_of(page)
    ada.post(f"{page_of(person)}delete/", {"post": "yes"})

    assert not User.objects.filter(pk=person.pk).exists()
    assert not Credential.objects.exists()


def test_the_last_manager_of_a_team_is_not_deleted(ada: Browser, person: User, team: Team, editor: User) -> None:
    for page in (ada.get(f"{page_of(person)}delete/"), ada.post(f"{page_of(person)}delete/", {"post": "yes"})):
        assert "“Office” would have no manager" in text_of(page)
    assert User.objects.filter(pk=person.pk).exists()


def test_the_last_administrator_is_not_deleted(ada: Browser, admin: User) -> None:
    page = ada.post(f"{page_of(admin)}delete/", {"post": "yes"})

    assert "ada is the last active administrator" in text_of(page)
    assert User.objects.filter(pk=admin.pk).exists()


def test_several_people_at_once_are_not_deleted(ada: Browser, person: User, admin: User) -> None:
    typed = {"action": "delete_selected", "_selected_action": [person.pk, admin.pk], "post": "yes"}
    ada.post("/admin/dashboard/user/", typed)

    assert User.objects.count() == 2


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_the_last_administrator_stays_one(ada: Browser, admin: User, right: str) -> None:
    form = form_to(ada.get(f"{page_of(admin)}change/"), "")
    typed = {name: value for name, value in form.fields.items() if name != right}
    page = ada.post(f"{page_of(admin)}change/", typed)

    assert page.status_code == 200
    assert "ada is the last active administrator: make another person one first" in text_of(page)
    assert getattr(User.objects.get(pk=admin.pk), right)


def test_one_of_two_administrators_may_go(ada: Browser, admin: User) -> None:
    other = User.objects.create_superuser("otto")
    form = form_to(ada.get(f"{page_of(other)}change/"), "")
    ada.post(f"{page_of(other)}change/", {name: value for name, value in form.fields.items() if name != "is_active"})

    assert not User.objects.get(pk=other.pk).is_active


def test_a_team_whose_manager_is_switched_off_gets_another(
    ada: Browser, person: User, team: Team, editor: User
) -> None:
    assert not form_to(ada.get(f"/admin/dashboard/team/{team.pk}/change/"), "").fields.get("memberships-0-role")
    form = form_to(ada.get(f"{page_of(person)}change/"), "")
    typed = {name: value for name, value in form.fields.items() if name != "is_active"}
    assert "“Office” has no active manager now" in text_of(ada.post(f"{page_of(person)}change/", typed, follow=True))
    form = form_to(ada.get(f"/admin/dashboard/team/{team.pk}/change/"), "")
    (row,) = [
        name[: -len("id")]
        for name, value in form.fields.items()
        if value == str(_of(editor).pk) and name[-3:] == "-id"
    ]
    form.submit(ada, f"/admin/dashboard/team/{team.pk}/change/", **{f"{row}role": "manager"})

    assert _of(editor).role == Role.MANAGER


def _of(person: User) -> Membership:
    return Membership.objects.get(user=person)


def test_an_administrator_makes_nobody_a_member_and_changes_no_role(
    ada: Browser, admin: User, person: User, team: Team
) -> None:
    there = f"/admin/dashboard/team/{team.pk}/change/"
    typed = {
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(_of(person).pk),
        "memberships-0-role": "viewer",
        "memberships-1-user": str(admin.pk),
        "memberships-1-role": "manager",
    }

    assert "alice" in text_of(ada.get(there))
    assert ada.post(there, typed).status_code == 403
    assert [(one.user, one.role) for one in Membership.objects.all()] == [(person, Role.MANAGER)]


def test_a_team_is_ended_with_a_question(ada: Browser, team: Team, editor: User, credential: Credential) -> None:
    share(credential, team)
    page = ada.get(f"/admin/dashboard/team/{team.pk}/delete/")
    ada.post(f"/admin/dashboard/team/{team.pk}/delete/", {"post": "yes"})

    assert "edith loses what the team shares." in text_of(page)
    assert "“Embedded” stays with its owner." in text_of(page)
    assert not Team.objects.exists()
    assert Credential.objects.exists()


def test_an_administrator_sees_no_numbers_of_others(ada: Browser, credential: Credential) -> None:
    assert ada.get(f"/credentials/{credential.pk}/numbers/").status_code == 404


def test_roles_in_a_team_without_a_manager_are_given_at_once_or_refused_in_the_form(
    ada: Browser, person: User, team: Team, editor: User, viewer: User
) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    there = f"/admin/dashboard/team/{team.pk}/change/"
    form = form_to(ada.get(there), "")
    rows = {
        value: name[: -len("id")] for name, value in form.fields.items() if re.fullmatch(r"memberships-\d+-id", name)
    }
    role_of = {user: f"{rows[str(_of(user).pk)]}role" for user in (person, editor, viewer)}
    refused = form.submit(ada, there, **{role_of[person]: "viewer"})

    assert refused.status_code == 200
    assert "“Office” would have no manager" in text_of(refused)
    assert _of(person).role == Role.MANAGER
    done = form.submit(
        ada, there, **{role_of[person]: "viewer", role_of[editor]: "manager", role_of[viewer]: "manager"}
    )
    assert done.status_code == 302
    assert [_of(user).role for user in (person, editor, viewer)] == ["viewer", "manager", "manager"]


def test_ending_a_team_locks_it_before_anything_is_noted(
    ada: Browser, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    lock, append = access.lock_teams, AuditEvent.append

    def lock_teams(pks: Iterable[int]) -> None:
        done.append("lock")
        lock(pks)

    def append_event(**values: Any) -> None:
        done.append(values["event"])
        append(**values)

    monkeypatch.setattr(access, "lock_teams", lock_teams)
    monkeypatch.setattr(AuditEvent, "append", append_event)
    ada.post(f"/admin/dashboard/team/{team.pk}/delete/", {"post": "yes"})

    assert done[0] == "lock"
    assert "team.deleted" in done


def test_a_list_of_more_teams_asks_no_more(
    ada: Browser, person: User, team: Team, editor: User, django_assert_max_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        assert "2" in text_of(ada.get("/admin/dashboard/team/"))
    for number in range(5):
        Team.objects.create(name=f"Team {number}")
    with django_assert_max_num_queries(len(one)):
        ada.get("/admin/dashboard/team/")

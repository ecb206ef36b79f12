"""Who may see what: one's own and their teams', and nothing of anybody else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from dashboard import access, narrowing
from dashboard.models import Change, Credential, Exchange, Membership, Registry, Role, Scope, Share, Team, Token, User
from tests.fixtures_people import allowed, member, share
from tests.fixtures_tokens import acting

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


SCOPES = list(Scope)
CEILINGS = {Scope.READ: access.SEE, Scope.WRITE: access.EDIT}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("theirs", "of_share"), OF_SHARES)
def test_a_token_never_allows_more_than_its_person_or_its_scope(
    team: Team, credential: Credential, theirs: Role, of_share: Role, scope: Scope
) -> None:
    somebody = member(team, "somebody", theirs)
    share(credential, team, of_share)
    most = min(access.ALLOWS[theirs], access.ALLOWS[of_share], CEILINGS[scope])
    program = acting(somebody, scope=scope)

    assert allowed(program, credential) == most
    for may in access.May:
        assert access.credentials(program, may).exists() == (may <= most)
        if may <= most:
            assert access.credential(program, credential.pk, may).may == most
        else:
            with pytest.raises(PermissionDenied):
                access.credential(program, credential.pk, may)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_of_the_owner_does_not_own(person: User, credential: Credential, scope: Scope) -> None:
    program = acting(person, scope=scope)
    assert allowed(program, credential) == CEILINGS[scope]
    assert [each.may for each in access.own_credentials(program)] == [CEILINGS[scope]]
    with pytest.raises(PermissionDenied, match="No token"):
        access.credential(program, credential.pk, access.OWN)
    with pytest.raises(PermissionDenied):
        access.locked_credential(program, credential.pk, access.OWN)
    with pytest.raises(PermissionDenied):
        access.shares_to_end(program, access.credential(program, credential.pk, access.SEE))


def test_a_token_that_reads_says_why_it_does_not_write(person: User, credential: Credential) -> None:
    with pytest.raises(PermissionDenied, match="This token may only read"):
        access.credential(acting(person), credential.pk, access.EDIT)


def test_a_token_opens_nothing_to_a_stranger(
    stranger: User, credential: Credential, team: Team, change: Change, exchange: Exchange
) -> None:
    program = acting(stranger, scope=Scope.WRITE)
    assert allowed(program, credential) is None
    for found in (access.changes(program), access.exchanges(program), access.teams(program), access.shares(program)):
        assert not found.exists()
    with pytest.raises(Http404):
        access.credential(program, credential.pk, access.SEE)


@pytest.fixture
def other(person: User, credential: Credential) -> Credential:
    """Another credential of Alice's."""
    return Credential.objects.create(user=person, registry=credential.registry, username="other", label="Other")


def test_a_token_for_some_credentials_leaves_the_others_alone(
    person: User, team: Team, credential: Credential, other: Credential, change: Change, exchange: Exchange
) -> None:
    share(credential, team)
    share(other, team)
    program = acting(person, credentials=[other])
    assert list(access.credentials(program)) == list(access.own_credentials(program)) == [other]
    assert not access.changes(program).exists()
    assert not access.changes_of(program, other).exists()
    assert not access.exchanges(program).exists()
    assert [each.credential for each in access.shares(program)] == [other]
    with pytest.raises(Http404):
        access.credential(program, credential.pk, access.SEE)
    with pytest.raises(Http404):
        access.change(program, change.pk)


def test_the_last_credential_of_a_token_that_goes_makes_it_no_token_for_all(
    person: User, credential: Credential, other: Credential, change: Change
) -> None:
    program = acting(person, credentials=[other])
    other.delete()
    assert not access.credentials(program).exists()
    Change.objects.update(credential=None)
    assert not access.changes(program).exists()  # nobody knows any more whose these are
    assert list(access.changes(acting(person))) == [change]


def test_a_credential_that_comes_later_is_for_tokens_for_all_alone(
    person: User, credential: Credential, other: Credential
) -> None:
    some, every = acting(person, credentials=[credential]), acting(person)
    Credential.objects.create(user=person, registry=credential.registry, username="third", label="Third")
    assert access.credentials(some).count() == 1
    assert access.credentials(every).count() == 3


@pytest.mark.parametrize(
    ("digits", "reaches"),
    [
        ("16045550123", True),
        ("1604", True),  # the block below which all of them are
        ("160", False),  # a block that owns others too
        ("1", False),
        ("", False),
        ("447700900123", False),
        ("011604", False),
        ("0016045550123", False),
        ("+16045550123", False),
        (" 16045550123", False),
        ("١٦٠٤", False),
    ],
)
def test_a_token_for_some_digits_reaches_what_begins_with_them(person: User, digits: str, *, reaches: bool) -> None:
    program = acting(person, beginnings=["1604", "49"])
    assert narrowing.reaches_number(program, digits) is reaches
    assert narrowing.reaches_number(person, digits)
    if not reaches:
        with pytest.raises(Http404, match="no such number"):
            narrowing.insist_number(program, digits)


def test_a_token_for_some_digits_sees_the_history_of_these_alone(
    person: User, credential: Credential, change: Change, exchange: Exchange
) -> None:
    Change.objects.create(
        user=person, person="alice", credential=credential, command="delete", number_id=1, number="447700900123"
    )
    program = acting(person, beginnings=["1604"])
    assert list(access.changes(program)) == [change]
    # The same id, at another time, was another number.
    assert list(access.changes_of(program, credential)) == [change]
    assert not access.exchanges(program).exists()
    assert not access.changes(acting(person, beginnings=["49"])).exists()
    assert access.changes(acting(person, beginnings=["1604", "44"])).count() == 2


def test_a_form_that_was_sent_before_is_told_to_who_may_see_what_came_of_it(
    person: User, credential: Credential, other: Credential, change: Change
) -> None:
    assert access.submitted(acting(person), change.submission) == change
    assert access.submitted(acting(person, credentials=[other]), change.submission) is None
    assert access.submitted(acting(person, beginnings=["44"]), change.submission) is None


def revoked(token: Token) -> None:
    Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now())


def expired(token: Token) -> None:
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now())


def switched_off(token: Token) -> None:
    User.objects.filter(pk=token.user_id).update(is_active=False)


def removed(token: Token) -> None:
    Token.objects.filter(pk=token.pk).delete()


@pytest.mark.parametrize("end", [revoked, expired, switched_off, removed])
@pytest.mark.parametrize("some", [True, False])
def test_a_token_that_ends_while_a_program_acts_leaves_nothing(
    person: User, team: Team, credential: Credential, change: Change, exchange: Exchange, end: object, *, some: bool
) -> None:
    share(credential, team)
    program = acting(person, scope=Scope.WRITE, credentials=[credential] if some else None)
    assert access.credential(program, credential.pk, access.EDIT)
    assert program.token is not None
    end(program.token)  # type: ignore[operator]

    with pytest.raises(Http404):
        access.credential(program, credential.pk, access.EDIT)
    seen = (access.changes(program), access.exchanges(program), access.teams(program), access.shares(program))
    assert not [found for found in seen if found.exists()]
    Change.objects.update(credential=None)
    assert not access.changes(program).exists()


def test_a_token_sees_teams_and_changes_nothing_in_them(person: User, team: Team, credential: Credential) -> None:
    program = acting(person, scope=Scope.WRITE)
    assert access.team(program, team.pk, access.SEE) == team
    assert list(access.teams(program)) == [team]
    for may in (access.EDIT, access.MANAGE):
        assert not access.teams(program, may).exists()
        with pytest.raises(PermissionDenied, match="No token"):
            access.team(program, team.pk, may)
    with pytest.raises(PermissionDenied):
        access.locked_team(program, team.pk, access.SEE)  # such as to leave it
    assert not access.registries(program).exists()


def test_a_token_of_an_administrator_does_not_administrate(admin_user: User, person: User, team: Team) -> None:
    acting(person)
    program = acting(admin_user, scope=Scope.WRITE)
    assert not access.looks_after_people(program)
    assert access.looks_after_people(admin_user)
    for found in (access.audit_events(program), access.audited_teams(program), narrowing.tokens(program)):
        assert not found.exists()
    assert narrowing.tokens(admin_user).count() == 2
    assert narrowing.own_tokens(admin_user).count() == 1

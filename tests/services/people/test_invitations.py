"""Invitations: links that make one member, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_email
from django.http import Http404
from django.utils import timezone

from dashboard.models import Invitation, Membership, Role, Team, User
from dashboard.services import people
from tests.services.people.conftest import AtOnce

Noted = list[tuple[str, str, str]]
Invite = Callable[..., str]


@pytest.fixture
def invite(person: User, team: Team) -> Invite:
    """Alice invites, and gives the token on."""

    def make(role: Role = Role.EDITOR, by: User | None = None) -> str:
        made = people.invite(by or person, team.pk, role=role, email="", link_of=lambda token: token)
        return made.link

    return make


def test_a_link_makes_a_member_with_its_role(stranger: User, team: Team, invite: Invite, noted: Noted) -> None:
    people.join(stranger, invite(Role.EDITOR))

    assert Membership.objects.get(team=team, user=stranger).role == Role.EDITOR
    assert [(event, by) for event, by, _words in noted] == [
        ("team.invitation.made", "alice"),
        ("team.invitation.used", "mallory"),
        ("team.member.joined", "mallory"),
    ]


@pytest.mark.parametrize("who", ["viewer", "editor"])
def test_only_managers_invite(request: pytest.FixtureRequest, team: Team, invite: Invite, who: str) -> None:
    with pytest.raises(PermissionDenied):
        invite(by=request.getfixturevalue(who))


def test_a_link_that_was_used_says_so(stranger: User, invite: Invite) -> None:
    token = invite()
    people.join(stranger, token)
    other = User.objects.create_user("otto")

    with pytest.raises(people.InvitationUsed):
        people.join(other, token)
    with pytest.raises(people.InvitationUsed):
        people.join(stranger, token)


def test_a_link_that_expired_says_so(stranger: User, invite: Invite) -> None:
    token = invite()
    assert Invitation.objects.get().expires_at - timezone.now() > timedelta(days=6, hours=23)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(people.InvitationExpired):
        people.join(stranger, token)


def test_a_link_that_was_taken_back_says_so(
    person: User, team: Team, stranger: User, invite: Invite, noted: Noted
) -> None:
    token = invite()
    people.take_back(person, team.pk, Invitation.objects.get().pk)

    with pytest.raises(people.InvitationTakenBack):
        people.join(stranger, token)
    with pytest.raises(people.InvitationTakenBack):
        people.take_back(person, team.pk, Invitation.objects.get().pk)
    assert noted[-1][:2] == ("team.invitation.taken-back", "alice")


def test_an_invitation_of_another_team_cannot_be_taken_back(stranger: User, invite: Invite) -> None:
    invite()
    own = people.make_team(stranger, "Elsewhere")

    with pytest.raises(Http404):
        people.take_back(stranger, own.pk, Invitation.objects.get().pk)


def test_a_link_into_a_team_that_is_gone_says_so(person: User, team: Team, stranger: User, invite: Invite) -> None:
    token = invite()
    people.delete_team(person, team.pk)

    with pytest.raises(people.TeamGone):
        people.join(stranger, token)


def test_a_manager_who_goes_leaves_no_way_back_in(
    person: User, team: Team, manager: User, stranger: User, invite: Invite
) -> None:
    tokens = [invite(Role.MANAGER, by=manager) for _one in range(3)]
    mona = Membership.objects.get(user=manager)
    people.change_role(person, team.pk, mona.pk, Role.EDITOR)
    with pytest.raises(people.InvitationTakenBack, match="no manager"):
        people.join(stranger, tokens[0])
    people.remove_member(person, team.pk, mona.pk)
    with pytest.raises(people.InvitationTakenBack):
        people.join(manager, tokens[1])
    manager.delete()
    with pytest.raises(people.InvitationTakenBack):
        people.join(stranger, tokens[2])


def test_a_link_that_nobody_made_is_nowhere(stranger: User, team: Team, invite: Invite) -> None:
    token = invite()
    pk = Invitation.objects.get().pk

    for forged in (token[:-1], f"{pk}.", str(pk), "", f"{pk}.{'A' * 43}", signing.Signer(sep=".").sign(str(pk))):
        with pytest.raises(Http404):
            people.join(stranger, forged)


def test_a_link_opens_no_other_team_whose_invitation_got_the_same_key(
    person: User, team: Team, stranger: User, invite: Invite
) -> None:
    token = invite()
    other = people.make_team(person, "Elsewhere")
    Invitation.objects.update(team=other)
    with pytest.raises(Http404):
        people.join(stranger, token)
    Invitation.objects.update(team=team, created_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Http404):
        people.join(stranger, token)
    pk = Invitation.objects.get().pk
    for old in (str(pk), f"{pk}-{team.pk}"):
        with pytest.raises(Http404):
            people.join(stranger, signing.Signer(salt="dashboard.invitation", sep=".").sign(old))


def test_a_member_does_not_use_a_link_up(viewer: User, stranger: User, team: Team, invite: Invite) -> None:
    token = invite(Role.MANAGER)

    with pytest.raises(people.AlreadyMember):
        people.join(viewer, token)
    assert Membership.objects.get(user=viewer).role == Role.VIEWER
    people.join(stranger, token)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_one_instant_make_one_member(
    team: Team, stranger: User, invite: Invite, at_once: AtOnce
) -> None:
    otto = User.objects.create_user("otto")
    for _round in range(5):
        token = invite()
        outcomes = at_once(
            lambda token=token: people.join(stranger, token), lambda token=token: people.join(otto, token)
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationUsed", "Membership"]
        Membership.objects.filter(user__in=[stranger, otto]).delete()


@pytest.mark.django_db(transaction=True)
def test_two_new_accounts_at_one_instant_are_one(team: Team, invite: Invite, at_once: AtOnce) -> None:
    token = invite()
    before = User.objects.count()
    outcomes = at_once(
        lambda: people.join_with_new_account(User(username="one"), token),
        lambda: people.join_with_new_account(User(username="two"), token),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationUsed", "Membership"]
    assert User.objects.count() == before + 1


def test_a_user_name_that_was_taken_meanwhile_makes_nobody(stranger: User, invite: Invite) -> None:
    token = invite()

    with pytest.raises(people.UserNameTaken):
        people.join_with_new_account(User(username=stranger.username), token)
    people.join(stranger, token)


def _send(person: User, team: Team, email: str = "bob@example.org") -> people.Invited:
    link = "https://enum.example/invitations/x/"
    return people.invite(person, team.pk, role=Role.VIEWER, email=email, link_of=lambda token: link)


@pytest.fixture
def mail_server(settings: Any) -> None:
    """A mail server is set (E164WEB_EMAIL_URL)."""
    settings.E164WEB.mail_server = {"EMAIL_HOST": "mail.example"}


@pytest.fixture(autouse=True)
def no_mail_server(settings: Any) -> Any:
    """None is set, unless a test says so."""
    before = getattr(settings.E164WEB, "mail_server", {})
    settings.E164WEB.mail_server = {}
    yield
    settings.E164WEB.mail_server = before


def test_without_a_mail_server_nothing_is_sent(person: User, team: Team) -> None:
    assert _send(person, team).mail == people.Mail.NONE
    assert mail.outbox == []


def test_the_link_is_sent(person: User, team: Team, mail_server: None) -> None:
    assert _send(person, team).mail == people.Mail.SENT
    (letter,) = mail.outbox
    assert letter.to == ["bob@example.org"]
    assert "https://enum.example/invitations/x/" in letter.body
    assert "alice invites you to the team “Office”, as viewer." in letter.body


def test_names_add_no_lines_to_a_letter(person: User, team: Team, mail_server: None) -> None:
    User.objects.filter(pk=person.pk).update(username="alice\nBcc: everybody@example.org")
    Team.objects.filter(pk=team.pk).update(name="Office\r\nBcc: everybody@example.org")
    person.refresh_from_db()
    _send(person, team)
    (letter,) = mail.outbox

    assert letter.recipients() == ["bob@example.org"]
    assert "\n" not in letter.subject
    assert not any(line.startswith("Bcc:") for line in letter.message().as_string().splitlines())


def test_a_mail_server_that_is_down_loses_no_invitation(
    person: User, team: Team, stranger: User, settings: Any, mail_server: None
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # where nothing listens
    made = _send(person, team)

    assert made.mail == people.Mail.FAILED
    people.join(stranger, people.token_of(made.invitation))


def test_an_address_that_no_letter_can_have_loses_no_invitation(
    person: User, team: Team, stranger: User, mail_server: None
) -> None:
    odd = "a@xn--ä.org"
    validate_email(odd)
    made = _send(person, team, odd)

    assert made.mail == people.Mail.FAILED
    people.join(stranger, people.token_of(made.invitation))

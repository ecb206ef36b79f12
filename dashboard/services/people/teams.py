"""Teams: made, named, left, deleted; and who is in them with which role.

Whoever changes a team locks it first. So two at one instant come one after the other, and the second is judged by
what the first one left.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.models import Membership, Role, Share, Team, User
from dashboard.models.team import MAX_TEAM_NAME
from dashboard.services import audit
from dashboard.services.people.problems import (
    LastManager,
    NameEmpty,
    NameInvisible,
    NameReserved,
    NameTaken,
    NameTooLong,
)


def make_team(person: User, name: str) -> Team:
    """Make a team, whose manager the person is. Raises NameTaken, NameReserved and NameUnfit."""
    narrowing.insist_in_person(person)
    with transaction.atomic():
        made = Team()
        _rename(made, name)
        Membership(team=made, user=person, role=Role.MANAGER).save(force_insert=True)
        audit.note("team.made", by=person, team=made)
    return made


def rename_team(person: User, pk: int, name: str) -> Team:
    """Give a team another name. Raises NameTaken, NameReserved and NameUnfit."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        before = team.name
        _rename(team, name)
        if team.name != before:
            audit.note("team.renamed", by=person, team=team, words=before)
    return team


def demand_approval(person: User, pk: int, above: int | None) -> Team:
    """Demand a second person for jobs of more numbers of a shared credential; None for never."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        if team.approval_above != above:
            team.approval_above = above
            team.save(update_fields=["approval_above"])
            audit.note("team.approval", by=person, team=team, words="" if above is None else f"> {above}")
    return team


def _mapped() -> set[str]:
    """The teams whose members come from providers (E164WEB_OIDC_PROVIDERS)."""
    return {_key(rule.team) for provider in settings.E164WEB.oidc_providers for rule in provider.teams}


def _rename(team: Team, typed: str) -> None:
    """Store a team under a name that people can tell from all others."""
    before, team.name = _key(team.name), _fit(typed)
    alike = _key(team.name)
    # Whoever made such a team first would manage whom the provider sends; and one that is renamed would keep them.
    if alike != before and {alike, before} & _mapped():
        raise NameReserved(name=team.name)
    same = team_called(team.name)
    if same is not None and same.pk != team.pk:
        raise NameTaken(name=team.name)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise NameTaken(name=team.name) from None


def team_called(name: str) -> Team | None:
    """The team that people would take for one of this name."""
    alike = _key(name)
    return next((team for team in access.every_team().all() if _key(team.name) == alike), None)


def _fit(typed: str) -> str:
    """The name in the form in which compatible characters are one (NFKC), with one blank between words."""
    name = unicodedata.normalize("NFKC", typed).strip(" ")
    if not name:
        raise NameEmpty
    if not name.isprintable():
        raise NameInvisible
    if len(name) > MAX_TEAM_NAME:
        raise NameTooLong(limit=MAX_TEAM_NAME)
    return " ".join(name.split())


def _key(name: str) -> str:
    """The same for names that people would take for one. Databases fold the case of ASCII only."""
    return unicodedata.normalize("NFKC", name).casefold()


def delete_team(person: User, pk: int) -> None:
    """Delete a team, with its memberships, shares and invitations. Credentials and history stay."""
    with transaction.atomic():
        _delete(person, access.locked_team(person, pk, access.MANAGE))


def delete_as_administrator(by: User, team: Team) -> None:
    """The same for an administrator, who decides by the admin's own rights and need not be a member."""
    with transaction.atomic():
        access.lock_teams([team.pk])
        _delete(by, team)


def _delete(by: User, team: Team) -> None:
    shares = list(team.shares.select_related("credential"))
    team.delete()
    _note_ended(by, team, shares, "the team was deleted")
    audit.note("team.deleted", by=by, team=team)


def change_role(person: User, pk: int, member: int, role: Role) -> Membership:
    """Give a member another role. Raises LastManager."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        found = access.membership(person, team, member)
        if found.role != role:
            keep_a_manager(team, found)
            _give_roles(person, {found: role})
    return found


def change_roles_as_administrator(by: User, team: Team, roles: Mapping[int, Role]) -> None:
    """Give several members, named by their keys, other roles at once, where no manager is left to do it.

    Raises PermissionDenied where one is, and LastManager where none is afterwards.
    """
    with transaction.atomic():
        insist_on_a_manager(team, roles)
        if not is_unmanaged(team):
            raise PermissionDenied(_("“%(team)s” has a manager, who decides this.") % {"team": team.name})
        _give_roles(by, {access.membership(by, team, pk): role for pk, role in roles.items()})


def insist_on_a_manager(team: Team, roles: Mapping[int, Role]) -> None:
    """Raises LastManager where members with these roles would leave nobody to manage a team.

    Locks it until the transaction ends, so that what was said still holds when they are given.
    """
    with transaction.atomic():
        access.lock_teams([team.pk])
        active = team.memberships.filter(user__is_active=True)
        if not any(roles.get(each.pk, each.role) == Role.MANAGER for each in active):
            raise LastManager(team=team.name)


def is_unmanaged(team: Team) -> bool:
    """Whether everybody who manages a team is switched off."""
    return not access.managers().filter(team=team).exists()


def _give_roles(by: User, roles: Mapping[Membership, Role]) -> None:
    changed = {member: role for member, role in roles.items() if member.role != role}
    for member, role in changed.items():
        member.role = role
        member.save(update_fields=["role"])
    for member, role in changed.items():
        audit.note("team.member.role", by=by, about=member.user, team=member.team, words=role)


def remove_member(person: User, pk: int, member: int) -> Membership:
    """Take a member out of a team, and their own credentials with them. Raises LastManager."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        found = access.membership(person, team, member)
        keep_a_manager(team, found)
        note_membership(person, end_membership(found), "team.member.removed")
    return found


def leave(person: User, pk: int) -> Team:
    """Leave a team, and take one's own credentials along. Raises LastManager."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.SEE)
        found = access.own_membership(person, team)
        keep_a_manager(team, found)
        note_membership(person, end_membership(found), "team.member.left")
    return team


def own_shares(member: Membership) -> list[Share]:
    """What a member takes along: the shares of their own credentials in the team."""
    shares = member.team.shares.filter(credential__user=member.user)
    return list(shares.select_related("credential__registry"))


def keep_a_manager(team: Team, member: Membership) -> None:
    """Raises LastManager where nobody but this member manages the team, which the caller locked."""
    if member.role == Role.MANAGER and not access.managers().filter(team=team).exclude(pk=member.pk).exists():
        raise LastManager(team=team.name)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A membership that has ended, with the shares that ended with it."""

    member: Membership
    shares: Sequence[Share]


def end_membership(member: Membership) -> Ended:
    """End a membership, and with it the shares of the member's own credentials in the team, which the caller locked.

    For whoever has decided that it ends. `note_membership` notes it, once everything else in the transaction is done.
    """
    shares = own_shares(member)
    member.team.shares.filter(pk__in=[share.pk for share in shares]).delete()
    member.delete()
    return Ended(member=member, shares=shares)


def note_membership(by: User | None, ended: Ended, event: str, words: str = "") -> None:
    """Note as `event` that a membership has ended, and each share with it; `by` is None where no person ended it."""
    member = ended.member
    _note_ended(by, member.team, ended.shares, "its owner is no member any more")
    audit.note(event, by=by, about=member.user, team=member.team, words=words or member.role)


def _note_ended(by: User | None, team: Team, shares: Sequence[Share], why: str) -> None:
    for share in shares:
        audit.note("credential.unshared", by=by, team=team, credential=share.credential, words=why)

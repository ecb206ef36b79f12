"""Credentials in teams: shared, taken out, handed over.

Teams are locked before credentials, and several in the order of their keys, so that nobody waits for each other.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Credential, Role, Share, Team, User
from dashboard.services import audit
from dashboard.services.people.problems import LabelTaken, LoginTaken, NoHeir


def share_credential(person: User, pk: int, team: int, role: Role) -> Share:
    """Share one's credential with a team that one is in, or share it with another right than before."""
    with transaction.atomic():
        with_ = access.locked_team(person, team, access.SEE)
        credential = access.locked_credential(person, pk, access.OWN)
        share = with_.shares.filter(credential=credential).first() or Share(credential=credential, team=with_)
        if share.role != role:
            share.role = role
            share.save()
            audit.note("credential.shared", by=person, team=with_, credential=credential, words=role)
    return share


def unshare(person: User, pk: int, team: int) -> Share:
    """Take a credential out of a team: its owner, or a manager of that team. Raises Http404 and PermissionDenied."""
    with transaction.atomic():
        access.lock_teams([team])
        credential = access.credential(person, pk, access.SEE)
        share = access.shares_to_end(person, credential).filter(team=team).first()
        if share is None:
            raise Http404(_("It is not shared with this team."))
        share.delete()
        audit.note("credential.unshared", by=person, team=share.team, credential=share.credential)
    return share


def heirs(credential: Credential) -> QuerySet[User]:
    """To whom a credential may be handed over: the other active members of the teams that it is shared with."""
    members = User.objects.filter(is_active=True, memberships__team__shares__credential=credential)
    return members.exclude(pk=credential.user_id).distinct().order_by("username")


def heirs_with_losses(credential: Credential) -> list[tuple[User, list[Share]]]:
    """Each heir, with the shares that end where they become the owner: in teams that they are not in."""
    shares = list(credential.shares.select_related("team"))
    return [(heir, _lost(shares, heir)) for heir in heirs(credential).prefetch_related("memberships")]


def _lost(shares: Iterable[Share], heir: User) -> list[Share]:
    theirs = {member.team_id for member in heir.memberships.all()}
    return [share for share in shares if share.team_id not in theirs]


def hand_over(person: User, pk: int, to: int) -> Credential:
    """Make another member of a team that has a credential its owner.

    The seal is bound to the row, so the secret stays good. Shares with teams of the new owner stay too, and with them
    what the old one may do. Raises NoHeir, LabelTaken and LoginTaken.
    """
    with transaction.atomic():
        shared = access.credential(person, pk, access.OWN).shares
        access.lock_teams(shared.values_list("team", flat=True))
        credential = access.locked_credential(person, pk, access.OWN)
        heir = heirs(credential).filter(pk=to).first()
        if heir is None:
            raise NoHeir
        _insist_on_no_other(credential, heir)
        lost = _lost(credential.shares.select_related("team"), heir)
        credential.shares.filter(pk__in=[share.pk for share in lost]).delete()
        credential.user = heir
        try:
            with transaction.atomic():
                credential.save(update_fields=["user"])
        except IntegrityError:
            # The new owner added one with this label or login a moment ago.
            _insist_on_no_other(credential, heir)
            raise
        for share in lost:
            audit.note("credential.unshared", by=person, team=share.team, credential=credential, words="handed over")
        audit.note("credential.handed-over", by=person, about=heir, credential=credential)
    return credential


def _insist_on_no_other(credential: Credential, heir: User) -> None:
    theirs = access.own_credentials(heir).exclude(pk=credential.pk)
    if theirs.filter(registry=credential.registry, username=credential.username).exists():
        raise LoginTaken(person=heir, username=credential.username, registry=credential.registry.name)
    if theirs.filter(label=credential.label).exists():
        raise LabelTaken(person=heir, label=credential.label)


def teams_to_share_with(person: User, credential: Credential) -> QuerySet[Team]:
    """The teams of the owner that do not have the credential yet."""
    return access.teams(person).exclude(shares__credential=credential)

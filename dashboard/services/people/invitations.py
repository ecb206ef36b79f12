"""Invitations: a link that makes one member of a team, once.

The link is a signature, under a salt of its own, of the invitation's key and of what tells it from another that has
the same key in a database that was restored. Nothing in the database opens a team.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.core.mail import send_mail
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access, narrowing
from dashboard.models import Invitation, Membership, Role, User
from dashboard.models.team import INVITATION_DAYS
from dashboard.services import audit
from dashboard.services.people.problems import (
    AlreadyMember,
    InvitationClosed,
    InvitationExpired,
    InvitationTakenBack,
    InvitationUsed,
    InvitationWorthless,
    TeamGone,
    UserNameTaken,
)
from dashboard.services.sentences import visible

logger = logging.getLogger(__name__)

# Not a colon: what recognizes links in a text ends some of them there.
_signer = Signer(salt="dashboard.invitation", sep=".")


class Mail(Enum):
    """What became of the letter with the link."""

    NONE = "none"  # nobody asked for one, or no mail server is set
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An invitation that was made, its whole link, and whether it went out."""

    invitation: Invitation
    link: str
    mail: Mail


def sends_mail() -> bool:
    """Whether a mail server is set (E164WEB_EMAIL_URL)."""
    return bool(settings.E164WEB.mail_server)


def makes_accounts() -> bool:
    """Whether who has no account may make one: not where only a provider lets people in (E164WEB_LOCAL_LOGIN)."""
    return bool(settings.E164WEB.local_login)


def invite(person: User, pk: int, *, role: Role, email: str, link_of: Callable[[str], str]) -> Invited:
    """Make an invitation into a team; `link_of` makes the whole link of its token. It is sent to `email`, if any.

    A mail server that fails loses nothing: the link is still there to be given on.
    """
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        made = Invitation(team=team, role=role, email=email, made_by=person)
        made.save(force_insert=True)
        audit.note("team.invitation.made", by=person, team=team, words=f"{role} {email}".strip())
    link = link_of(token_of(made))
    return Invited(invitation=made, link=link, mail=_send(made, person, link))


def token_of(invitation: Invitation) -> str:
    """What its link ends with."""
    return _signer.sign(_identity(invitation))


def _identity(invitation: Invitation) -> str:
    return f"{invitation.pk}-{invitation.team_id}-{int(invitation.created_at.timestamp())}"


def _send(made: Invitation, person: User, link: str) -> Mail:
    """Names are of people: what would end a line of a header is made visible."""
    if not made.email or not sends_mail():
        return Mail.NONE
    names = {
        "person": visible(str(person)),
        "team": visible(made.team.name),
        "role": made.get_role_display(),
        "days": INVITATION_DAYS,
        "link": link,
    }
    subject = _("Invitation to the team “%(team)s”") % names
    text = _(
        "%(person)s invites you to the team “%(team)s”, as %(role)s. Open this link to join; it works once, for "
        "%(days)d days:\n\n%(link)s\n\nIf you do not know them, do nothing.\n"
    )
    try:
        send_mail(subject, text % names, None, [made.email])
    except (OSError, ValueError) as error:  # no server, or no address that a letter can have
        logger.warning("An invitation was not sent: %s", type(error).__name__)
        return Mail.FAILED
    return Mail.SENT


def take_back(person: User, pk: int, invitation: int) -> Invitation:
    """Let an invitation work no longer. Raises InvitationClosed where it does not anyway."""
    with transaction.atomic():
        team = access.locked_team(person, pk, access.MANAGE)
        found = access.invitation(invitation)
        if found is None or found.team_id != team.pk:
            raise Http404(_("There is no such invitation."))
        _insist_on_open(found)
        found.taken_back_at = timezone.now()
        found.save(update_fields=["taken_back_at"])
        audit.note("team.invitation.taken-back", by=person, team=team, words=f"{found.role} {found.email}".strip())
    return found


def read_invitation(token: str) -> Invitation:
    """The invitation of a link, however it is. Raises Http404 where nobody made the link, and TeamGone."""
    try:
        identity = _signer.unsign(token)
    except BadSignature:
        raise Http404(_("There is no such invitation.")) from None
    found = access.invitation(int(identity.partition("-")[0]))
    if found is None:
        raise TeamGone
    if _identity(found) != identity:
        raise Http404(_("There is no such invitation."))
    return found


def closed_by(invitation: Invitation) -> InvitationClosed | None:
    """Why an invitation cannot be used; None where it can."""
    if invitation.used_at:
        return InvitationUsed()
    if invitation.taken_back_at:
        return InvitationTakenBack()
    if invitation.expires_at <= timezone.now():
        return InvitationExpired()
    if not access.open_invitations(invitation.team).filter(pk=invitation.pk).exists():
        return InvitationWorthless()
    return None


def _insist_on_open(invitation: Invitation) -> None:
    if closed := closed_by(invitation):
        raise closed


def join(person: User, token: str) -> Membership:
    """Become a member by an invitation, which is used up by it.

    Raises Http404, InvitationClosed, and AlreadyMember, which uses nothing up. Of two at one instant the team's lock
    lets one be first, and the other finds the invitation used.
    """
    narrowing.insist_in_person(person)
    with transaction.atomic():
        access.lock_teams([read_invitation(token).team_id])
        invitation = read_invitation(token)
        _insist_on_open(invitation)
        if invitation.team.memberships.filter(user=person).exists():
            raise AlreadyMember(team=invitation.team.name)
        invitation.used_at, invitation.used_by = timezone.now(), person
        invitation.save(update_fields=["used_at", "used_by"])
        member = Membership(team=invitation.team, user=person, role=invitation.role)
        member.save(force_insert=True)
        audit.note("team.invitation.used", by=person, about=invitation.made_by, team=invitation.team)
        audit.note("team.member.joined", by=person, team=invitation.team, words=invitation.role)
    return member


def join_with_new_account(account: User, token: str) -> Membership:
    """Store a new person, and make them a member. Raises as `join` does, and UserNameTaken; then nobody is stored."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                account.save(force_insert=True)
        except IntegrityError:
            raise UserNameTaken from None
        member = join(account, token)
        audit.note("person.made", by=account, team=member.team, words="by an invitation")
    return member

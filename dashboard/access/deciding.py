"""What a person may do with a credential or in a team; each further module of this package asks here."""

from collections.abc import Iterable
from enum import IntEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, F, Manager, OuterRef, Q, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dashboard import narrowing
from dashboard.access import often
from dashboard.access.locking import lock
from dashboard.models import (
    Credential,
    Invitation,
    Membership,
    Registry,
    Role,
    Scope,
    Share,
    Team,
    User,
)


class May(IntEnum):
    """What a person may do with a credential or in a team; each includes those before it."""

    SEE = 1  # numbers, records, history, predictions, DNS; the members of a team
    EDIT = 2  # write records, settle what is open
    MANAGE = 3  # members, invitations, which credentials the team has
    OWN = 4  # share a credential, replace its password, hand it over, remove it


SEE, EDIT, MANAGE, OWN = May

ALLOWS = {Role.VIEWER: SEE, Role.EDITOR: EDIT, Role.MANAGER: MANAGE}
# What a token allows at most, whatever the person may do: never members, shares and secrets.
CEILING = {Scope.READ: SEE, Scope.WRITE: EDIT}
_REFUSED = {
    EDIT: gettext_noop("You may look at “%(name)s” and change nothing: ask its owner, or a manager of the team."),
    MANAGE: gettext_noop("Only a manager of the team may do this with “%(name)s”."),
    OWN: gettext_noop("Only the owner of “%(name)s” may do this."),
}
_ONLY_READS = gettext_noop("This token may only read.")


def ceiling(person: User) -> May:
    """How much this person may do at most, as they act now."""
    return CEILING[Scope(person.token.scope)] if person.token is not None else OWN


def changes_raws(person: User, *, away: bool = False) -> bool:
    """Whether this is an administrator who may add raw records, or take them `away`, by what the administration says
    now. A token never acts as an administrator.
    """
    now = User.objects.filter(pk=person.pk, is_active=True, is_staff=True).first() if person.token is None else None
    return now is not None and now.has_perm(f"registry.{'delete' if away else 'add'}_rawrecord")


def credentials(person: User, may: May = SEE) -> QuerySet[Credential]:
    """The credentials with which this person may do at least so much, their own and those of their teams.

    They come with their registries and owners, and with `may`: how much it is.
    """
    through = [(each, Exists(_shares_of(person, each))) for each in (MANAGE, EDIT, SEE)]
    most = ceiling(person)
    how_much = Case(
        When(user=person, then=Value(int(min(OWN, most)))),
        *(When(shared, then=Value(int(min(each, most)))) for each, shared in through),
    )
    everyones = narrowing.reached(person, Credential.objects.select_related("registry", "user"))
    return everyones.annotate(may=how_much).filter(may__gte=int(may))  # type: ignore[no-redef,misc]  # as it is declared


def rights(person: User) -> dict[int, May]:
    """The ids of the same, with how much it is."""
    if person.token is not None:
        return {reached.pk: May(reached.may) for reached in credentials(person)}
    found = dict[int, May]()
    for pk, share, member in often.theirs(person):
        may = OWN if share is None else min(ALLOWS[Role(share)], ALLOWS[Role(str(member))])
        found[pk] = max(found.get(pk, SEE), may)
    return found


def allowed(person: User, may: May) -> set[int]:
    """The ids of the credentials with which this person may do at least so much."""
    return {pk for pk, has in rights(person).items() if has >= may}


def _roles(may: May) -> list[Role]:
    """The roles that allow at least so much."""
    return [role for role, allows in ALLOWS.items() if allows >= may]


def _shares_of(person: User, may: May) -> QuerySet[Share]:
    """What gives a person so much of the credential outside: a member's role counts up to that of the share."""
    roles = _roles(may)
    return Share.objects.filter(
        credential=OuterRef("pk"), role__in=roles, team__memberships__user=person, team__memberships__role__in=roles
    )


def credential(person: User, pk: int, may: May) -> Credential:
    """One credential. Raises Http404 for a stranger, and PermissionDenied for who may see it and not more."""
    # Nearly all are one's own, and looking for these among teams costs as much as half of drawing a page.
    own = Credential.objects.filter(pk=pk, user=person).select_related("registry").order_by()
    found = next(iter(narrowing.reached(person, own, anew=may > SEE)), None)
    if found is not None:
        found.may = min(OWN, ceiling(person))
    else:
        found = credentials(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such credential."))
    _insist(person, found.may, may, found.label)
    return found


def locked_credential(person: User, pk: int, may: May) -> Credential:
    """The same, which nobody else changes or shares until the transaction ends. Lock its teams first."""
    lock(Credential, pk)
    return credential(person, pk, may)


def lock_own_credentials(person: User) -> None:
    """Let nobody change, share or remove what a person owns until the transaction ends. Lock their teams first."""
    list(Credential.objects.select_for_update().filter(user=person).order_by("pk").values_list("pk"))


def own_credentials(person: User) -> QuerySet[Credential]:
    """The credentials that belong to this person."""
    own = narrowing.reached(person, Credential.objects.filter(user=person).select_related("registry"))
    return own.annotate(may=Value(int(min(OWN, ceiling(person)))))  # type: ignore[no-redef]  # as it is declared


def _insist(person: User, has: int, may: May, name: str) -> None:
    if has < may <= ceiling(person):
        raise PermissionDenied(_(_REFUSED[may]) % {"name": name})
    if has < may:
        raise PermissionDenied(_(_ONLY_READS if may == EDIT else narrowing.NO_TOKEN))


def shares(person: User) -> QuerySet[Share]:
    """Through which teams this person sees which credentials, and in which teams their own are."""
    theirs = Q(credential__user=person) | Q(team__memberships__user=person)
    found = Share.objects.filter(theirs).select_related("team", "credential__registry", "credential__user").distinct()
    return found if person.token is None else found.filter(credential__in=credentials(person).values("pk"))


def shares_to_end(person: User, credential: Credential) -> QuerySet[Share]:
    """The shares of a credential that this person may end: of their own, or in a team that they manage.

    Raises PermissionDenied for who sees the credential and may end none.
    """
    seen = shares(person).filter(credential=credential)
    found = seen if credential.may >= OWN else seen.filter(team__in=teams(person, MANAGE).values("pk"))
    if credential.may < OWN and not found.exists():
        _insist(person, SEE, MANAGE, credential.label)
    return found


def teams(person: User, may: May = SEE) -> QuerySet[Team]:
    """The teams in which this person may do at least so much, with `role`, the person's own.

    Whatever the role and the token, who acts with one only sees them.
    """
    theirs = Team.objects.filter(memberships__user=person, memberships__role__in=_roles(may))
    if person.token is not None:
        theirs = theirs.filter(narrowing.lives(person)) if may <= SEE else theirs.none()
    return theirs.annotate(role=F("memberships__role"))  # type: ignore[no-redef]  # as it is declared


def of_theirs(person: User, may: May = SEE) -> Q:
    """Which things belong to a person, or to a team in which they may do at least so much (`models.whose`).

    Of what is a team's, whoever acts with a token only sees it, as in `teams`.
    """
    if person.token is not None and may > SEE:
        return Q(user=person)
    member = Q(team__memberships__user=person) & narrowing.lives(person)
    if may > SEE:
        member &= Q(team__memberships__role__in=_roles(may))
    return Q(user=person) | member


def team(person: User, pk: int, may: May) -> Team:
    """One team. Raises Http404 for a stranger, and PermissionDenied for a member who may not do this."""
    found = teams(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such team."))
    if may > SEE:
        narrowing.insist_in_person(person)
    _insist(person, ALLOWS[Role(found.role)], may, found.name)
    return found


def lock_teams(pks: Iterable[int]) -> None:
    """Let nobody else change members, shares and names of these teams until the transaction ends."""
    list(Team.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def locked_team(person: User, pk: int, may: May) -> Team:
    """The same as `team`, decided once nobody else can change who may what there. No token changes anything there."""
    narrowing.insist_in_person(person)
    lock_teams([pk])
    return team(person, pk, may)


def managers() -> QuerySet[Membership]:
    """Whoever manages a team: somebody who is switched off does not."""
    return Membership.objects.filter(role=Role.MANAGER, user__is_active=True)


def teams_managed_by_nobody_but(person: User) -> QuerySet[Team]:
    """The teams that would have no active manager without this person."""
    others = managers().filter(team=OuterRef("pk")).exclude(user=person)
    return teams(person, MANAGE).exclude(Exists(others))


def membership(person: User, team: Team, pk: int) -> Membership:
    """A member of a team that was reached for somebody who may see it. Raises Http404."""
    del person
    found = team.memberships.select_related("user", "team").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such member."))
    return found


def own_membership(person: User, team: Team) -> Membership:
    """What a person is in a team of theirs. Raises Http404 where they have just left it."""
    found = team.memberships.select_related("user", "team").filter(user=person).first()
    if found is None:
        raise Http404(_("There is no such team."))
    return found


def invitation(pk: int) -> Invitation | None:
    """The invitation of somebody who has its link."""
    return Invitation.objects.select_related("team", "made_by").filter(pk=pk).first()


def open_invitations(team: Team) -> QuerySet[Invitation]:
    """The invitations into a team that can be used.

    They are worth what the right of whoever made them is worth: somebody who was removed has no way back in.
    """
    unused = Invitation.objects.filter(team=team, used_at=None, taken_back_at=None, expires_at__gt=timezone.now())
    return unused.filter(made_by__in=managers().filter(team=team).values("user")).select_related("made_by")


def people_with_credentials() -> QuerySet[User]:
    """The active people who have credentials of their own."""
    return User.objects.filter(is_active=True, credentials__isnull=False).distinct()


def every_credential() -> QuerySet[Credential]:
    """All credentials there are, for the maintenance of an installation, which looks at none for a person."""
    return Credential.objects.order_by("-pk")


def every_team() -> Manager[Team]:
    """All teams there are: a name is taken for everybody, and the groups of a sign-in provider ask for no person."""
    return Team.objects


def registries(person: User) -> QuerySet[Registry]:
    """The registries for which this person may add a credential."""
    allowed = Registry.objects.filter(is_enabled=True)
    return allowed if person.token is None else allowed.none()


def may_know(whose: User | Team, credential: int) -> bool:
    """Whether a person, or the members of a team, may be told of what happens with a credential."""
    if isinstance(whose, User):
        return whose.is_active and credentials(whose).filter(pk=credential).exists()
    return Share.objects.filter(team=whose, credential=credential).exists()

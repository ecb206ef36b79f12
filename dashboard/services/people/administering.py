"""What administrators do to people, and what becomes of what they had.

A person who goes leaves no team without a manager, and no installation without an administrator.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from dashboard import access, narrowing
from dashboard.models import Credential, Membership, Team, User
from dashboard.services.people.problems import LastAdministrator, LastManager, NotPossible
from dashboard.services.people.teams import end_membership, note_membership


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What goes with a person, and what stays."""

    own: Sequence[Credential]  # removed, also from the teams that they are shared with
    memberships: Sequence[Membership]  # ended
    token_count: int  # with which programs act for them, and which end
    invitations: int  # open ones that they made, which work no longer
    writes: int  # in the history, which keeps them under the person's name


def belongings(person: User) -> Belongings:
    """What a person has, for who decides about it."""
    memberships = list(person.memberships.select_related("team"))
    open_ones = [access.open_invitations(each.team).filter(made_by=person) for each in memberships]
    return Belongings(
        own=list(access.own_credentials(person).prefetch_related("shares__team")),
        memberships=memberships,
        token_count=narrowing.own_tokens(person).filter(pk__in=narrowing.alive().values("pk")).count(),
        invitations=sum(each.count() for each in open_ones),
        writes=access.changes_by(person).count(),
    )


def insist_on_another_administrator(person: User) -> None:
    """Raises LastAdministrator where nobody else could administrate. That holds until the transaction ends."""
    with transaction.atomic():
        administrators = User.objects.filter(is_active=True, is_staff=True, is_superuser=True)
        known = set(administrators.select_for_update().order_by("pk").values_list("pk", flat=True))
    if known == {person.pk}:
        raise LastAdministrator(person=person)


def teams_without(person: User) -> list[Team]:
    """The teams that would have no active manager without this person."""
    return list(access.teams_managed_by_nobody_but(person))


def reasons_to_stay(person: User) -> list[NotPossible]:
    """Why a person cannot be deleted: the teams and the installation that would be left without anybody.

    Locks both until the transaction ends, so that what it says still holds when the person is deleted; and what goes
    too, so that nobody who holds it waits meanwhile to note something.
    """
    reasons: list[NotPossible] = []
    with transaction.atomic():
        access.lock_teams(person.memberships.values_list("team", flat=True))
        access.lock_own_credentials(person)
        reasons += [LastManager(team=team.name) for team in teams_without(person)]
        try:
            insist_on_another_administrator(person)
        except LastAdministrator as reason:
            reasons.append(reason)
    return reasons


def delete_person(by: User, person: User) -> None:
    """Delete a person with their credentials and memberships. The history keeps their name. Raises NotPossible.

    That the person is gone is noted with the admin's own log (`dashboard.web.noting`).
    """
    with transaction.atomic():
        for reason in reasons_to_stay(person):
            raise reason
        ended = [end_membership(member) for member in person.memberships.select_related("team")]
        person.delete()
        for each in ended:
            each.member.user = person  # who has no key any more
            for share in each.shares:
                share.credential.pk = None  # it went too
            note_membership(by, each, "team.member.removed")

"""Teams and administrators follow the groups that a sign-in provider names.

Only teams that the provider's map names are touched. Whoever has lost a group loses its role at the next sign-in, but
the last manager of a team and the last administrator stay, since nobody could bring them back.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError, transaction

from dashboard import access
from dashboard.models import Membership, Role, Team, User
from dashboard.services import audit
from dashboard.services.people.administering import insist_on_another_administrator
from dashboard.services.people.problems import LastAdministrator, LastManager
from dashboard.services.people.teams import Ended, end_membership, keep_a_manager, note_membership, team_called

logger = logging.getLogger(__name__)


class Event(NamedTuple):
    """What happened, in which team, and more words; and what ended, if something did."""

    name: str
    team: Team | None = None
    words: tuple[str, ...] = ()
    ended: Ended | None = None


@dataclass(frozen=True, kw_only=True)
class GroupRole:
    """Whoever is in the group has the role in the team of this name."""

    group: str
    team: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class ProviderMap:
    """What the groups of one provider mean. `provider` is its name for people."""

    provider: str
    roles: tuple[GroupRole, ...] = ()
    administrators: frozenset[str] = frozenset()  # groups; where there are none, administrators are left alone


def follow_groups(person: User, provider_map: ProviderMap, groups: Iterable[str] | None) -> None:
    """Give a person the roles of their groups, and take those that they have no group for any more.

    `groups` is None where the provider did not say: then nothing changes. A mapped team that does not exist is made
    for the first who is to be in it.
    """
    if not provider_map.roles and not provider_map.administrators:
        return
    if groups is None:
        logger.warning("%s named no groups of %s: their teams stay as they are", provider_map.provider, person)
        audit.note("groups.missing", by=None, about=person, words=provider_map.provider)
        return
    has = frozenset(groups)
    with transaction.atomic():
        # Rows are locked first, so that of two last managers one stays: teams before administrators, as everywhere.
        # Notes come last: until the end of a transaction that notes something, nobody else can.
        roles, events = _make_teams(provider_map, has)
        teams = list(access.every_team().filter(pk__in=roles).order_by("pk").select_for_update())
        events += _follow_administrators(person, provider_map, has)
        events += [event for team in teams if (event := _set_role(person, team, roles[team.pk]))]
        for event in events:
            _note(person, event, ", ".join([*event.words, provider_map.provider]))


def _note(person: User, event: Event, words: str) -> None:
    if event.ended:
        note_membership(None, event.ended, event.name, words)
    else:
        audit.note(event.name, by=None, about=person, team=event.team, words=words)


def _make_teams(provider_map: ProviderMap, has: frozenset[str]) -> tuple[dict[int, Role | None], list[Event]]:
    """What the person should be in each mapped team, and which teams were made for that."""
    roles: dict[int, Role | None] = {}
    events = []
    for name, role in _wanted(provider_map, has):
        team = team_called(name)
        if team is None and role is not None:
            team, is_new = _make_team(name)
            if is_new:
                events.append(Event("team.made", team))
        if team is not None:
            roles[team.pk] = role
    return roles, events


def _wanted(provider_map: ProviderMap, has: frozenset[str]) -> Iterable[tuple[str, Role | None]]:
    """Each mapped team, by its name, with the best role that the groups give there; None for none."""
    names: dict[str, str] = {}
    best: dict[str, Role | None] = {}
    for rule in provider_map.roles:
        key = rule.team.casefold()
        names.setdefault(key, rule.team)
        known = best.setdefault(key, None)
        if rule.group in has and (known is None or access.ALLOWS[rule.role] > access.ALLOWS[known]):
            best[key] = rule.role
    return [(names[key], role) for key, role in best.items()]


def _make_team(name: str) -> tuple[Team, bool]:
    """The team of this name, and whether it was made just now and not by somebody at the same moment."""
    try:
        with transaction.atomic():
            return access.every_team().create(name=name), True
    except IntegrityError:
        if (found := team_called(name)) is None:
            raise
        return found, False


def _set_role(person: User, team: Team, role: Role | None) -> Event | None:
    """Make the person's role in a team what it should be. The team's row is locked."""
    member = team.memberships.filter(user=person).select_related("team", "user").first()
    if member is None:
        return _added(person, team, role) if role else None
    has = member.role
    if has == role:
        return None
    try:
        keep_a_manager(team, member)
    except LastManager:
        logger.warning("%s stays a manager of %s, which has no other", person, team)
        return Event("team.manager.kept", team)
    if role is None:
        return Event("team.member.removed", ended=end_membership(member))
    member.role = role
    member.save(update_fields=["role"])
    return Event("team.member.role", team, (f"{has} > {role}",))


def _added(person: User, team: Team, role: Role) -> Event:
    Membership(team=team, user=person, role=role).save(force_insert=True)
    return Event("team.member.added", team, (role,))


def _follow_administrators(person: User, provider_map: ProviderMap, has: frozenset[str]) -> Iterator[Event]:
    if not provider_map.administrators:
        return
    should = bool(has & provider_map.administrators)
    if User.objects.filter(pk=person.pk, is_staff=should, is_superuser=should).exists():
        return
    try:
        if not should:
            insist_on_another_administrator(person)
    except LastAdministrator:
        logger.warning("%s stays an administrator, since there is no other", person)
        yield Event("administrator.kept")
        return
    User.objects.filter(pk=person.pk).update(is_staff=should, is_superuser=should)
    person.is_staff = person.is_superuser = should
    yield Event("administrator.made" if should else "administrator.removed")

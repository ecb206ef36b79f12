"""Who may see which events of the audit trail."""

from django.db.models import Q, QuerySet

from dashboard.access.deciding import MANAGE, teams
from dashboard.models import AuditEvent, Share, Team, User


def looks_after_people(person: User) -> bool:
    """Whether this is an administrator or the manager of some team: they see the audit trail, or a part of it."""
    return person.token is None and (person.is_staff or teams(person, MANAGE).exists())


def audited_teams(person: User) -> QuerySet[Team]:
    """The teams whose events this person may see: an administrator those of all, a manager those of their own."""
    return Team.objects.all() if person.token is None and person.is_staff else teams(person, MANAGE)


def audit_events(person: User) -> QuerySet[AuditEvent]:
    """What happened, as far as this person may see it: an administrator everything, a manager what happened in their
    teams, and with the credentials that these have now, but for what concerns another team.
    """
    if person.token is None and person.is_staff:
        return AuditEvent.objects.all()
    managed = teams(person, MANAGE).values("pk")
    shared = Share.objects.filter(team__in=managed).values("credential")
    return AuditEvent.objects.filter(Q(team__in=managed) | Q(credential__in=shared, team=None, team_name=""))


def every_audit_event() -> QuerySet[AuditEvent]:
    """All events there are, for who verifies that none is missing, which looks at none for a person."""
    return AuditEvent.objects.all()

"""Events found, for the page and for exports."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from dashboard import access
from dashboard.models import AuditEvent, Team, User


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events somebody looks for. What is empty excludes nothing; `before` is not included."""

    who: str = ""
    event: str = ""
    team: Team | None = None
    since: datetime | None = None
    before: datetime | None = None


def find(person: User, wanted: Wanted) -> QuerySet[AuditEvent]:
    """The events that this person may see and looks for, newest first. `who` is a part of either name."""
    found = access.audit_events(person)
    if wanted.who:
        found = found.filter(Q(by_name__icontains=wanted.who) | Q(about_name__icontains=wanted.who))
    if wanted.event:
        found = found.filter(event=wanted.event)
    if wanted.team is not None:
        found = found.filter(team=wanted.team)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.before is not None:
        found = found.filter(at__lt=wanted.before)
    return found.order_by("-number")

"""Events found, for the page and for exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from dashboard import access
from dashboard.models import AuditEvent, Team, User

CHUNK = 1_000  # events of an export that are in memory at a time


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


def oldest_first(events: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """All of them, a chunk at a time, so that a million need no memory."""
    last = 0
    while chunk := list(events.filter(number__gt=last).order_by("number")[:CHUNK]):
        yield from chunk
        last = chunk[-1].number

"""Events as rows of a file."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from dashboard.models import AuditEvent
from dashboard.services.exporting import oldest_first

COLUMNS = (
    *("number", "at", "event", "by", "address", "about", "team", "credential", "words"),
    *("previous", "digest"),
)
_FIELDS = (
    *("at", "event", "by_name", "address", "about_name", "team_name", "credential_name", "words"),
    *("previous", "digest"),
)


def rows(events: QuerySet[AuditEvent]) -> Iterator[Sequence[Any]]:
    """What COLUMNS name, of each event, oldest first."""
    for chunk in oldest_first(events, *_FIELDS):
        for number, at, *said in chunk:
            yield number, at.astimezone(UTC).isoformat(timespec="milliseconds"), *said

"""An audit trail that is whole, and somebody who tampers with it."""

import pytest
from django.db import connection, transaction

from dashboard.models import AuditEvent, AuditHead


@pytest.fixture
def trail(db: None) -> None:
    """A trail that is whole to begin with: emptying the database after another test took its end away too."""
    with transaction.atomic():
        AuditHead.locked().accept()


DEFINITION = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'dashboard_auditevent_kept'",
    "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'dashboard_auditevent_kept'",
}


def tamper(statement: str, *values: int | str) -> None:
    """Do as who may write into the database could: take its triggers away meanwhile."""
    where = "ON dashboard_auditevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(DEFINITION[connection.vendor])
        ((trigger,),) = cursor.fetchall()
        cursor.execute(f"DROP TRIGGER dashboard_auditevent_kept {where}")
        cursor.execute(statement, values)
        cursor.execute(trigger)


def events() -> list[str]:
    """The words for what happened, in its order."""
    return list(AuditEvent.objects.order_by("number").values_list("event", flat=True))


def last() -> AuditEvent:
    """What was noted last."""
    return AuditEvent.objects.order_by("number").reverse()[0]

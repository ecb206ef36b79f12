"""What many pages ask, in SQL, which Django takes ten times as long to write as a database to answer.

Nothing here decides who may see anything: whoever asks has done so.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from dashboard.models import Credential, MirroredNumber, User


def theirs(person: User) -> list[tuple[int, str | None, str | None]]:
    """The ids of a person's own credentials, and of what each of their teams has with the roles of the share and of
    the member.
    """
    return _rows(
        """
        SELECT id, NULL, NULL FROM dashboard_credential WHERE user_id = %s
        UNION ALL
        SELECT share.credential_id, share.role, member.role
        FROM dashboard_share AS share JOIN dashboard_membership AS member ON member.team_id = share.team_id
        WHERE member.user_id = %s
        """,
        person.pk,
        person.pk,
    )


def is_as_seen(credential: Credential, number_id: int, fingerprint: str, since: datetime) -> bool:
    """Whether the mirror has just these records of a number, and somebody has looked since."""
    return bool(
        _rows(
            "SELECT 1 FROM dashboard_mirrorednumber"
            " WHERE credential_id = %s AND number_id = %s AND fingerprint = %s AND seen_at > %s",
            credential.pk,
            number_id,
            fingerprint,
            since,
        )
    )


def is_written_lately(credential: Credential, number_id: int, since: datetime) -> bool:
    """Whether a write to a number is open, or was made since."""
    return bool(
        _rows(
            "SELECT 1 FROM dashboard_change"
            " WHERE credential_id = %s AND number_id = %s AND (settled_at IS NULL OR created_at >= %s) LIMIT 1",
            credential.pk,
            number_id,
            since,
        )
    )


def as_shown(pks: Sequence[int]) -> list[MirroredNumber]:
    """Those of some mirrored numbers that are still there, in the same order, with `label`, `note` and `tags`.

    A note has no relation by which Django would join it.
    """
    found = MirroredNumber.objects.raw(
        f"""
        SELECT number.id, number.credential_id, number.number_id, number.digits, number.local, number.record_count,
            number.records, number.problems, number.dns_state, number.seen_at, number.changed_at,
            credential.label, coalesce(note.text, '') AS note, coalesce(note.tags, '') AS tags
        FROM dashboard_mirrorednumber AS number
        JOIN dashboard_credential AS credential ON credential.id = number.credential_id
        LEFT JOIN dashboard_numbernote AS note
            ON note.credential_id = number.credential_id AND note.number_id = number.number_id
        WHERE number.id IN ({", ".join(["%s"] * len(pks)) or "NULL"})
        """,  # noqa: S608 -- as many places for values as there are
        pks,
    )
    rows = {number.pk: number for number in found}
    return [rows[pk] for pk in pks if pk in rows]


def _rows(question: str, *values: str | int | datetime) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(question, [adapt(value) if isinstance(value, datetime) else value for value in values])
        found: list[Any] = cursor.fetchall()
        return found

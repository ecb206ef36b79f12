"""What was changed elsewhere: noticed when a number is read and is not as it was at the last look.

Our own writes say what the next look should find (`expect`), so whatever else it finds was done by others: by another
program, or in another house of the same account. It goes into the history without a person, so that the line of a
number has no holes.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, Credential, MirroredNumber, Outcome
from dashboard.models.change import Command
from dashboard.models.searching import MAX_DIGITS
from dashboard.protocol import Number, RecordState
from dashboard.services.fingerprints import fingerprint
from dashboard.services.history.mirroring import NAMED, SAID, fill, name
from dashboard.services.telling import note_change

# A look that finds nothing new is noted once in so long: a page that is only read should write nothing.
LOOK_NOTED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a registry said, that was asked at `asked_at`; `mark` is the fingerprint of the records."""

    number: Number
    records: Sequence[RecordState]
    mark: str
    asked_at: datetime


def notice(
    credential: Credential, number: Number, records: Sequence[RecordState], mark: str, asked_at: datetime
) -> None:
    """Note what a number has, and in its history what is otherwise than at the last look; as `notice_all`."""
    if not access.is_as_seen(credential, number.id, mark, asked_at - LOOK_NOTED):
        notice_all(credential, [Look(number=number, records=records, mark=mark, asked_at=asked_at)])


def notice_all(credential: Credential, looks: Sequence[Look]) -> None:
    """Note what some numbers have, and in their histories what is otherwise than at the last look. One transaction.

    What they say is not compared while the outcome of a write is open, or when somebody has looked or written since.
    """
    ids = [look.number.id for look in looks]
    # Somebody may have removed the credential while its registry was being asked.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        known = access.every_mirrored_number().filter(credential_id=credential.pk, number_id__in=ids)
        rows = {row.number_id: row for row in known.select_for_update().order_by("number_id")}
        being_written = access.written_to(credential, ids) if rows else set()
        changed, same = list[MirroredNumber](), list[int]()
        for look in looks:
            row = rows.get(look.number.id)
            if row is None:
                row = MirroredNumber(number_id=look.number.id)
            elif (row.seen_at and row.seen_at > look.asked_at) or row.number_id in being_written:
                continue
            row.credential = credential  # at hand, for what is noted
            if _is_filled(row, look):
                changed.append(row)
            else:
                same.append(row.pk)
        access.every_mirrored_number().filter(pk__in=same).update(seen_at=min(look.asked_at for look in looks))
        _store(changed)


def expect(change: Change) -> None:
    """Remember what the next look should find, now that a write took effect. In the transaction that settles it."""
    known = access.every_mirrored_number().filter(credential=change.credential, number_id=change.number_id)
    row = known.select_for_update().first()
    if row is not None and row.fingerprint:
        records = _carried_over(change, row.records)
        fill(row, records, fingerprint(records))
        row.seen_at = row.changed_at = timezone.now()
        row.is_expected = True
        row.save()


def _is_filled(row: MirroredNumber, look: Look) -> bool:
    """Say in a row what was seen, and in the history what is otherwise. False where only the time is another."""
    is_otherwise = row.fingerprint not in {"", look.mark}
    if is_otherwise and not (row.is_expected and _is_kept(row.records, look.records)):
        _note(row, look)
        row.changed_at = look.asked_at
    is_news = name(row, look.number) or row.fingerprint != look.mark or row.is_expected or not row.text
    if is_news:
        row.seen_at, row.is_expected = look.asked_at, False
        fill(row, look.records, look.mark)
    return is_news


def _store(rows: Sequence[MirroredNumber]) -> None:
    access.every_mirrored_number().bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["credential", "number_id"],
        update_fields=[*NAMED, *SAID],
    )


def _note(last: MirroredNumber, look: Look) -> None:
    credential = last.credential
    seen = Change(
        credential=credential,
        credential_label=credential.label,
        registry_name=credential.registry.name,
        command=Command.SEEN,
        number_id=look.number.id,
        number=look.number.digits[:MAX_DIGITS],
        before=last.records,
        after=look.records,
        outcome=Outcome.APPLIED,
        looked_at=last.seen_at,
        settled_at=timezone.now(),
    )
    seen.save(force_insert=True)
    note_change(seen)


def _carried_over(change: Change, records: Sequence[RecordState]) -> list[RecordState]:
    """The records as a write leaves them: it changes what it is about, and nothing else."""
    if change.command == Command.DELETEALL:
        gone = {record.id for record in change.before}
        return [record for record in records if record.id not in gone]
    about = change.record_id
    come = [record for record in change.after if record.id == about and record not in change.before]
    if change.command == Command.UPDATE:
        return [come[0] if come and record.id == about else record for record in records]
    if change.command == Command.DELETE:
        return [record for record in records if record.id != about]
    return [*records, *come]


def _is_kept(expected: Sequence[RecordState], found: Sequence[RecordState]) -> bool:
    """Whether a registry has what was sent. It may keep an order of its own, and names in its own case, and it does
    not always say which id a record got.
    """
    if len(expected) != len(found):
        return False
    left = list(found)
    for record in sorted(expected, key=lambda one: one.id is None):
        there = next((one for one in left if record.id in {None, one.id} and one.content == record.content), None)
        if there is None:
            return False
        left.remove(there)
    return True

"""What was changed elsewhere: noticed when a number is read and is not as it was at the last look.

Our own writes say what the next look should find (`expect`), so whatever else it finds was done by others: by another
program, or in another house of the same account. It goes into the history without a person, so that the line of a
number has no holes.
"""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, Credential, KnownNumber, Outcome
from dashboard.models.change import MAX_DIGITS, Command
from dashboard.protocol import Number, RecordState
from dashboard.services.fingerprints import fingerprint
from dashboard.services.telling import note_change

# A look that finds nothing new is noted once in so long: a page that is only read should write nothing.
LOOK_NOTED = timedelta(minutes=10)


def notice(
    credential: Credential, number: Number, records: Sequence[RecordState], mark: str, asked_at: datetime
) -> None:
    """Note what a number has, and in its history what is otherwise than at the last look.

    `mark` is the fingerprint of the records; they were asked for at `asked_at`. What they say is not compared while
    the outcome of a write is open, or when somebody has looked or written since.
    """
    known = KnownNumber.objects.filter(credential_id=credential.pk, number_id=number.id)
    # Compared here: a question with these two in it costs half as much again, and every answer asks it.
    noted = next(iter(known.values_list("fingerprint", "seen_at")), None)
    if noted is not None and noted[0] == mark and noted[1] > asked_at - LOOK_NOTED:
        return
    # Somebody may have removed the credential while its registry was being asked.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        last = known.select_for_update().first()
        if last is None:
            _first_look(credential, number, records, mark, asked_at)
            return
        if last.seen_at > asked_at or access.is_written_to(credential, number.id):
            return
        if last.fingerprint not in {"", mark} and not (last.is_expected and _is_kept(last.records, records)):
            _note(credential, number, last, records)
        _store(last, records, mark, at=asked_at, is_expected=False)


def expect(change: Change) -> None:
    """Remember what the next look should find, now that a write took effect. In the transaction that settles it."""
    known = KnownNumber.objects.filter(credential=change.credential, number_id=change.number_id)
    last = known.select_for_update().first()
    if last is not None and last.fingerprint:
        records = _carried_over(change, last.records)
        _store(last, records, fingerprint(records), at=timezone.now(), is_expected=True)


def _first_look(
    credential: Credential, number: Number, records: Sequence[RecordState], mark: str, asked_at: datetime
) -> None:
    KnownNumber.objects.create(
        credential=credential,
        number_id=number.id,
        record_count=len(records),
        records=records,
        fingerprint=mark,
        seen_at=asked_at,
    )


def _store(last: KnownNumber, records: Sequence[RecordState], mark: str, *, at: datetime, is_expected: bool) -> None:
    last.records, last.record_count, last.fingerprint = list(records), len(records), mark
    last.seen_at, last.is_expected = at, is_expected
    last.save()


def _note(credential: Credential, number: Number, last: KnownNumber, records: Sequence[RecordState]) -> None:
    seen = Change(
        credential=credential,
        credential_label=credential.label,
        registry_name=credential.registry.name,
        command=Command.SEEN,
        number_id=number.id,
        number=number.digits[:MAX_DIGITS],
        before=last.records,
        after=records,
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

"""The only place that changes numbers and records.

Each function is one transaction, and they happen one after another. The same transaction puts the number into the
publication queue: no change is without its place there.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TypedDict

from dashboard.enum import MAX_ANSWER
from dashboard.registry.models import Account, Number, RawRecord, Record
from dashboard.registry.publishing import content, pace, queue, raws


class RecordValues(TypedDict, total=False):
    """What can be changed of a record. `order` is not among it: it is stored as 100 whatever was sent."""

    preference: int
    service: str
    hostdata: str


class AnswerTooLarge(Exception):
    """The records of a number would make `size` octets in the DNS, more than telephone systems read."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class NotPublishable(Exception):
    """The DNS would get nothing of a record, so that it would be saved and never seen; `str()` says why."""


def create_record(
    number: Number, *, preference: int, service: str, hostdata: str, is_checked: bool = False
) -> Record:
    """Add a record to `number` and return it.

    Raises Number.DoesNotExist if that is gone, NotPublishable, and AnswerTooLarge unless the caller has checked that.
    """
    with _changing(number) as locked, nullcontext() if is_checked else _not_too_large(locked):
        record = Record(number=locked, preference=preference, service=service, hostdata=hostdata)
        _refuse_unpublishable(record)
        record.save(force_insert=True)
        return record


def update_record(record: Record, values: RecordValues, *, is_checked: bool = False) -> None:
    """Give the record the `values`; what is absent stays, even if somebody else has just changed it.

    Raises Record.DoesNotExist or Number.DoesNotExist if it is gone, NotPublishable, and AnswerTooLarge unless the
    caller has checked that.
    """
    with _changing(record.number) as locked, nullcontext() if is_checked else _not_too_large(locked):
        now = locked.records.get(pk=record.pk)
        target = now.service, now.hostdata
        for name, value in values.items():
            setattr(now, name, value)
        # What was saved before a rule was made must not keep the record's preference from being changed.
        if (now.service, now.hostdata) != target:
            _refuse_unpublishable(now)
        if values:
            locked.records.filter(pk=record.pk).update(**values)


def _refuse_unpublishable(record: Record) -> None:
    reason = content.left_out(record, record.number.in_the_dns)
    if reason:
        raise NotPublishable(reason)


def delete_record(record: Record) -> None:
    """Delete the record. Raises Record.DoesNotExist or Number.DoesNotExist if it is gone already."""
    with _changing(record.number) as locked:
        deleted, _ = locked.records.filter(pk=record.pk).delete()
        if not deleted:
            raise Record.DoesNotExist


def delete_all(number: Number) -> int:
    """Delete every record of `number` and return how many there were. Raises Number.DoesNotExist."""
    with _changing(number) as locked:
        deleted, _ = locked.records.all().delete()
        return deleted


def save_raw(raw: RawRecord) -> None:
    """Save a raw record, new or changed.

    Raises Number.DoesNotExist or RawRecord.DoesNotExist if the number or the record is gone, NotPublishable, and
    AnswerTooLarge.
    """
    with _changing(raw.number) as locked, _not_too_large(locked):
        reason = raws.left_out(raw, locked.in_the_dns)
        if reason:
            raise NotPublishable(reason)
        if raw.pk is not None and not locked.raws.filter(pk=raw.pk).exists():
            raise RawRecord.DoesNotExist
        raw.save()


def delete_raw(raw: RawRecord) -> None:
    """Delete a raw record. Raises RawRecord.DoesNotExist or Number.DoesNotExist if it is gone already."""
    with _changing(raw.number) as locked:
        deleted, _ = locked.raws.filter(pk=raw.pk).delete()
        if not deleted:
            raise RawRecord.DoesNotExist


def save_number(number: Number) -> None:
    """Save a number, new or changed.

    Raises IntegrityError if another number has its digits, and Number.DoesNotExist if it is gone.
    """
    with queue.locked():
        before = Number.objects.select_for_update().get(pk=number.pk) if number.pk else None
        if before and before.digits != number.digits_joined:
            number.is_sample = False  # it is somebody's own now
        number.save()
        if not number.is_sample and (before is None or _published(before) != _published(number)):
            names = [before.name, number.name] if before and not before.is_sample else [number.name]
            queue.enqueue(names, is_mass=pace.is_mass(Account.objects.get(pk=number.account_id)))


def delete_number(number: Number) -> None:
    """Delete the number and its records. Raises Number.DoesNotExist."""
    with _changing(number) as locked:
        locked.delete()


def _published(number: Number) -> tuple[str, str]:
    """What the DNS gets of a number besides its records."""
    return number.name, number.caller_name


@contextmanager
def _changing(number: Number) -> Iterator[Number]:
    """One transaction around a change of what `number` publishes, which nobody else changes meanwhile.

    Raises Number.DoesNotExist if the number is gone or has gone to another account since it was read.
    """
    with queue.locked():
        # SQLite has no row locks and needs none: BEGIN IMMEDIATE lets one writer in at a time.
        numbers = Number.objects.select_for_update(of=("self",)).select_related("account")
        locked = numbers.get(pk=number.pk, account_id=number.account_id)
        yield locked
        if not locked.is_sample:
            queue.enqueue([locked.name], is_mass=pace.is_mass(locked.account))


@contextmanager
def _not_too_large(number: Number) -> Iterator[None]:
    """Undo what makes the answer of a number too large. One that is too large already may shrink."""
    before = content.answer_size_of(number)
    yield
    after = content.answer_size_of(number)
    if after > max(before, MAX_ANSWER):
        raise AnswerTooLarge(after)

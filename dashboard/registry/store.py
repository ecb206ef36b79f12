"""The only place that changes numbers and records.

Each function is one transaction that begins by locking the number, so that the changes of a number happen one after
another, and whoever follows them (a publication queue) can be written in the same transaction, in the same order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

from django.db import transaction

from dashboard.registry.models import Number, Record


class RecordValues(TypedDict, total=False):
    """What can be changed of a record. `order` is not among it: it is stored as 100 whatever was sent."""

    preference: int
    service: str
    hostdata: str


def create_record(number: Number, *, preference: int, service: str, hostdata: str) -> Record:
    """Add a record to `number` and return it. Raises Number.DoesNotExist if the number is gone."""
    with _changing(number) as locked:
        return Record.objects.create(number=locked, preference=preference, service=service, hostdata=hostdata)


def update_record(record: Record, values: RecordValues) -> None:
    """Give the record the `values`; what is absent stays, even if somebody else has just changed it.

    Raises Record.DoesNotExist or Number.DoesNotExist if it is gone.
    """
    with _changing(record.number) as locked:
        records = locked.records.filter(pk=record.pk)
        if not (records.update(**values) if values else records.exists()):
            raise Record.DoesNotExist


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


def save_number(number: Number) -> None:
    """Save a number, new or changed. Raises IntegrityError if another number has its digits."""
    if number.pk is None:
        with transaction.atomic():
            number.save()
        return
    with _changing(Number.objects.get(pk=number.pk)):
        number.save()


def delete_number(number: Number) -> None:
    """Delete the number and its records. Raises Number.DoesNotExist."""
    with _changing(number) as locked:
        locked.delete()


@contextmanager
def _changing(number: Number) -> Iterator[Number]:
    """One transaction around a change of `number`, which nobody else changes meanwhile.

    Raises Number.DoesNotExist if the number is gone or has gone to another account since it was read.
    """
    with transaction.atomic():
        # SQLite has no row locks and needs none: BEGIN IMMEDIATE lets one writer in at a time.
        yield Number.objects.select_for_update().get(pk=number.pk, account_id=number.account_id)

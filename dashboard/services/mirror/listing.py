"""Which numbers there are: what `list` says, compared with the rows of the mirror."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dashboard import access
from dashboard.models import Credential, MirroredNumber
from dashboard.models.searching import mirrored_text
from dashboard.protocol import Number
from dashboard.services.history.mirroring import NAMED, fill, name

CHUNK = 1000  # rows that are compared in one transaction, which other writers wait for


def store_list(credential: Credential, numbers: Sequence[Number], asked_at: datetime) -> int:
    """Make the rows of a credential those of its numbers, which were asked for at `asked_at`. How many there are.

    A row of what was looked at since then stays: the number may have come a moment later.
    """
    in_order = sorted({number.id: number for number in numbers}.values(), key=lambda number: number.id)
    above = -1
    for start in range(0, max(len(in_order), 1), CHUNK):
        chunk = in_order[start : start + CHUNK]
        upto = chunk[-1].id if start + CHUNK < len(in_order) else None
        with transaction.atomic():
            _store_chunk(credential, chunk, asked_at, above, upto)
        above = upto if upto is not None else above
    return len(in_order)


def _store_chunk(
    credential: Credential, numbers: Sequence[Number], asked_at: datetime, above: int, upto: int | None
) -> None:
    """Compare those rows whose ids are `above` one and not more than another, or all that come."""
    every = access.every_mirrored_number()
    within = every.filter(credential_id=credential.pk, number_id__gt=above)
    within = within if upto is None else within.filter(number_id__lte=upto)
    known = {number_id: (pk, fields) for pk, number_id, *fields in within.values_list("pk", "number_id", *NAMED)}
    new, otherwise = list[MirroredNumber](), dict[int, Number]()
    for number in numbers:
        row = MirroredNumber(credential_id=credential.pk, number_id=number.id)
        name(row, number)
        pk, fields = known.pop(number.id, (None, None))
        if pk is None:
            row.text = mirrored_text(row.digits, ())
            new.append(row)
        elif fields != [getattr(row, field) for field in NAMED]:
            otherwise[pk] = number
    # Somebody may have looked at one of them at this moment.
    every.bulk_create(new, ignore_conflicts=True)
    _rename(otherwise)
    every.filter(pk__in=[pk for pk, _ in known.values()]).exclude(seen_at__gt=asked_at).delete()


def _rename(numbers: dict[int, Number]) -> None:
    """Say in some rows, by their keys, which numbers they are: other ones now, or known by their ids alone so far."""
    rows = list(access.every_mirrored_number().select_for_update().filter(pk__in=numbers).order_by("pk"))
    for row in rows:
        name(row, numbers[row.pk])
        fill(row, row.records, row.fingerprint)
    access.every_mirrored_number().bulk_update(rows, [*NAMED, "text", "problems"], batch_size=100)

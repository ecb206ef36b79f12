"""What a search finds, in chunks: numbers with their records, and what people call them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, QuerySet, TextField
from django.db.models.functions import Cast

from dashboard import access
from dashboard.models import Credential, MirroredNumber, NumberNote, User
from dashboard.services.search.walking import Cursor, beyond

CHUNK = 1_000  # numbers that are in memory at a time

Record = dict[str, Any]  # as the database has it: id, order, preference, service, hostdata


@dataclass(frozen=True, slots=True)
class Row:
    """A number: its digits with a star behind those of a block, its id, and its records as the database has them."""

    name: str
    number_id: int
    stored: str

    @property
    def records(self) -> list[Record]:
        """Its records, made anew each time: of a chunk only those of one number are in memory."""
        found: list[Record] = json.loads(self.stored)
        return found


def credentials_of(person: User, found: QuerySet[MirroredNumber]) -> list[Credential]:
    """The credentials whose numbers were found, in the order of their labels."""
    pks = set(found.order_by().values_list("credential", flat=True).distinct())
    return [credential for credential in access.credentials(person).order_by("label", "pk") if credential.pk in pks]


def chunks_of(found: QuerySet[MirroredNumber], credential: Credential) -> Iterator[list[Row]]:
    """The numbers of a credential that were found, in the order of their digits, a chunk at a time."""
    # Records as they are stored: nobody asks the objects that they could become.
    every = found.filter(credential=credential).annotate(stored=Cast("records", TextField()))
    rows = every.order_by("digits", "pk").values_list("pk", "digits", "local", "number_id", "stored")
    place: Cursor | None = None
    while chunk := list(rows.filter(beyond(place))[:CHUNK]):
        yield [
            Row(f"{digits}*" if local.rstrip().endswith("*") else digits, number_id, stored)
            for _pk, digits, local, number_id, stored in chunk
        ]
        pk, digits = chunk[-1][:2]
        place = digits, pk


def first_and_last(found: QuerySet[MirroredNumber], credential: Credential) -> tuple[str, str]:
    """The first and the last digits of the numbers that were found, as texts are ordered; empty for none."""
    ends = found.filter(credential=credential).order_by().aggregate(Min("digits"), Max("digits"))
    return ends["digits__min"] or "", ends["digits__max"] or ""


def names_of(credential: Credential, rows: Iterable[Row]) -> dict[int, str]:
    """What people call numbers, by their ids: the first line of the note, where there is one."""
    ids = [row.number_id for row in rows]
    notes = NumberNote.objects.filter(credential=credential, number_id__in=ids).exclude(text="")
    called = {
        number_id: text.strip().partition("\n")[0].strip()
        for number_id, text in notes.values_list("number_id", "text")
    }
    return {number_id: text for number_id, text in called.items() if text}

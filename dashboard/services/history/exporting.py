"""Changes as rows of a file."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from dashboard.models import Change
from dashboard.services.exporting import oldest_first

COLUMNS = (
    *("id", "at", "person", "credential", "registry", "command", "number", "record", "outcome", "settled_at"),
    *("words", "reason", "batch", "undoes", "before", "after"),
)
STORED = 2  # of the columns, the last: JSON, as the database has it
_FIELDS = (
    *("pk", "created_at", "settled_at", "batch"),
    *("person", "credential_label", "registry_name", "command", "number", "record_id", "outcome"),
    *("words", "reason", "undoes_id", "before_text", "after_text"),
)


def rows(found: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    """What COLUMNS name, of each change that was found (`find`), oldest first."""
    for chunk in oldest_first(found):
        changes = Change.found([pk for (pk,) in chunk]).order_by("pk")
        # As it is stored: nothing is read from it, so nothing has to be made of it.
        texts = {f"{name}_text": Cast(name, TextField()) for name in ("before", "after")}
        for pk, at, settled_at, batch, *said in changes.annotate(**texts).values_list(*_FIELDS):
            person, credential, registry, command, number, record, outcome, words, reason, undoes, *records = said
            yield (
                *(pk, _moment(at), person, credential, registry, command, number, record, outcome),
                *(_moment(settled_at), words, reason, batch and str(batch), undoes, *records),
            )


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(UTC).isoformat(timespec="milliseconds")

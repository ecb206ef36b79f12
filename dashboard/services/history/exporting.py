"""Changes as rows of a file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from dashboard.models import Change
from dashboard.services.exporting import oldest_first

COLUMNS = (
    *(
        "id",
        "at",
        "person",
        "token",
        "credential",
        "registry",
        "command",
        "number",
        "record",
        "outcome",
        "settled_at",
    ),
    *("words", "reason", "batch", "undoes", "before", "after"),
)
STORED = 2  # of the columns, the last: JSON, as the database has it
_FIELDS = (
    *("created_at", "settled_at", "batch"),
    *("person", "token_name", "credential_label", "registry_name", "command", "number", "record_id", "outcome"),
    *("words", "reason", "undoes_id", "before_text", "after_text"),
)


def rows(found: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    """What COLUMNS name, of each change that was found (`find`), oldest first."""
    for chunk in _chunks(found):
        for pk, at, settled_at, batch, *said in chunk:
            *about, words, reason, undoes, before, after = said
            yield (
                *(pk, _moment(at), *about, _moment(settled_at)),
                *(words, reason, batch and str(batch), undoes, before, after),
            )


def _chunks(found: QuerySet[Any]) -> Iterator[Iterable[Sequence[Any]]]:
    # Records as they are stored: nothing is read from them, so nothing has to be made of them.
    texts = {f"{name}_text": Cast(name, TextField()) for name in ("before", "after")}
    if found.model is Change:
        yield from oldest_first(found.annotate(**texts), *_FIELDS)
        return
    for chunk in oldest_first(found):  # of the index, which has only ids
        changes = Change.found(pk for (pk,) in chunk).annotate(**texts).order_by("pk")
        yield changes.values_list("pk", *_FIELDS)


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(UTC).isoformat(timespec="milliseconds")

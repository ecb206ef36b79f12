"""Columns of our own: the records of a number, its raw ones, and the request that a row was made in."""

from collections.abc import Iterable
from dataclasses import asdict, astuple
from typing import Any

from django.db import models

from dashboard.enum import Naptr
from dashboard.platform import request_ids
from dashboard.protocol import RecordState


class RecordsField(models.JSONField):
    """Records of a number as they were at one time: a list of RecordState, stored as JSON."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[RecordState]:  # noqa: ANN401
        """What was stored."""
        return [RecordState(**entry) for entry in super().from_db_value(value, expression, connection) or []]

    def get_prep_value(self, value: Iterable[RecordState]) -> list[dict[str, Any]]:
        """What is stored."""
        return [asdict(record) for record in value]


class RawsField(models.JSONField):
    """Raw NAPTR records, stored as JSON: a list of Naptr, or None."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[Naptr] | None:  # noqa: ANN401
        """What was stored."""
        stored = super().from_db_value(value, expression, connection)
        return None if stored is None else [Naptr(*entry) for entry in stored]

    def get_prep_value(self, value: Iterable[Naptr] | None) -> list[tuple[Any, ...]] | None:
        """What is stored."""
        return None if value is None else [astuple(record) for record in value]


class RequestIdField(models.CharField[str | None, str | None]):
    """The id of the request in which a row was made; null for none, and for rows of versions that kept none.

    Null and not empty: so a table of a million rows gets the column without being written anew.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- as of any field
        super().__init__(*args, **({"max_length": request_ids.MAX_LENGTH, "null": True, "editable": False} | options))

    def pre_save(self, instance: models.Model, add: bool) -> str | None:
        """What is stored."""
        if add and getattr(instance, self.attname) is None:
            setattr(instance, self.attname, request_ids.current() or None)
        found: str | None = getattr(instance, self.attname)
        return found

"""Records of a number in one column."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import models

from dashboard.protocol import RecordState


class RecordsField(models.JSONField):
    """Records of a number as they were at one time: a list of RecordState, stored as JSON."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[RecordState]:  # noqa: ANN401
        """What was stored."""
        return [RecordState(**entry) for entry in super().from_db_value(value, expression, connection) or []]

    def get_prep_value(self, value: Iterable[RecordState]) -> list[dict[str, Any]]:
        """What is stored."""
        return [asdict(record) for record in value]

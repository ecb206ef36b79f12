"""Makes the history of a number, as the writer and the looks at it leave it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone

from dashboard.models import Change, Credential, Outcome
from dashboard.models.change import Command
from dashboard.protocol import RecordState

DIGITS = "12005550100"


def record(record_id: int | None, hostdata: str, preference: int = 10) -> RecordState:
    """A SIP record."""
    return RecordState(id=record_id, preference=preference, service="SIP", hostdata=hostdata)


@dataclass
class History:
    """Changes of one number, each made an hour after the one before; the last one an hour ago."""

    credential: Credential
    number_id: int
    begin: datetime = field(default_factory=lambda: timezone.now() - timedelta(days=300))
    made: int = 0

    def change(
        self, before: Sequence[RecordState], after: Sequence[RecordState], *, command: str = "update", **values: Any
    ) -> Change:
        """A write, applied unless `outcome` says otherwise."""
        settled = None if values.get("outcome") == Outcome.SENT else timezone.now()
        change = Change.objects.create(
            **{
                "user": self.credential.user,
                "person": self.credential.user.get_username(),
                "credential": self.credential,
                "credential_label": self.credential.label,
                "registry_name": self.credential.registry.name,
                "command": command,
                "number_id": self.number_id,
                "number": DIGITS,
                "before": list(before),
                "after": list(after),
                "outcome": Outcome.APPLIED,
                "settled_at": settled,
            }
            | values
        )
        self.made += 1
        Change.objects.filter(pk=change.pk).update(created_at=self.begin + timedelta(hours=self.made))
        change.refresh_from_db()
        return change

    def seen(self, before: Sequence[RecordState], after: Sequence[RecordState]) -> Change:
        """What a look found to be otherwise."""
        looked = self.begin + timedelta(hours=self.made)
        return self.change(before, after, command=Command.SEEN, user=None, person="", looked_at=looked)

    def together(self, *states: Sequence[RecordState], outcomes: Sequence[str] = ()) -> list[Change]:
        """Updates that one form sent, from one of the states to the next."""
        batch, steps = uuid.uuid4(), pairwise(states)
        said = [*outcomes, *["applied"] * len(states)]
        return [
            self.change(before, after, batch=batch, outcome=outcome)
            for (before, after), outcome in zip(steps, said, strict=False)
        ]


def changed(records: Sequence[RecordState], record_id: int, hostdata: str) -> list[RecordState]:
    """The records with another target of one of them."""
    return [replace(one, hostdata=hostdata) if one.id == record_id else one for one in records]

"""What people who look at a number should know of its history: what is open, and what others did."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from dashboard import access
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import Command

LATELY = timedelta(days=7)
MOST = 20  # changes; a page says who was the last, and what became of one record


@dataclass(frozen=True)
class NumberHistory:
    """Of one number, newest first: the writes of which nobody knows whether they took effect, and those of other
    people than the one who looks that took effect lately.
    """

    open: tuple[Change, ...] = ()
    by_others: tuple[Change, ...] = ()

    @property
    def last_by_other(self) -> Change | None:
        """The last write of somebody else."""
        return next(iter(self.by_others), None)

    def last_to(self, record_id: int) -> Change | None:
        """The last write of somebody else to one record, or to all of them; None where there is none."""
        about_it = (one for one in self.by_others if one.record_id == record_id or one.command == Command.DELETEALL)
        return next(about_it, None)


def history_of(person: User, credential: Credential, number_id: int) -> NumberHistory:
    """What this person should know of a number's history."""
    since = timezone.now() - LATELY
    if not access.is_written_lately(credential, number_id, since):
        return NumberHistory()
    by_others = Q(outcome=Outcome.APPLIED, created_at__gte=since) & ~Q(user=person)
    found = access.changes_of(person, credential).filter(Q(settled_at=None) | by_others, number_id=number_id)
    # What is open comes first: it stays visible however much others did since.
    in_order = found.order_by(F("settled_at").desc(nulls_first=True), "-created_at", "-pk")
    shown = list(in_order.defer("before", "after")[:MOST])
    return NumberHistory(
        tuple(change for change in shown if change.is_open), tuple(change for change in shown if not change.is_open)
    )

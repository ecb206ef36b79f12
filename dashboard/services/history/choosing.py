"""A page of the history for programs, which go on where the last page ended: no page costs more than the first."""

from dataclasses import dataclass
from datetime import datetime

from dashboard import access
from dashboard.models import Change, User

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which changes are asked for; what is None or empty chooses nothing."""

    credential: int | None = None
    number_id: int | None = None
    number: str = ""  # its digits
    person: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    open: bool = False


def page_of(person: User, choice: Choice, before: int | None = None) -> tuple[list[Change], int | None]:
    """The newest PAGE_SIZE of the changes that this person may see, before the one with the id `before`; and what is
    `before` for the next page, None at the end.
    """
    by = {
        "credential": choice.credential,
        "number_id": choice.number_id,
        "number": choice.number,
        "person": choice.person,
        "outcome": choice.outcome,
        "created_at__gte": choice.since,
        "created_at__lt": choice.until,
        "pk__lt": before,
    }
    found = access.changes(person).filter(**{name: value for name, value in by.items() if value not in {None, ""}})
    if choice.open:
        found = found.filter(settled_at=None)
    page = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None

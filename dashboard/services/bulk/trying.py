"""An action is tried on the first of the numbers that it is for, before there is a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.models import Job, User
from dashboard.services.bulk.actions import Which, read_action
from dashboard.services.bulk.judging import Judge
from dashboard.services.bulk.preparing import numbers_found
from dashboard.services.bulk.results import Row
from dashboard.services.bulk.wanting import ByAction
from dashboard.services.search import parse

FIRST = 10  # numbers


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How many numbers there are, and what would become of the first; `rows` is None where no action was tried."""

    count: int
    rows: Sequence[Row] | None = None


def try_out(
    person: User,
    action: str = "",
    fields: Mapping[str, Any] | None = None,
    *,
    query: str = "",
    numbers: Sequence[str] = (),
) -> Trial:
    """What an action would make of the first numbers; without one, only how many there are. Nothing is stored.

    Raises actions.Unfit, and what the search raises.
    """
    asked: dict[str, Any] = dict(fields or {}) | ({} if query else {"numbers": list(numbers)})
    job = Job(user=person, action=action, fields=asked, query=query)
    found = numbers_found(person, job)
    count = found.count()
    if not action:
        return Trial(count=count)
    judge = Judge(person, job, ByAction(read_action(action, asked)))
    first = found.order_by("digits", "pk").select_related("credential__registry")[:FIRST]
    return Trial(count=count, rows=[Row(item) for item in judge.all(first, 1)])


def which_of(query: str) -> Which:
    """The records that a search is about: its service, and the first part of host data. Raises search.QueryError."""
    read = parse(query)
    services, hosts = read.of("service"), read.of("host")
    return Which(service=services[0] if services else "", host=hosts[0] if hosts else "")

"""The smallest set of commands that makes one set of a number's records out of another."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.client import NotSent
from dashboard.models.change import Command
from dashboard.protocol import (
    Delete,
    DeleteAll,
    LocalProtocolError,
    New,
    Record,
    RecordData,
    RecordState,
    Update,
    Write,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a plan: `before` is the record that it changes or deletes, `after` the one that it leaves.

    Without `before` a record comes, whose id nobody knows yet; `was_id` is the one that it had before it was deleted.
    Without either all records go, at once.
    """

    before: RecordState | None = None
    after: RecordState | None = None
    was_id: int | None = None

    @property
    def kind(self) -> Command:
        """What it is called in the history."""
        if self.before is None:
            return Command.DELETEALL if self.after is None else Command.NEW
        return Command.DELETE if self.after is None else Command.UPDATE

    def command(self, number_id: int) -> Write:
        """What is sent. Raises client.NotSent for a record that no command can carry."""
        try:
            match self.before, self.after:
                case None, None:
                    return DeleteAll(id=number_id)
                case before, None if before is not None:
                    return Delete(id=before.id or 0)
                case None, after if after is not None:
                    return replace(New.of(number_id, after), order=after.order)
                case before, after if before is not None and after is not None:
                    return replace(Update.of(before.id or 0, after), order=after.order)
        except LocalProtocolError as error:
            raise NotSent(error.message, error.params, code=error.code) from None
        raise AssertionError

    def applied_to(self, records: Sequence[RecordState]) -> list[RecordState]:
        """The records as they are after it."""
        if self.before is None:
            return [*records, self.after] if self.after is not None else []
        changed = (self.after if record.id == self.before.id else record for record in records)
        return [record for record in changed if record is not None]


def step_of(draft: RecordData, record: Record | None) -> Step:
    """What writes a draft in the place of a record, or adds it where that is None."""
    if record is None:
        return Step(after=draft.placed(None))
    return Step(before=record.state, after=draft.placed(record.id))


def after_all(records: Sequence[RecordState], steps: Iterable[Step]) -> list[RecordState]:
    """The records as they are after all steps."""
    for step in steps:
        records = step.applied_to(records)
    return list(records)


def content(record: RecordState) -> tuple[int, int, str, str]:
    """What a record says, whatever its id. A registry may keep the name of a service in its own case."""
    return record.order, *record.content


def is_like(record: RecordState, other: RecordState) -> bool:
    """Whether two records say the same."""
    return content(record) == content(other)


def alike(records: Sequence[RecordState], others: Sequence[RecordState]) -> bool:
    """Whether records say the same, whatever their ids and the order in which a registry keeps them."""
    return Counter(one.content for one in records) == Counter(one.content for one in others)


def plan_set(
    now: Sequence[RecordState],
    wanted: Sequence[RecordState],
    same: Mapping[int, int] = MappingProxyType({}),
) -> list[Step]:
    """The fewest commands after which a number that has `now` says what `wanted` says.

    A record that stays is never taken away meanwhile, so commands are fewest with that in mind; only where nothing is
    to stay all records are deleted at once. `same` tells which id a record has now that had another before.
    """
    if not wanted and len(now) > 1:
        return [Step()]
    left = list(now)
    # What is there already needs no command, whatever its id; under its own id if it can be.
    missing = _without_equals(left, wanted, lambda there, record: _is(there, record, same))
    wanted = _without_equals(left, missing, lambda _there, _record: True)
    updates, lost = list[Step](), list[RecordState]()
    for record in wanted:
        there = next((one for one in left if _is(one, record, same)), None)
        if there is None:
            lost.append(record)
        else:
            left.remove(there)
            updates.append(_update(there, record))
    while left and lost:
        record = lost.pop(0)
        there = next((one for one in left if one.service.upper() == record.service.upper()), left[0])
        left.remove(there)
        updates.append(_update(there, record))
    news = [Step(after=replace(record, id=None), was_id=_gone(record, now, same)) for record in lost]
    return [*updates, *news, *(Step(before=record) for record in left)]


def _without_equals(
    left: list[RecordState], wanted: Sequence[RecordState], fits: Callable[[RecordState, RecordState], bool]
) -> list[RecordState]:
    """The wanted records that are not there; those that are, are taken out of `left`."""
    missing = []
    for record in wanted:
        there = next((one for one in left if is_like(one, record) and fits(one, record)), None)
        if there is None:
            missing.append(record)
        else:
            left.remove(there)
    return missing


def _update(there: RecordState, record: RecordState) -> Step:
    return Step(before=there, after=record.placed(there.id, record.order))


def _gone(record: RecordState, now: Sequence[RecordState], same: Mapping[int, int]) -> int | None:
    """The last id that a record had before it was deleted; None where it had none, or another record has it."""
    last = None if record.id is None else same.get(record.id, record.id)
    return None if any(one.id == last for one in now) else last


def _is(there: RecordState, record: RecordState, same: Mapping[int, int]) -> bool:
    return record.id is not None and there.id == same.get(record.id, record.id)

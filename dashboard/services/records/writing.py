"""Writing records: add, change, move, delete, delete all.

Each reads live first and compares with what the person saw (`fingerprint`), then goes through `changes.send`.
All raise Conflict, AlreadySubmitted, and client.RegistryError when the live read fails; a write that was sent
always ends in a Change, whose outcome says what is known.
"""

import uuid
from collections.abc import Sequence
from enum import StrEnum

from dashboard.client import Client, NotSent
from dashboard.enum import DEFAULT_ORDER, NaptrDraft, in_order
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import Delete, DeleteAll, LocalProtocolError, New, Number, Record, Update
from dashboard.services import history as changes
from dashboard.services.credentials.connection import connect
from dashboard.services.history import Snapshot, fingerprint, snapshot
from dashboard.services.numbers import records_of

STEP = 10  # between two preferences, so that a record can be moved between them with one command
MAX_PREFERENCE = 65_535  # RFC 3403, section 4.1: 16 bits


class Direction(StrEnum):
    """Where a record moves in the order in which telephone systems try them."""

    UP = "up"
    DOWN = "down"


def next_preference(records: Sequence[Record]) -> int:
    """A preference for a record that is to be tried last."""
    highest = max((record.preference for record in records), default=0)
    return min(highest + STEP, MAX_PREFERENCE)


def add_record(
    person: User,
    credential: Credential,
    number: Number,
    draft: NaptrDraft,
    *,
    submission: uuid.UUID | None = None,
) -> Change:
    """Add a record to a number."""
    registry = connect(person, credential)
    before = registry.show(number.id)
    command = New(
        id=number.id,
        preference=draft.preference,
        service=draft.service,
        hostdata=draft.hostdata,
    )
    return changes.send(
        person,
        credential,
        registry,
        command,
        number_id=number.id,
        number=number.digits,
        before=[snapshot(record) for record in before],
        after=[_drafted(None, draft)],
        submission=submission,
    )


def update_record(
    person: User,
    credential: Credential,
    number_id: int,
    record_id: int,
    draft: NaptrDraft,
    seen: str,
    *,
    submission: uuid.UUID | None = None,
) -> Change:
    """Change a record. `seen` is the fingerprint of the record as the person saw it."""
    registry = connect(person, credential)
    record = _unchanged(person, registry, number_id, record_id, seen, submission)
    return _send_update(person, credential, registry, number_id, record, draft, submission)


def delete_record(
    person: User,
    credential: Credential,
    number_id: int,
    record_id: int,
    seen: str,
    *,
    submission: uuid.UUID | None = None,
) -> Change:
    """Delete a record. `seen` is the fingerprint of the record as the confirm page showed it."""
    registry = connect(person, credential)
    record = _unchanged(person, registry, number_id, record_id, seen, submission)
    return changes.send(
        person,
        credential,
        registry,
        Delete(id=record_id),
        number_id=number_id,
        number=record.digits,
        before=[snapshot(record)],
        after=[],
        submission=submission,
    )


def delete_all_records(
    person: User,
    credential: Credential,
    number: Number,
    seen: str,
    *,
    submission: uuid.UUID | None = None,
) -> Change:
    """Delete every record of a number. `seen` is the fingerprint of all of them as the confirm page listed them."""
    registry = connect(person, credential)
    records = registry.show(number.id)
    if fingerprint(records) != seen:
        changes.refuse(person, submission, in_order(records))
    return changes.send(
        person,
        credential,
        registry,
        DeleteAll(id=number.id),
        number_id=number.id,
        number=number.digits,
        before=[snapshot(record) for record in in_order(records)],
        after=[],
        submission=submission,
    )


def move_record(
    person: User,
    credential: Credential,
    number_id: int,
    record_id: int,
    direction: Direction,
    seen: str,
    *,
    submission: uuid.UUID | None = None,
) -> list[Change]:
    """Move a record one place up or down, by as few updates as the preferences allow: usually one.

    `seen` is the fingerprint of the record as the person saw it. Stops at the first update that was not applied, so
    the list of changes may be shorter than the plan; it is empty where the record is already at the end. Raises
    client.NotSent where a registry keeps what no command can carry.
    """
    registry = connect(person, credential)
    records = records_of(registry, number_id)
    moved = [record for record in records if record.id == record_id]
    if not moved or fingerprint(moved) != seen:
        changes.refuse(person, submission, records)
    plan = [
        (record, NaptrDraft(preference=preference, service=record.service, hostdata=record.hostdata))
        for record, preference in plan_move(records, record_id, direction)
    ]
    for record, draft in plan:
        _check_sendable(record, draft)
    made: list[Change] = []
    for record, draft in plan:
        # One form is one submission: its token goes with the first update, before which nothing was sent.
        token = submission if not made else None
        change = _send_update(person, credential, registry, number_id, record, draft, token)
        made.append(change)
        if change.outcome != Outcome.APPLIED:
            break
    return made


def plan_move(records: Sequence[Record], record_id: int, direction: Direction) -> list[tuple[Record, int]]:
    """Which records need another preference so that one moves a place. `records` are in order.

    Where there is room between the new neighbours, only the moved record changes; otherwise all are numbered anew.
    So they are where a registry kept other orders: no preference moves a record past a lower order.
    """
    order = list(records)
    place = next(index for index, record in enumerate(order) if record.id == record_id)
    target = place + (-1 if direction is Direction.UP else 1)
    if not 0 <= target < len(order):
        return []
    moved = order.pop(place)
    order.insert(target, moved)
    low = order[target - 1].preference if target > 0 else -1
    high = order[target + 1].preference if target + 1 < len(order) else low + 2 * STEP
    middle = (low + high) // 2
    level = all(record.order == DEFAULT_ORDER for record in order)
    if level and low < middle < high and middle <= MAX_PREFERENCE:
        return [(moved, middle)]
    step = min(STEP, MAX_PREFERENCE // len(order))
    wanted = [(record, step * rank) for rank, record in enumerate(order, start=1)]
    return [
        (record, preference)
        for record, preference in wanted
        if (record.order, record.preference) != (DEFAULT_ORDER, preference)
    ]


def _send_update(
    person: User,
    credential: Credential,
    registry: Client,
    number_id: int,
    record: Record,
    draft: NaptrDraft,
    submission: uuid.UUID | None,
) -> Change:
    return changes.send(
        person,
        credential,
        registry,
        _update(record, draft),
        number_id=number_id,
        number=record.digits,
        before=[snapshot(record)],
        after=[_drafted(record.id, draft)],
        submission=submission,
    )


def _update(record: Record, draft: NaptrDraft) -> Update:
    return Update(
        id=record.id,
        preference=draft.preference,
        service=draft.service,
        hostdata=draft.hostdata,
    )


def _check_sendable(record: Record, draft: NaptrDraft) -> None:
    """Raise NotSent for what a registry keeps and nobody can send: before the first update, not half-way."""
    try:
        _update(record, draft)
    except LocalProtocolError as error:
        raise NotSent(error.message, error.params, code=error.code) from None


def _unchanged(
    person: User, registry: Client, number_id: int, record_id: int, seen: str, submission: uuid.UUID | None
) -> Record:
    """The record as it is now, if it is still what the person saw. Raises Conflict and AlreadySubmitted."""
    record = changes.record_now(registry, number_id, record_id)
    if record is None or fingerprint([record]) != seen:
        changes.refuse(person, submission, [] if record is None else [record])
    return record


def _drafted(record_id: int | None, draft: NaptrDraft) -> Snapshot:
    return {
        "id": record_id,
        "order": DEFAULT_ORDER,
        "preference": draft.preference,
        "service": draft.service,
        "hostdata": draft.hostdata,
    }

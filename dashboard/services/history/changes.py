"""A write, from the person's click to what is known about it.

The order is the point: the change is committed with outcome "sent" *before* its command goes out, once. So there
is no instant at which a crash loses the fact that a command was sent. What is left open is settled by reading back.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import Client, NotSent, Refused, RegistryError, ReplyLost
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import Command as Written
from dashboard.protocol import Delete, DeleteAll, New, Record, Update
from dashboard.services.credentials.connection import connect
from dashboard.services.sentences import say

MAX_DIGITS = 40  # of a number in the history; a registry may say that it has more, E.164 knows 15

Snapshot = dict[str, Any]
Write = New | Update | Delete | DeleteAll


class Conflict(Exception):
    """The record changed while the person was looking at it, so nothing was sent.

    ``now`` holds the records as the registry has them at this moment; empty when they are gone.
    """

    def __init__(self, now: Sequence[Record]) -> None:
        super().__init__("changed meanwhile")
        self.now = list(now)


class AlreadySubmitted(Exception):
    """The same form was sent before: ``change`` is what came of it. Nothing was sent a second time."""

    def __init__(self, change: Change) -> None:
        super().__init__("already submitted")
        self.change = change


def fingerprint(records: Sequence[Record]) -> str:
    """What a form carries to notice that somebody else changed these records: the same records, the same text.

    That of one record begins with its id, so that a form whose record is gone still says which one it showed.
    """
    text = json.dumps([snapshot(record) for record in sorted(records, key=lambda record: record.id)])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{records[0].id}-{digest}" if len(records) == 1 else digest


def is_of(seen: str, record_id: int) -> bool:
    """Whether a fingerprint is that of one record."""
    return seen.startswith(f"{record_id}-")


def snapshot(record: Record) -> Snapshot:
    """A record as the history keeps it."""
    return {
        "id": record.id,
        "order": record.order,
        "preference": record.preference,
        "service": record.service,
        "hostdata": record.hostdata,
    }


def find_submitted(person: User, submission: uuid.UUID) -> Change | None:
    """The change that the same form made before, if any."""
    return Change.objects.filter(user=person, submission=submission).first()


def refuse(person: User, submission: uuid.UUID | None, now: Sequence[Record]) -> NoReturn:
    """Raise Conflict, or AlreadySubmitted where the same form changed the records itself a moment ago."""
    earlier = find_submitted(person, submission) if submission is not None else None
    if earlier is not None:
        raise AlreadySubmitted(earlier)
    raise Conflict(now)


def send(
    person: User,
    credential: Credential,
    registry: Client,
    command: Write,
    *,
    number_id: int,
    number: str,
    before: Sequence[Snapshot],
    after: Sequence[Snapshot],
    submission: uuid.UUID | None = None,
) -> Change:
    """Commit a change, send its command once, and settle it by the reply or by reading back.

    Returns the change; its outcome says what is known. Raises AlreadySubmitted when the form was sent before.
    """
    change = Change(
        user=person,
        person=person.get_username(),
        credential=credential,
        credential_label=credential.label,
        registry_name=credential.registry.name,
        command=Written(command.name),
        number_id=number_id,
        number=number[:MAX_DIGITS],
        record_id=None if isinstance(command, New | DeleteAll) else command.id,
        before=list(before),
        after=list(after),
        submission=submission or uuid.uuid4(),
    )
    _commit(person, credential, change)
    try:
        reply_id = _call(registry, command)
    except Refused as refusal:
        return _settle(change, Outcome.REFUSED, refusal.reason)
    except NotSent as failure:
        return _settle(change, Outcome.NOT_APPLIED, say(failure))
    except ReplyLost as failure:
        return _read_back(change, registry, say(failure))
    return _applied(change, registry, reply_id)


def settle(person: User, change: Change) -> Change:
    """Settle a change that was left open, by asking the registry how things are now.

    Raises client.RegistryError when the registry cannot be asked; the change then stays open.
    """
    if not change.is_open or change.credential is None:
        return change
    registry = connect(person, access.credential(person, change.credential.pk))
    outcome, words = _judge(change, registry)
    return _settle(change, outcome, " ".join(filter(None, [change.words, words])))


def open_changes(credential: Credential, number_id: int) -> list[Change]:
    """Writes to this number of which nobody knows yet whether they took effect."""
    found = Change.objects.filter(credential=credential, number_id=number_id, settled_at=None)
    # There is hardly ever more than one, and writing the SQL that sorts costs each page more than asking.
    return sorted(found.order_by(), key=attrgetter("created_at", "pk"), reverse=True)


def record_now(registry: Client, number_id: int, record_id: int) -> Record | None:
    """A record as the registry has it, None where it is gone. Raises client.RegistryError.

    "BAD" to `getnaptr` may mean anything: only a `show` without the record says that it is gone.
    """
    try:
        return registry.getnaptr(record_id)
    except Refused:
        if any(record.id == record_id for record in registry.show(number_id)):
            raise
        return None


def _commit(person: User, credential: Credential, change: Change) -> None:
    """Store a change before it is sent. Raises AlreadySubmitted, and Http404 where the credential was removed."""
    try:
        # durable: a caller's transaction would undo the very fact that must survive a crash.
        with transaction.atomic(durable=True):
            change.save(force_insert=True)
    except IntegrityError:
        earlier = Change.objects.filter(user=change.user, submission=change.submission).first()
        if earlier is None:
            access.credential(person, credential.pk)
            raise
        raise AlreadySubmitted(earlier) from None


def _call(registry: Client, command: Write) -> int | None:
    match command:
        case New():
            return registry.new(
                command.id, preference=command.preference, service=command.service, hostdata=command.hostdata
            )
        case _:
            registry.call(command)
    return None


def _applied(change: Change, registry: Client, reply_id: int | None) -> Change:
    """Settle as applied. For `new` also find the record's id, which the protocol does not promise to return."""
    change.outcome, change.settled_at = Outcome.APPLIED, timezone.now()
    if change.command == Written.NEW:
        change.record_id = reply_id
        if reply_id is None:
            try:
                change.record_id = _added(change, registry.show(change.number_id))
            except RegistryError:
                change.words = _("The registry did not say which id the record got.")
        change.after = [{**entry, "id": change.record_id} for entry in change.after]
    change.save(update_fields=["outcome", "settled_at", "record_id", "after", "words"])
    return change


def _read_back(change: Change, registry: Client, why: str) -> Change:
    try:
        outcome, words = _judge(change, registry)
    except RegistryError as failure:
        # Left open on purpose: the page and the history show it until somebody settles it.
        change.outcome, change.words = Outcome.UNKNOWN, f"{why} {say(failure)}"
        # Somebody who settled it meanwhile knows more than this.
        still_open = Change.objects.filter(pk=change.pk, settled_at=None)
        still_open.update(outcome=change.outcome, words=change.words)
        return change
    return _settle(change, outcome, f"{why} {words}")


def _settle(change: Change, outcome: Outcome, words: str) -> Change:
    change.outcome, change.words, change.settled_at = outcome, words.strip(), timezone.now()
    change.save(update_fields=["outcome", "words", "settled_at", "record_id", "after"])
    return change


def _judge(change: Change, registry: Client) -> tuple[Outcome, str]:
    """Whether the registry holds what the change wanted. Raises client.RegistryError when it cannot be asked."""
    if change.command == Written.UPDATE and change.record_id is not None:
        found = record_now(registry, change.number_id, change.record_id)
        return _judge_update(change, found)
    now = registry.show(change.number_id)
    ids = {record.id for record in now}
    if change.command == Written.NEW:
        change.record_id = _added(change, now)
        done = change.record_id is not None
        change.after = [{**entry, "id": change.record_id} for entry in change.after]
        return _verdict(done=done, undone=not done)
    gone = [entry["id"] not in ids for entry in change.before]
    return _verdict(done=all(gone), undone=not any(gone))


def _judge_update(change: Change, found: Record | None) -> tuple[Outcome, str]:
    if found is None:
        return _verdict(done=False, undone=False)
    done = any(_is_like(found, entry) for entry in change.after)
    return _verdict(done=done, undone=any(_is_like(found, entry) for entry in change.before))


def _verdict(*, done: bool, undone: bool) -> tuple[Outcome, str]:
    if done:
        return Outcome.APPLIED, _("Reading back shows that it was applied.")
    if undone:
        return Outcome.NOT_APPLIED, _("Reading back shows that it was not applied.")
    return Outcome.UNKNOWN, _("The registry now holds something else, so it cannot be told whether this was applied.")


def _added(change: Change, now: Sequence[Record]) -> int | None:
    """The id of the record that `new` made: there is one like it now that was not there before."""
    before = {entry["id"] for entry in change.before}
    wanted = change.after[0]
    for record in now:
        if record.id not in before and _is_like(record, wanted):
            return record.id
    return None


def _is_like(record: Record, entry: Snapshot) -> bool:
    """Whether a record holds what was written. A registry may keep its own order, and names in its own case."""
    wanted = (entry["preference"], entry["service"].upper(), entry["hostdata"])
    return (record.preference, record.service.upper(), record.hostdata) == wanted

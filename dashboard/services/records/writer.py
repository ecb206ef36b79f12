"""The one way to write records: add, change, move, delete, delete all.

Everything happens under a lock for the number, which holds for all threads and processes (with PostgreSQL, machines):
the live read, the comparison with what the person saw, the review, the commit of a `Change` with outcome "sent", the
command, sent once, and settling it. So of several people who save the same record at one instant one is the first,
and the others are told.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import Client, NotSent, Refused, ReplyLost
from dashboard.enum import Problem
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Outcome, User
from dashboard.models.change import Command
from dashboard.platform import locks
from dashboard.protocol import (
    DEFAULT_ORDER,
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
from dashboard.services import history
from dashboard.services.credentials.connection import connect, waiting
from dashboard.services.numbers import NumberRecords, fingerprint, is_of, read_number
from dashboard.services.records.moving import Direction, plan_move
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.review import Review, review
from dashboard.services.sentences import say

MAX_DIGITS = 40  # of a number in the history; a registry may say that it has more, E.164 knows 15
LOOK_EVERY = 0.02  # seconds between two looks whether another write to the number has ended

_OTHER = gettext_noop("That is not the number of this page.")
_BUSY = gettext_noop(
    "Somebody else is writing to this number, and it is taking a long time. Nothing was sent; try again."
)


class Conflict(Exception):
    """What the person saw is not what the registry has now (`found`), so nothing was sent."""

    def __init__(self, found: NumberRecords) -> None:
        super().__init__("changed meanwhile")
        self.found = found


class Unacceptable(Exception):
    """The draft has errors, or concerns that nobody has accepted yet (`review`), so nothing was sent.

    `found` is the number as the registry has it now.
    """

    def __init__(self, found: NumberRecords, review: Review) -> None:
        super().__init__(" ".join(map(say, review.errors or review.concerns)))
        self.found = found
        self.review = review


class AlreadySubmitted(Exception):
    """The same form was sent before: ``change`` is what came of it. Nothing was sent a second time."""

    def __init__(self, change: Change) -> None:
        super().__init__("already submitted")
        self.change = change


def number_lock(credential: Credential, number_id: int) -> str:
    """The name of the lock under which a number is written, and what was written to it is settled."""
    return f"number {credential.registry_id} {number_id}"


class Writer:
    """Writes to one number of a credential, for one person and one form (`submission`).

    A method raises AlreadySubmitted, Conflict, Unacceptable, Http404 and client.RegistryError before anything was
    sent. A write that was sent ends in a Change, whose outcome says what is known. `seen` is the fingerprint of what
    the person saw; `accepted` the digest of the concerns that the person has read.
    """

    found: NumberRecords  # as it was read for the last write
    review: Review  # of the last draft

    def __init__(
        self, person: User, credential: Credential, number_id: int, submission: uuid.UUID | None = None
    ) -> None:
        self.person = person
        self.credential = credential
        self.number_id = number_id
        self.submission = submission
        self.registry: Client = connect(person, credential)

    def add(self, draft: RecordData, *, accepted: str = "") -> Change:
        """Add a record."""
        with self._alone() as found:
            effect = effect_of_first(self.registry, found)
            self._insist(found, review(found, draft, effect=effect), accepted)
            return self._send(found, New.of(self.number_id, draft), [*_states(found.records), draft.placed(None)])

    def update(self, record_id: int, draft: RecordData, *, seen: str, accepted: str = "") -> Change:
        """Change a record."""
        with self._alone() as found:
            record = self._unchanged(found, record_id, seen)
            self._insist(found, review(found, draft, record), accepted)
            return self._send(found, Update.of(record_id, draft), _with(found.records, record, draft))

    def delete(self, record_id: int, *, seen: str) -> Change:
        """Delete a record."""
        with self._alone() as found:
            record = self._unchanged(found, record_id, seen)
            return self._send(found, Delete(id=record_id), _states(found.others(record)))

    def delete_all(self, *, seen: str, digits: str) -> Change:
        """Delete every record of the number, which `digits` confirm. `seen` is the fingerprint of all of them."""
        with self._alone() as found:
            if found.number.digits != digits:
                raise Unacceptable(found, Review(errors=(Problem("number", "other", _OTHER),)))
            if found.fingerprint != seen:
                raise Conflict(found)
            return self._send(found, DeleteAll(id=self.number_id), [])

    def move(self, record_id: int, direction: Direction, *, seen: str) -> list[Change]:
        """Move a record one place up or down, by as few updates as the preferences allow: usually one.

        Stops at the first update that was not applied, so the list of changes may be shorter than the plan; it is
        empty where the record is already at the end. Raises client.NotSent where a registry keeps what no command can
        carry.
        """
        with self._alone() as found:
            self._unchanged(found, record_id, seen)
            made, now = list[Change](), found
            for record, command in _updates(plan_move(found.records, record_id, direction)):
                draft = replace(record.data, preference=command.preference or 0)
                made.append(self._send(now, command, _with(now.records, record, draft)))
                if made[-1].outcome != Outcome.APPLIED:
                    break
                moved = replace(record, order=DEFAULT_ORDER, preference=draft.preference)
                now = replace(now, records=[moved if one is record else one for one in now.records])
            return made

    @contextmanager
    def _alone(self) -> Iterator[NumberRecords]:
        """The number as it is now, while nobody else writes to it."""
        # What is still on its way is waited for: only then it is known what came of the first of two clicks.
        self._refuse_twice(settled=True)
        name = number_lock(self.credential, self.number_id)
        give_up = locks.after(settings.E164WEB.deadline / 2)
        # Who waits for the lock waits for the registry too, of which its holder may have no answer.
        with (
            waiting(self.person, self.credential.registry),
            locks.held(name, give_up, look_every=LOOK_EVERY) as has_it,
        ):
            if not has_it:
                raise NotSent(_BUSY, code="busy")
            self._refuse_twice()
            self.found = read_number(self.registry, self.credential, self.number_id)
            yield self.found

    def _refuse_twice(self, *, settled: bool = False) -> None:
        earlier = access.submitted(self.person, self.submission) if self.submission is not None else None
        if earlier is not None and not (settled and earlier.outcome == Outcome.SENT):
            raise AlreadySubmitted(earlier)

    def _insist(self, found: NumberRecords, verdict: Review, accepted: str) -> None:
        self.review = verdict
        if not verdict.is_accepted(accepted):
            raise Unacceptable(found, verdict)

    def _unchanged(self, found: NumberRecords, record_id: int, seen: str) -> Record:
        """The record, if it is as the person saw it. Raises Conflict, and Http404 for one that never was there."""
        record = found.find(record_id)
        if record is None and not is_of(seen, record_id):
            raise Http404(_("This number has no such record."))
        if record is None or fingerprint([record]) != seen:
            raise Conflict(found)
        return record

    def _send(self, found: NumberRecords, command: Write, after: Sequence[RecordState]) -> Change:
        """Commit the change, send its command once, and settle it by the reply or by reading back."""
        change = self._committed(found, command, after)
        try:
            new_id = self.registry.write(command)
        except Refused as refusal:
            return history.settled(change, Outcome.REFUSED, refusal.reason)
        except NotSent as failure:
            return history.settled(change, Outcome.NOT_APPLIED, say(failure))
        except ReplyLost as failure:
            return history.read_back(change, self.registry, say(failure))
        return history.applied(change, self.registry, new_id)

    def _committed(self, found: NumberRecords, command: Write, after: Sequence[RecordState]) -> Change:
        """Store a change before it is sent, if the person may still do this.

        Raises AlreadySubmitted, and what `access.credential` raises: a role may have changed, or the credential have
        been removed, while the registry was read.
        """
        # One form is one submission: its token goes with the first command, before which nothing was sent.
        submission, self.submission = self.submission or uuid.uuid4(), None
        change = Change(
            user=self.person,
            person=self.person.get_username(),
            credential=self.credential,
            credential_label=self.credential.label,
            registry_name=self.credential.registry.name,
            command=Command(command.name),
            number_id=self.number_id,
            number=found.number.digits[:MAX_DIGITS],
            record_id=None if isinstance(command, New | DeleteAll) else command.id,
            before=_states(found.records),
            after=list(after),
            submission=submission,
        )
        try:
            # durable: a caller's transaction would undo the very fact that must survive a crash.
            with transaction.atomic(durable=True):
                access.credential(self.person, self.credential.pk, access.EDIT)
                change.save(force_insert=True)
        except IntegrityError:
            earlier = access.submitted(self.person, submission)
            if earlier is None:
                raise
            raise AlreadySubmitted(earlier) from None
        return change


def _states(records: Sequence[Record]) -> list[RecordState]:
    return [record.state for record in records]


def _with(records: Sequence[Record], changed: Record, draft: RecordData) -> list[RecordState]:
    """The records with a draft in the place of one of them."""
    return [draft.placed(changed.id) if record.id == changed.id else record.state for record in records]


def _updates(plan: Sequence[tuple[Record, int]]) -> list[tuple[Record, Update]]:
    """The commands of a move. Raises NotSent for what a registry keeps and nobody can send: before the first one."""
    try:
        return [(record, Update.of(record.id, replace(record.data, preference=wanted))) for record, wanted in plan]
    except LocalProtocolError as error:
        raise NotSent(error.message, error.params, code=error.code) from None

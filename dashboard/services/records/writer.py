"""The one way to write records: add, change, move, delete, delete all, and several of these at once.

Everything happens under a lock for the number, which holds for all threads and processes (with PostgreSQL, machines):
the live read, the comparison with what the person saw, the review, the commit of a `Change` with outcome "sent", the
command, sent once, and settling it. So of several people who save the same record at one instant one is the first,
and the others are told.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.client import Client, NotSent, Refused, ReplyLost
from dashboard.enum import Problem
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Job, Outcome, User
from dashboard.models.searching import MAX_DIGITS
from dashboard.protocol import Record, RecordData, RecordState, Write
from dashboard.services import history
from dashboard.services.credentials.connection import connect, waiting
from dashboard.services.numbers import Listing, NumberRecords, fingerprint, is_of, look, read_number
from dashboard.services.records.moving import Direction, plan_move
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.planning import Step, step_of
from dashboard.services.records.review import Review, review, review_steps
from dashboard.services.sentences import say

_OTHER = gettext_noop("That is not the number of this page.")


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


class SubmittedElsewhere(Exception):
    """What came of the same form is not for who acts now, with a token that does not show it. Nothing was sent."""


class Writer:
    """Writes to one number of a credential, for one person and one form (`submission`).

    A method raises AlreadySubmitted, Conflict, Unacceptable, Http404 and client.RegistryError before anything was
    sent, and for who acts with a token SubmittedElsewhere. A write that was sent ends in a Change, whose outcome says
    what is known. `seen` is the fingerprint of what the person saw; `accepted` the digest of the concerns that the
    person has read. Of a `job`, the changes are a part, and it may have a `listing` that remembers.
    """

    found: NumberRecords  # as it was read for the last write
    review: Review  # of the last draft

    def __init__(
        self,
        person: User,
        credential: Credential,
        number_id: int,
        submission: uuid.UUID | None = None,
        *,
        reason: str = "",
        job: Job | None = None,
        listing: Listing | None = None,
    ) -> None:
        self.person = person
        self.credential = credential
        self.number_id = number_id
        self.submission = submission
        self.reason = reason
        self.job = job
        self.listing = listing
        self.registry: Client = connect(person, credential)

    def add(self, draft: RecordData, *, accepted: str = "") -> Change:
        """Add a record."""
        with self._alone() as found:
            effect = effect_of_first(self.registry, found)
            self._insist(found, review(found, draft, effect=effect), accepted)
            return self._send(found, [step_of(draft, None)])[0]

    def update(self, record_id: int, draft: RecordData, *, seen: str, accepted: str = "") -> Change:
        """Change a record."""
        with self._alone() as found:
            record = unchanged(found, record_id, seen)
            self._insist(found, review(found, draft, record), accepted)
            return self._send(found, [step_of(draft, record)])[0]

    def delete(self, record_id: int, *, seen: str) -> Change:
        """Delete a record."""
        with self._alone() as found:
            record = unchanged(found, record_id, seen)
            return self._send(found, [Step(before=record.state)])[0]

    def delete_all(self, *, seen: str, digits: str) -> Change:
        """Delete every record of the number, which `digits` confirm. `seen` is the fingerprint of all of them."""
        with self._alone() as found:
            if found.number.digits != digits:
                raise Unacceptable(found, Review(errors=(Problem("number", "other", _OTHER),)))
            if found.fingerprint != seen:
                raise Conflict(found)
            return self._send(found, [Step()])[0]

    def move(self, record_id: int, direction: Direction, *, seen: str) -> list[Change]:
        """Move a record one place up or down, by as few updates as the preferences allow: usually one.

        The changes as of `carry_out`; none where the record is already at the end. Raises client.NotSent where a
        registry keeps what no command can carry.
        """
        with self._alone() as found:
            unchanged(found, record_id, seen)
            plan = plan_move(found.records, record_id, direction)
            return self._send(
                found, [step_of(replace(record.data, preference=wanted), record) for record, wanted in plan]
            )

    def carry_out(
        self,
        plan: Callable[[NumberRecords], Sequence[Step]],
        *,
        seen: str,
        accepted: str = "",
        undoes: Change | None = None,
    ) -> list[Change]:
        """Send what `plan` makes of the number as it is now, one command after the other.

        `seen` is the fingerprint of all records that the person saw, so the plan is the one that they saw too; the
        commands are reviewed together. Stops at the first that is not applied: then there are fewer changes than
        steps, and the history shows how far it came. None where there is nothing to do.
        """
        with self._alone() as found:
            if found.fingerprint != seen:
                raise Conflict(found)
            steps = plan(found)
            effect = effect_of_first(self.registry, found) if any(step.after is not None for step in steps) else []
            self._insist(found, review_steps(found, steps, effect), accepted)
            return self._send(found, steps, undoes)

    @contextmanager
    def _alone(self) -> Iterator[NumberRecords]:
        """The number as it is now, while nobody else writes to it."""
        # What is still on its way is waited for: only then it is known what came of the first of two clicks.
        self._refuse_twice(settled=True)
        # Who waits for the lock waits for the registry too, of which its holder may have no answer.
        with (
            waiting(self.person, self.credential.registry),
            history.writing_alone(self.credential, self.number_id),
        ):
            self._refuse_twice()
            asked_at = timezone.now()
            self.found = read_number(self.person, self.registry, self.credential, self.number_id, self.listing)
            look(self.credential, self.found, asked_at)
            yield self.found

    def _refuse_twice(self, *, settled: bool = False) -> None:
        earlier = access.submitted(self.person, self.submission) if self.submission is not None else None
        # Of several commands that one form sent, the last ones may still be to come.
        under_way = earlier is not None and (earlier.outcome == Outcome.SENT or earlier.batch is not None)
        if earlier is not None and not (settled and under_way):
            raise AlreadySubmitted(earlier)

    def _insist(self, found: NumberRecords, verdict: Review, accepted: str) -> None:
        self.review = verdict
        if not verdict.is_accepted(accepted):
            raise Unacceptable(found, verdict)

    def _send(self, found: NumberRecords, steps: Sequence[Step], undoes: Change | None = None) -> list[Change]:
        """Send each step, until one is not applied. Raises client.NotSent before the first one."""
        commands = [step.command(self.number_id) for step in steps]
        batch = uuid.uuid4() if len(steps) > 1 else None
        made, now = list[Change](), found.states
        for step, command in zip(steps, commands, strict=True):
            change = self._change(found.number.digits, step, now)
            change.batch, change.undoes = batch, undoes
            change.commands = len(steps) if batch is not None else None
            made.append(self._settled(self._committed(change), command))
            if made[-1].outcome != Outcome.APPLIED:
                break
            now = made[-1].after
        return made

    def _settled(self, change: Change, command: Write) -> Change:
        """Send the command of a committed change once, and settle it by the reply or by reading back."""
        try:
            new_id = self.registry.write(command)
        except Refused as refusal:
            return history.settled(change, Outcome.REFUSED, refusal.reason)
        except NotSent as failure:
            return history.settled(change, Outcome.NOT_APPLIED, say(failure))
        except ReplyLost as failure:
            return history.read_back(change, self.registry, say(failure))
        return history.applied(change, self.registry, new_id)

    def _change(self, digits: str, step: Step, now: Sequence[RecordState]) -> Change:
        return Change(
            user=self.person,
            person=self.person.get_username(),
            token_name=self.person.token.name if self.person.token is not None else "",
            credential=self.credential,
            credential_label=self.credential.label,
            registry_name=self.credential.registry.name,
            command=step.kind,
            number_id=self.number_id,
            number=digits[:MAX_DIGITS],
            record_id=step.before.id if step.before is not None else None,
            was_id=step.was_id,
            before=list(now),
            after=step.applied_to(now),
            reason=self.reason,
            job=self.job,
        )

    def _committed(self, change: Change) -> Change:
        """Store a change before it is sent, if the person may still do this.

        Raises AlreadySubmitted, SubmittedElsewhere, and what `access.credential` raises: a role may have changed, or
        the credential have been removed, while the registry was read.
        """
        # One form is one submission: its token goes with the first command, before which nothing was sent.
        change.submission, self.submission = self.submission or uuid.uuid4(), None
        try:
            # durable: a caller's transaction would undo the very fact that must survive a crash.
            with transaction.atomic(durable=True):
                access.credential(self.person, self.credential.pk, access.EDIT)
                change.save(force_insert=True)
        except IntegrityError:
            earlier = access.submitted(self.person, change.submission)
            if earlier is not None:
                raise AlreadySubmitted(earlier) from None
            if access.is_submitted(self.person, change.submission):
                raise SubmittedElsewhere from None
            raise
        return change


def unchanged(found: NumberRecords, record_id: int, seen: str) -> Record:
    """The record, if it is as the person saw it. Raises Conflict, and Http404 for one that never was there."""
    record = found.find(record_id)
    if record is None and not is_of(seen, record_id):
        raise Http404(_("This number has no such record."))
    if record is None or fingerprint([record]) != seen:
        raise Conflict(found)
    return record

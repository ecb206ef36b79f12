"""A number put back as it was at a moment of its line: the smallest set of commands, sent as ordinary changes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Change, Credential, User
from dashboard.protocol import RecordState
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords
from dashboard.services.records import Review, Step, Writer, review_steps
from dashboard.services.records.callers import Prospect, prospect_of
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.planning import plan_set
from dashboard.services.undo.moments import Life, State, records_at


class NotRestorable(Exception):
    """It is not known how the number was at that moment, or it is no number of the account any more."""


@dataclass(frozen=True, kw_only=True)
class RestorePlan:
    """What puts a number as it is now (`found`) back as it was (`then`)."""

    then: State
    found: NumberRecords
    steps: Sequence[Step]
    review: Review

    @property
    def is_so_already(self) -> bool:
        """Whether nothing differs, so that there is nothing to send."""
        return not self.steps

    @property
    def prospect(self) -> Prospect:
        """Who can call now, and who could then."""
        return prospect_of(self.found, self.steps)


def plan_restore(person: User, credential: Credential, number_id: int, moment: str) -> RestorePlan:
    """What it would do to put a number back as it was at a moment (`State.moment`); nothing is sent.

    Raises NotRestorable, Http404 for what names no moment of the number, and client.RegistryError.
    """
    life = Life.of(person, credential, number_id)
    then, found = life.state(moment), life.found
    if life.problem is not None:
        raise life.problem
    if found is None:
        raise NotRestorable(_("This account has no such number any more."))
    steps = _steps(credential, then.records, found)
    comes = any(step.after is not None for step in steps)
    effect = effect_of_first(connect(person, credential), found) if comes else []
    return RestorePlan(then=then, found=found, steps=steps, review=review_steps(found, steps, effect))


def restore(
    person: User,
    credential: Credential,
    number_id: int,
    moment: str,
    *,
    seen: str,
    accepted: str = "",
    submission: uuid.UUID | None = None,
    reason: str = "",
) -> list[Change]:
    """Put a number back as it was at a moment. `seen` is the fingerprint of all its records, as the plan showed them.

    Returns the changes that were made, as `Writer.carry_out`, and raises what that raises, besides NotRestorable.
    """
    wanted = records_at(person, credential, number_id, moment)
    writer = Writer(person, credential, number_id, submission, reason=reason)
    return writer.carry_out(lambda found: _steps(credential, wanted, found), seen=seen, accepted=accepted)


def _steps(credential: Credential, wanted: Sequence[RecordState] | None, found: NumberRecords) -> list[Step]:
    if wanted is None:
        raise NotRestorable(_("It is not known what the number had then, so it cannot be put back."))
    return plan_set(found.states, wanted, access.identities(credential, found.number.id))

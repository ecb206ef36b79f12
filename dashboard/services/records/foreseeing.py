"""What would become of a write, without sending it: the commands, their review, and who could call then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.models import Credential, User
from dashboard.protocol import Record, RecordData, RecordState
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords, see_number
from dashboard.services.records.callers import Prospect, prospect_of
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.planning import Step, plan_set, step_of
from dashboard.services.records.review import Review, review_steps
from dashboard.services.records.writer import Conflict, unchanged

Plan = Callable[[NumberRecords], Sequence[Step]]


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What would be sent for a number as it is now, what is wrong with it, and what becomes of its callers."""

    found: NumberRecords
    steps: Sequence[Step]
    review: Review
    prospect: Prospect


def foresee(person: User, credential: Credential, number_id: int, plan: Plan) -> Foresight:
    """What `plan` would make of a number. Raises Http404, client.RegistryError, and what the plan raises."""
    found = see_number(person, credential, number_id)
    steps = plan(found)
    comes = any(step.after is not None for step in steps)
    effect = effect_of_first(connect(person, credential), found) if comes else []
    return Foresight(
        found=found, steps=steps, review=review_steps(found, steps, effect), prospect=prospect_of(found, steps)
    )


def adding(draft: RecordData) -> Plan:
    """A plan that adds a record."""
    return lambda found: [step_of(draft, None)]


def changing(record_id: int, draft: RecordData, seen: str) -> Plan:
    """A plan that changes a record. It raises Conflict where that is not as it was `seen`, and Http404; an empty
    `seen` takes it as it is.
    """
    return lambda found: [step_of(draft, _record(found, record_id, seen))]


def deleting(record_id: int, seen: str) -> Plan:
    """The same for a plan that deletes a record."""
    return lambda found: [Step(before=_record(found, record_id, seen).state)]


def setting(records: Sequence[RecordState], seen: str) -> Plan:
    """The same for a plan that gives a number exactly these records; `seen` is the fingerprint of all of them."""

    def plan(found: NumberRecords) -> Sequence[Step]:
        if seen and found.fingerprint != seen:
            raise Conflict(found)
        return plan_set(found.states, records)

    return plan


def _record(found: NumberRecords, record_id: int, seen: str) -> Record:
    return unchanged(found, record_id, seen) if seen else found.record(record_id)

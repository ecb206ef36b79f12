"""One change taken back: planned against the records as they are now, and sent as ordinary changes.

What was sent with one form is taken back together. What others did since at the same records is never taken away
silently: it is shown (`Theirs`), and left as it is unless the person says otherwise.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import RecordState
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import NumberRecords, show_number
from dashboard.services.records import Review, Step, Writer, review_steps
from dashboard.services.records.callers import Prospect, prospect_of
from dashboard.services.records.neighbours import effect_of_first
from dashboard.services.records.planning import content, is_like

# Records by the ids that they have now; None for one of which the registry never said it.
States = dict[int | None, RecordState]


class NotUndoable(Exception):
    """There is nothing that could be taken back: the change was not applied, or it is not known whether."""


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """A record that somebody changed since: `left` is how the change left it, `now` how it is, and `wanted` how it
    would be once the change is undone all the same. None stands for no record. `by` is the last change to it, where a
    plan was made to be looked at.
    """

    left: RecordState | None
    now: RecordState | None
    wanted: RecordState | None
    by: Change | None = None

    @property
    def record_id(self) -> int | None:
        """The id that it has now, or had last."""
        record = self.now or self.wanted
        return record.id if record is not None else None

    @property
    def step(self) -> Step:
        """What takes theirs away."""
        return _step(self.now, self.wanted)


@dataclass(frozen=True, kw_only=True)
class UndoPlan:
    """What taking back `undone`, which were sent together, does to the number as it is now (`found`).

    `clean` are the steps that take nothing of others away; `steps` are those that are sent.
    """

    undone: Sequence[Change]
    found: NumberRecords
    clean: Sequence[Step]
    theirs: Sequence[Theirs]
    with_theirs: bool = False
    review: Review = field(default_factory=Review)

    @property
    def steps(self) -> list[Step]:
        """What is sent."""
        return _shortest(self.found, [*self.clean, *(each.step for each in self.theirs if self.with_theirs)])

    @property
    def is_so_already(self) -> bool:
        """Whether all is as it was before the change, so that there is nothing to send."""
        return not self.clean and not self.theirs

    @property
    def prospect(self) -> Prospect:
        """Who can call now, and who could then."""
        return prospect_of(self.found, self.steps)


def can_be_undone(change: Change) -> bool:
    """Whether a change took effect, and its credential is still there."""
    return change.outcome == Outcome.APPLIED and change.credential_id is not None


def plan_undo(person: User, change: Change, *, with_theirs: bool = False) -> UndoPlan:
    """What it would do to take back a change, and all that was sent with it; nothing is sent.

    Raises NotUndoable, Http404 and PermissionDenied as `access.credential`, and client.RegistryError.
    """
    credential = _credential(person, change)
    changes = _applied(change)
    found = show_number(person, credential, change.number_id)
    plan = plan_for(changes, found, access.identities(credential, found.number.id), with_theirs=with_theirs)
    theirs = [replace(each, by=_last_to(person, credential, found, each.record_id, changes)) for each in plan.theirs]
    comes = any(step.after is not None for step in plan.steps)
    effect = effect_of_first(connect(person, credential), found) if comes else []
    return replace(plan, theirs=theirs, review=review_steps(found, plan.steps, effect))


def undo(
    person: User,
    change: Change,
    *,
    seen: str,
    accepted: str = "",
    with_theirs: bool = False,
    submission: uuid.UUID | None = None,
    reason: str = "",
) -> list[Change]:
    """Take back a change, and all that was sent with it. `seen` is the fingerprint of all records of the number, as
    the plan showed them.

    Returns the changes that were made, as `Writer.carry_out`, and raises what that raises, besides NotUndoable.
    """
    credential = _credential(person, change)
    changes = _applied(change)

    def steps(found: NumberRecords) -> list[Step]:
        same = access.identities(credential, found.number.id)
        return plan_for(changes, found, same, with_theirs=with_theirs).steps

    writer = Writer(person, credential, change.number_id, submission, reason=reason)
    return writer.carry_out(steps, seen=seen, accepted=accepted, undoes=change)


def plan_for(
    changes: Sequence[Change], found: NumberRecords, same: Mapping[int, int], *, with_theirs: bool = False
) -> UndoPlan:
    """The same for changes of one number and credential, in their order, that took effect one right after the other,
    and for a number as somebody found it. `same` tells which id a record has now that had another
    (`access.identities`). Pure: nothing is asked, nothing is reviewed, and whose a later change was is not said.
    """
    now: States = {record.id: record.state for record in found.records}
    before, after = _by_id(changes[0].before, same, now), _by_id(changes[-1].after, same, now)
    clean, theirs = list[Step](), list[Theirs]()
    for key in {**after, **before}:
        was, there = before.get(key), now.get(key)
        left = _as_kept(was, after.get(key), there)
        if _are_like(was, left) or _are_like(was, there):
            continue
        if was is not None and left is None and _has_twin(was, after, now):
            continue
        if _are_like(left, there):
            clean.append(_step(there, was, key))
        elif was is not None and left is not None and there is not None and (merged := _merged(was, left, there)):
            if not is_like(merged, there):
                clean.append(_step(there, merged))
        else:
            theirs.append(Theirs(left=left, now=there, wanted=was and replace(was, id=key)))
    return UndoPlan(undone=changes, found=found, clean=clean, theirs=theirs, with_theirs=with_theirs)


def _credential(person: User, change: Change) -> Credential:
    if change.credential is None:
        raise Http404(_("The credential of this change was removed."))
    return access.credential(person, change.credential.pk, access.EDIT)


def _applied(change: Change) -> list[Change]:
    """The change and those that were sent with it, as far as they took effect. Raises NotUndoable."""
    if not can_be_undone(change):
        raise NotUndoable(_("This change did not take effect, or nobody knows yet, so there is nothing to undo."))
    return [each for each in access.sent_together(change) if each.outcome == Outcome.APPLIED]


def _by_id(records: Sequence[RecordState], same: Mapping[int, int], now: States) -> States:
    """The records by the ids that they have now. Where the registry never said one, that of an equal record."""
    found: States = {}
    for record in records:
        key = same.get(record.id, record.id) if record.id is not None else None
        if key is None:
            key = next((one.id for one in now.values() if is_like(one, record) and one.id not in found), None)
        found[key] = record
    return found


def _are_like(one: RecordState | None, other: RecordState | None) -> bool:
    return one is other is None or (one is not None and other is not None and is_like(one, other))


def _has_twin(gone: RecordState, after: States, now: States) -> bool:
    """Whether somebody has added again what the change took away."""
    return any(key not in after and is_like(record, gone) for key, record in now.items())


def _as_kept(was: RecordState | None, left: RecordState | None, there: RecordState | None) -> RecordState | None:
    """How a change left a record, with the order that it had before where the registry has that now: it may keep one
    of its own, and nobody else has done that.
    """
    if was is None or left is None or there is None or there.order != was.order:
        return left
    return replace(left, order=was.order)


def _merged(was: RecordState, left: RecordState, there: RecordState) -> RecordState | None:
    """The record with what the change did to it taken back, and what others did to it since kept; None where both
    did it to the same: where it is tried, or what is reached there.
    """
    merged = there
    for names, place in ((("order", "preference"), slice(2)), (("service", "hostdata"), slice(2, 4))):
        old, new, current = (content(one)[place] for one in (was, left, there))
        if old == new or current == old:
            continue
        if current != new:
            return None
        merged = replace(merged, **{name: getattr(was, name) for name in names})
    return merged


def _step(there: RecordState | None, wanted: RecordState | None, key: int | None = None) -> Step:
    if there is None and wanted is not None:
        return Step(after=replace(wanted, id=None), was_id=key if key is not None else wanted.id)
    if wanted is None:
        return Step(before=there)
    return Step(before=there, after=replace(wanted, id=there.id if there is not None else None))


def _shortest(found: NumberRecords, steps: list[Step]) -> list[Step]:
    """Updates first, then what comes, then what goes; with one command where all goes."""
    if len(steps) > 1 and len(steps) == len(found.records) and all(step.after is None for step in steps):
        return [Step()]
    return sorted(steps, key=lambda step: (step.after is None, step.before is None))


def _last_to(
    person: User, credential: Credential, found: NumberRecords, key: int | None, changes: Sequence[Change]
) -> Change | None:
    """The last change to a record after those that are taken back; None where none is known."""
    later = access.changes_of(person, credential).filter(
        number_id=found.number.id, pk__gt=changes[-1].pk, outcome=Outcome.APPLIED
    )
    for change in later.order_by("-pk")[:50]:
        old, new = ({record.id: record for record in records} for records in (change.before, change.after))
        if old.get(key) != new.get(key):
            return change
    return None

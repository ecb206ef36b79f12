"""What each number of a job is to have: by its action, or as it was before the job that is undone.

What must be asked for that is asked for many numbers together (`look_at`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from django.db.models import QuerySet

from dashboard import access
from dashboard.enum import Naptr
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Job, JobNumber, Outcome, Result, User
from dashboard.models.job import Action
from dashboard.protocol import RecordState
from dashboard.services.bulk.actions import Does, Retag, Tag, read_action
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import name_of
from dashboard.services.records import Step
from dashboard.services.records.planning import after_all
from dashboard.services.sentences import filled
from dashboard.services.undo import plan_for

_THEIRS = gettext_noop("What was changed there since is left as it is: %(count)d records.")


class Wants(Protocol):
    """What a job wants of its numbers."""

    def look_at(self, credential: Credential, numbers: Sequence[int]) -> None:
        """Ask for what must be known of these. What is known of others of this credential is forgotten."""

    def records(self, item: JobNumber, found: NumberRecords) -> list[RecordState]:
        """The records that a number is to have."""

    def raws(self, item: JobNumber, found: NumberRecords) -> tuple[Naptr, ...]:
        """The raw records that it is to have."""

    def same(self, item: JobNumber) -> Mapping[int, int]:
        """Which id a record of it has now that had another before, as far as that matters."""

    def tags(self, item: JobNumber, before: list[str]) -> list[str]:
        """The tags that it is to have. Raises CannotBeDone."""


@dataclass
class ByAction:
    """What an action makes of them. `keeps` are the raw records that numbers get, by their names."""

    does: Does
    keeps: Mapping[str, Sequence[Naptr]] = field(default_factory=dict)

    def look_at(self, credential: Credential, numbers: Sequence[int]) -> None:
        """Nothing must be asked."""

    def records(self, item: JobNumber, found: NumberRecords) -> list[RecordState]:
        """Those that the action makes. Raises CannotBeDone."""
        del item
        return self.does.wanted(found.number, found.states)

    def raws(self, item: JobNumber, found: NumberRecords) -> tuple[Naptr, ...]:
        """Those that are there, and those that are kept."""
        del item
        kept = self.keeps.get(name_of(found.number).text, ())
        return (*found.raws, *dict.fromkeys(one for one in kept if one not in found.raws))

    def same(self, item: JobNumber) -> Mapping[int, int]:
        """None had another id that matters."""
        del item
        return {}

    def tags(self, item: JobNumber, before: list[str]) -> list[str]:
        """Those that the action makes."""
        del item
        return self.does.tags(before) if isinstance(self.does, Tag) else before


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What a job did at some numbers of a credential, by their ids. `same` tells which id a record has now."""

    made: Mapping[int, list[Change]] = field(default_factory=dict)
    same: Mapping[int, dict[int, int]] = field(default_factory=dict)
    numbers: Mapping[int | None, JobNumber] = field(default_factory=dict)


@dataclass
class ByUndo:
    """What they had before a job, besides what others did since."""

    person: User
    job: Job
    known: dict[int | None, _Known] = field(default_factory=dict)

    def look_at(self, credential: Credential, numbers: Sequence[int]) -> None:
        """Ask what the job did at these."""
        undone, changes = self.job.undoes_id, defaultdict[int, list[Change]](list)
        if self.job.is_about_tags:
            self.known[credential.pk] = _Known(numbers=_by_id(retagged(undone), credential, numbers))
            return
        for change in applied_by(self.person, credential, undone, numbers):
            changes[change.number_id].append(change)
        with_raws = JobNumber.objects.filter(job=undone, raws_done=True)
        self.known[credential.pk] = _Known(
            made=changes,
            same=access.identities_of(credential, numbers),
            # No other registry keeps any.
            numbers=_by_id(with_raws, credential, numbers) if credential.registry.is_embedded else {},
        )

    def records(self, item: JobNumber, found: NumberRecords) -> list[RecordState]:
        """Those that it had, and what others did since; what is left of theirs is said in `words`."""
        if not (changes := self._known(item).made.get(item.number_id or 0)):
            return found.states
        plan = plan_for(changes, found, self.same(item), with_theirs=self._with_theirs)
        if plan.theirs and not plan.with_theirs:
            item.words = filled(_THEIRS, {"count": len(plan.theirs)})
        # What comes back is followed to the id that it had.
        steps = [replace(one, after=one.after and _with_id(one)) for one in plan.steps]
        return after_all(found.states, steps)

    def raws(self, item: JobNumber, found: NumberRecords) -> tuple[Naptr, ...]:
        """Those that are there, without those that the job brought, and with those that it took away."""
        undone = self._known(item).numbers.get(item.number_id)
        if undone is None:
            return found.raws
        kept = [one for one in found.raws if one not in undone.raws_come]
        return (*kept, *(one for one in undone.raws_gone if one not in found.raws))

    def same(self, item: JobNumber) -> Mapping[int, int]:
        """Which id a record has now that had another before it was deleted and came back."""
        return self._known(item).same.get(item.number_id or 0, {})

    def tags(self, item: JobNumber, before: list[str]) -> list[str]:
        """Those that it had, and what others did to other tags since."""
        undone = self._known(item).numbers.get(item.number_id)
        had, left = undone.tags if undone is not None and undone.tags else (before, before)
        return had if self._with_theirs else Retag(known=left, wanted=had).tags(before)

    def _known(self, item: JobNumber) -> _Known:
        return self.known.get(item.credential_id) or _Known()

    @property
    def _with_theirs(self) -> bool:
        return bool(self.job.fields.get("with_theirs"))


def wants_of(person: User, job: Job) -> Wants:
    """What a job wants. Raises actions.Unfit."""
    return ByUndo(person, job) if job.action == Action.UNDO else ByAction(read_action(job.action, job.fields))


def applied_by(person: User, credential: Credential, job: int | None, numbers: Sequence[int]) -> list[Change]:
    """What a job has changed at some numbers, as far as it took effect, in its order."""
    made = access.changes_of_job(person, credential, job, numbers)
    return [change for change in made if change.outcome == Outcome.APPLIED]


def retagged(job: int | None) -> QuerySet[JobNumber]:
    """The numbers that a job has given other tags, and of which it is known what they had."""
    return JobNumber.objects.filter(job=job, result=Result.DONE, tags__isnull=False)


def _by_id(found: QuerySet[JobNumber], credential: Credential, numbers: Sequence[int]) -> dict[int | None, JobNumber]:
    rows = found.filter(credential=credential, number_id__in=numbers)
    return {one.number_id: one for one in rows.defer("before", "after")}


def _with_id(step: Step) -> RecordState | None:
    return replace(step.after, id=step.was_id) if step.before is None and step.after is not None else step.after

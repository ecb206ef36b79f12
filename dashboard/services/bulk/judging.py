"""What would become of one number, from what its registry said last; nothing is asked and nothing is sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard import access
from dashboard.enum import Effect, Naptr, NaptrError, effect_problems
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, Job, JobNumber, MirroredNumber, NumberNote, Result, User
from dashboard.services import embedded
from dashboard.services.bulk.remembered import Remembered, found_of, number_of
from dashboard.services.bulk.wanting import Wants
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block
from dashboard.services.numbers.notes import notes_of
from dashboard.services.records import Review, plan_set, review_raws, review_steps
from dashboard.services.records.callers import Prospect, prospect_of
from dashboard.services.records.neighbours import answered_instead, effect_on_others
from dashboard.services.sentences import filled, say
from dashboard.telephones import Worsening, worse

_NOT_KNOWN = gettext_noop("Its records are not known: look at the number, or refresh the credential, and try again.")
_ONLY_SEES = gettext_noop("You may look at “%(name)s” and change nothing.")
_TAGS = gettext_noop("Tags: %(before)s → %(after)s")


@dataclass
class Judge:
    """Judges the numbers of one job, for its person."""

    person: User
    job: Job
    wants: Wants
    accounts: dict[int, Remembered] = field(default_factory=dict)
    notes: dict[int, Mapping[int, NumberNote]] = field(default_factory=dict)
    refusals: dict[tuple[int, bool], str] = field(default_factory=dict)

    def all(self, rows: Iterable[MirroredNumber], first: int) -> list[JobNumber]:
        """A number of the job for each of these, from the place `first` on; not stored."""
        may_edit = access.allowed(self.person, access.EDIT)
        rows, made = list(rows), list[JobNumber]()
        self._look_at(rows)
        for place, row in enumerate(rows, start=first):
            account = self.accounts[row.credential_id]
            item = JobNumber(
                job=self.job,
                place=place,
                credential=account.credential,
                number_id=row.number_id,
                digits=row.digits + "*" * is_block(number_of(row)) if row.digits else "",
                before=row.records,
                after=row.records,
                seen=row.fingerprint,
            )
            self._judge(item, row, account, may_edit=row.credential_id in may_edit)
            made.append(item)
        return made

    def _look_at(self, rows: Sequence[MirroredNumber]) -> None:
        """Ask for what must be known of these numbers: of each account once."""
        self.refusals = {}
        of_accounts = defaultdict[int, list[MirroredNumber]](list)
        for row in rows:
            of_accounts[row.credential_id].append(row)
        for pk, own in of_accounts.items():
            credential, ids = own[0].credential, [row.number_id for row in own]
            account = self.accounts.setdefault(pk, Remembered(self.person, credential))
            self.wants.look_at(credential, ids)
            if self.job.is_about_tags:
                self.notes[pk] = notes_of(credential, ids)
            else:
                account.look_at([number_of(row) for row in own if row.digits])

    def _judge(self, item: JobNumber, row: MirroredNumber, account: Remembered, *, may_edit: bool) -> None:
        try:
            if not may_edit:
                _cannot(item, filled(_ONLY_SEES, {"name": account.credential.label}))
            elif self.job.is_about_tags:
                self._judge_tags(item, self.notes[row.credential_id].get(row.number_id))
            elif not row.fingerprint or not row.digits or any(record.id is None for record in row.records):
                _cannot(item, filled(_NOT_KNOWN, {}))
            else:
                self._judge_records(item, found_of(row, account), account)
        except NaptrError as problem:
            _cannot(item, say(problem))

    def _judge_tags(self, item: JobNumber, note: NumberNote | None) -> None:
        item.before, item.after = [], []
        before = note.tag_list if note is not None else []
        after = self.wants.tags(item, before)
        item.result = Result.SAME if before == after else Result.WAITING
        item.tags, item.words = [before, after], tags_said(before, after)

    def _judge_records(self, item: JobNumber, found: NumberRecords, account: Remembered) -> None:
        item.after = self.wants.records(item, found)
        raws = self.wants.raws(item, found)
        steps = plan_set(found.states, item.after, self.wants.same(item))
        if not steps and raws == found.raws:
            item.result = Result.SAME
            return
        prospect, effect = prospect_of(found, steps, raws), None
        if not found.records and not found.raws and (near := account.near(found.number)):
            found = replace(found, listed=near)
            effect = effect_on_others(account, found)
        losses = [*_names(prospect.losses), *_names(_lost_of_block(account, found, effect, prospect))]
        hidden = effect_problems(effect, comes=True) if effect is not None else []
        of_raws, reckoned = Review(), prospect
        if raws != found.raws:
            if refusal := self._why_no_raws(found, raws, account.credential):
                _cannot(item, refusal)
                return
            item.raws_before, item.raws_after = list(found.raws), list(raws)
            of_raws = review_raws(found, raws, prospect, hidden if raws else [])
            # They come first, and the writer of the others finds them.
            found, hidden = replace(found, raws_at=lambda _number: raws), []
            reckoned = prospect_of(found, steps)
        comes = any(step.after is not None for step in steps)
        verdict = review_steps(found, steps, hidden if comes else [], reckoned)
        if errors := [*of_raws.errors, *verdict.errors]:
            _cannot(item, " ".join(map(say, errors)))
            return
        item.worse = "".join(f" {name}" for name in dict.fromkeys(losses)) + " " * bool(losses)
        if concerns := [*of_raws.concerns, *verdict.concerns]:
            item.concerns, item.accepted = list(dict.fromkeys(map(say, concerns))), verdict.digest

    def _why_no_raws(self, found: NumberRecords, raws: Sequence[Naptr], credential: Credential) -> str:
        """Why this person cannot have them changed; empty where they can."""
        ways = {one in found.raws for one in {*found.raws, *raws} if (one in found.raws) != (one in raws)}
        for away in ways - {away for pk, away in self.refusals if pk == credential.pk}:
            reason = embedded.why_no_raws(self.person, credential, away=away)
            self.refusals[credential.pk, away] = reason and filled(reason, {"registry": credential.registry.name})
        return next((refusal for away in ways if (refusal := self.refusals[credential.pk, away])), "")


def tags_said(before: Sequence[str], after: Sequence[str]) -> str:
    """What becomes of a number's tags, in a sentence."""
    return filled(_TAGS, {"before": " ".join(before) or "–", "after": " ".join(after) or "–"})


def _lost_of_block(
    account: Remembered, found: NumberRecords, effect: Effect | None, prospect: Prospect
) -> Sequence[Worsening]:
    """What is lost for whoever called a number until now, and got the records of the block."""
    answered = answered_instead(account, found, effect)
    return worse(answered.predictions, prospect.callers.predictions) if answered is not None else []


def _names(losses: Iterable[Worsening]) -> list[str]:
    return [loss.telephone.name for loss in losses]


def _cannot(item: JobNumber, words: str) -> None:
    item.result, item.words, item.after = Result.CANNOT, words, item.before

"""The preview of an import: its text is read into lines, and its lines, a number at a time, become those of a job.

Nothing is sent. Whoever takes it over from a process that was killed begins where all lines are stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from dashboard import access
from dashboard.enum import Naptr
from dashboard.enum.problems import gettext_noop
from dashboard.models import Format, Import, ImportChunk, ImportLine, Job, JobNumber, JobState, MirroredNumber, User
from dashboard.models.job import Action, Result
from dashboard.narrowing import reaches_number
from dashboard.platform import locks
from dashboard.platform.stopping import insist
from dashboard.protocol import RecordData
from dashboard.services import embedded
from dashboard.services.bulk.judging import Judge
from dashboard.services.bulk.preparing import (
    end_of_preparation,
    language_of,
    later,
    lock_of,
    preparation_failed,
)
from dashboard.services.bulk.remembered import Remembered, number_of
from dashboard.services.bulk.wanting import ByAction
from dashboard.services.bulk.whose import NobodyActs, acting
from dashboard.services.fingerprints import fingerprint
from dashboard.services.numbers.formatting import name_of
from dashboard.services.sentences import filled, say, visible
from dashboard.services.transfer.decoding import Unreadable
from dashboard.services.transfer.keeping import parts_of
from dashboard.services.transfer.lines import DraftLine
from dashboard.services.transfer.merging import Merge, Wanted, at_line
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.reading import read

BATCH = 1_000  # lines that are stored together
NUMBERS = 200  # that are judged and stored together
MAX_LINES = BATCH  # of one number
WORDS = 2_000  # characters of what is said of one number

_NEVER_LOOKED = gettext_noop("Which numbers “%(name)s” has is not known yet: refresh it, and import again.")
_NO_NUMBER = gettext_noop("“%(name)s” has no number +%(number)s (line %(line)d).")
_MANY = gettext_noop("+%(number)s has more than %(limit)d lines.")
_ALL_LEFT_OUT = gettext_noop("All its lines are left out.")
_STAYS = gettext_noop("The text says that it has no records. They stay: this import only adds what is missing.")
_SOME_LEFT_OUT = gettext_noop("Lines that are left out: %(count)d.")


@task()
def prepare_import(pk: int) -> None:
    """Make the preview of an import, which has a job that is being prepared."""
    found = Import.objects.select_related("job", "credential__registry").filter(pk=pk).first()
    if found is None:
        _gone(pk)
        return
    if found.job is None:
        return
    with locks.held(lock_of(found.job.pk), locks.after(settings.E164WEB.deadline)) as has_it:
        if not Job.objects.filter(pk=found.job.pk, state=JobState.PREPARING).exists():
            return
        if not has_it:
            later(prepare_import).enqueue(pk)
            return
        try:
            person = acting(found.job)
            with translation.override(language_of(person)):
                _prepare(found, found.job, person)
        except NobodyActs as problem:
            preparation_failed(found.job, filled(str(problem), {}))
        except Unreadable as problem:
            preparation_failed(found.job, say(problem))
        except IntegrityError:
            if Import.objects.filter(pk=pk).exists():
                raise
            _gone(pk)


def _gone(pk: int) -> None:
    """With its credential, an import has gone that a job was to be made of."""
    for job in Job.objects.filter(action=Action.IMPORT, state=JobState.PREPARING, fields__import=pk):
        preparation_failed(job, _("Its credential was removed."))


def _prepare(found: Import, job: Job, person: User) -> None:
    if not found.read_at:
        _read(found)
    mirror = access.mirrors([found.credential]).first()
    if mirror is None or mirror.listed_at is None:
        raise Unreadable(_NEVER_LOOKED, {"name": found.credential.label})
    _judge(found, job, person)
    with transaction.atomic():
        end_of_preparation(job)
        ImportChunk.objects.filter(of=found).delete()
        ImportLine.objects.filter(of=found, words="").delete()


def _read(found: Import) -> None:
    """Store what each line says. Raises Unreadable."""
    ImportLine.objects.filter(of=found).delete()
    lines = read(found.credential, Format(found.format), Options.of(found.options), lambda: parts_of(found))
    while some := [_stored(found, one) for one in islice(lines, BATCH)]:
        insist()
        ImportLine.objects.bulk_create(some)
    stored = ImportLine.objects.filter(of=found)
    counts = stored.aggregate(lines=Count("pk"), problems=Count("pk", filter=~Q(words="")))
    found.lines, found.problems, found.read_at = counts["lines"], counts["problems"], timezone.now()
    found.save(update_fields=["lines", "problems", "read_at"])


def _stored(found: Import, one: DraftLine) -> ImportLine:
    record = one.record
    line = ImportLine(of=found, line=one.line, name=one.name, order=one.order, is_left_out=one.is_left_out)
    if record is not None:
        line.preference, line.service, line.hostdata = record.preference, record.service, record.hostdata
    if one.raw is not None:
        line.raws = [one.raw]
    if one.problem is not None:
        line.field, line.words = one.problem.field, visible(say(one.problem))
    return line


@dataclass
class _Numbers:
    """Numbers of the job that are made together, in their order."""

    found: Import
    job: Job
    person: User
    options: Options
    accounts: dict[int, Remembered] = field(default_factory=dict)

    def cannot(self, name: str, words: Sequence[str], row: MirroredNumber | None = None) -> JobNumber:
        """A number of which nothing can be done."""
        return JobNumber(
            job=self.job,
            credential=self.found.credential,
            number_id=row.number_id if row is not None else None,
            digits=name,
            before=row.records if row is not None else [],
            after=row.records if row is not None else [],
            seen=row.fingerprint if row is not None else "",
            result=Result.CANNOT,
            words="\n".join(words)[:WORDS],
        )

    def of(self, groups: Sequence[tuple[str, Sequence[ImportLine]]]) -> list[JobNumber]:
        """The numbers of the job for the lines of each name."""
        rows = self._rows([name for name, _lines in groups])
        refused = self._refused([(name, lines[0].line) for name, lines in groups if name and name not in rows])
        wishes, items = dict[str, list[Wanted]](), list[JobNumber | str]()
        raws = dict[str, list[Naptr]]()
        for name, lines in groups:
            words = _problems(lines) or refused.get(name, [])
            if words:
                items.append(self.cannot(name, words, rows.get(name)))
                continue
            rows.setdefault(name, self._to_be_made(name))
            wishes[name] = [_wish(one) for one in lines if one.service and not one.is_left_out]
            if kept := [raw for one in lines for raw in one.raws or ()]:
                raws[name] = kept
            items.append(name)
        merge = Merge(wishes, replaces=self.options.replaces, raws=raws)
        judge = Judge(self.person, self.job, ByAction(merge, merge.kept), self.accounts)
        judged = dict(zip(wishes, judge.all([rows[name] for name in wishes], 0), strict=True))
        for name, lines in groups:
            if name in judged:
                self._finish(judged[name], rows[name], lines)
        return [judged[one] if isinstance(one, str) else one for one in items]

    def _rows(self, names: Sequence[str]) -> dict[str, MirroredNumber]:
        """What the mirror has of these numbers, which the person reaches."""
        digits = {name.removesuffix("*") for name in names if name}
        every = access.mirrored_of(self.person, self.found.credential).filter(digits__in=digits)
        return {name_of(number_of(row)).text: row for row in every.select_related("credential__registry")}

    def _refused(self, names: Sequence[tuple[str, int]]) -> dict[str, list[str]]:
        """Why each of the numbers that the account does not have cannot be made; `names` come with their lines."""
        credential = self.found.credential
        made = [name for name, _line in names if reaches_number(self.person, name)] if self.options.makes else []
        answers = embedded.refusals(credential, made) if made and embedded.makes_numbers(credential) else []
        known = dict(zip(made, answers, strict=False))
        refused = dict[str, list[str]]()
        for name, line in names:
            if name not in known:
                params = {"name": credential.label, "number": name, "line": line}
                refused[name] = [filled(_NO_NUMBER, params)]
            elif (answer := known[name]) is not None:
                refused[name] = [at_line(line, "number", say(answer))]
        return refused

    def _finish(self, item: JobNumber, row: MirroredNumber, lines: Sequence[ImportLine]) -> None:
        """What the judge cannot know: which number is to be made, what was left out, and what stays all the same."""
        if not row.number_id:
            item.number_id = None
            if item.result == Result.SAME:
                item.result = Result.WAITING
        left_out = sum(one.is_left_out for one in lines)
        if left_out and not item.words:
            item.words = filled(_SOME_LEFT_OUT, {"count": left_out})
        is_empty = not any(one.service or one.raws or one.is_left_out for one in lines)
        if is_empty and row.records and not self.options.replaces and not item.words:
            item.words = _(_STAYS)

    def _to_be_made(self, name: str) -> MirroredNumber:
        """A number that is to be made, as the mirror will have it: without records."""
        return MirroredNumber(
            credential=self.found.credential,
            number_id=0,
            local=name,
            digits=name.removesuffix("*"),
            fingerprint=fingerprint([]),
        )


def _judge(found: Import, job: Job, person: User) -> None:
    """Store what becomes of each number. What another process has stored before it was killed is made anew."""
    JobNumber.objects.filter(job=job).delete()
    numbers = _Numbers(found, job, person, Options.of(found.options))
    place = 1
    groups = _groups(found)
    while some := list(islice(groups, NUMBERS)):
        insist()
        made = numbers.of(some)
        for further, item in enumerate(made):
            item.place = place + further
        place += len(made)
        JobNumber.objects.bulk_create(made)
    oldest = access.mirrored_of(person, found.credential).aggregate(at=Min("seen_at"))["at"]
    job.mirrored_at = oldest


def _groups(found: Import) -> Iterator[tuple[str, list[ImportLine]]]:
    """The lines of each number, in the order of its digits. Lines of which no number is known come first, each alone;
    of a number with more than MAX_LINES only the first, and one that says so.
    """
    place, every = Q(), ImportLine.objects.filter(of=found).order_by("name", "pk")
    while some := list(every.filter(place)[:BATCH]):
        groups = [(name, list(lines)) for name, lines in groupby(some, key=lambda one: one.name)]
        last, lines = groups[-1]
        if last and len(some) == BATCH and len(groups) > 1:
            groups.pop()
            last = groups[-1][0]
            lines = groups[-1][1]
        elif last and len(some) == BATCH:
            lines[0].words = filled(_MANY, {"number": last, "limit": MAX_LINES})
        for name, own in groups:
            yield from [(name, own)] if name else (("", [one]) for one in own)
        place = Q(name__gt=last) | Q(name=last, pk__gt=lines[-1].pk) if not last else Q(name__gt=last)


def _wish(line: ImportLine) -> Wanted:
    record = RecordData(preference=line.preference, service=line.service, hostdata=line.hostdata)
    return Wanted(line.line, record, line.order)


def _problems(lines: Sequence[ImportLine]) -> list[str]:
    """Why nothing is done with a number, because of its own lines."""
    found = [at_line(one.line, one.field, one.words) for one in lines if one.words and not one.is_left_out]
    if not found and all(one.is_left_out for one in lines):
        return [_(_ALL_LEFT_OUT), *(at_line(one.line, one.field, one.words) for one in lines)]
    return found

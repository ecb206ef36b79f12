"""The one review of a draft: every door may ask for it, and the writer insists on it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.enum import MAX_ANSWER, UDP_ANSWER, Naptr, Problem, check_draft, check_raw, has_placeholder
from dashboard.enum.problems import Field, cut, gettext_noop
from dashboard.protocol import LocalProtocolError, New, Record, RecordData, RecordState
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, name_of, writing
from dashboard.services.records.callers import Prospect, prospect_of
from dashboard.services.records.planning import Step, after_all, step_of

_NOT_OFFERED = gettext_noop("This registry does not offer “%(service)s”.")
_FOREIGN = gettext_noop(
    "Another registry may not know what {number} and {rest} stand for, and publish them as they are written."
)
_LARGE = gettext_noop(
    "The number's DNS answer then has %(count)d octets. Above %(limit)d it does not fit into one packet, and behind "
    "some firewalls telephone systems get no answer at all."
)
_TOO_LARGE = gettext_noop(
    "The number's DNS answer would have %(count)d octets; Asterisk reads at most %(limit)d. Shorten this, or delete "
    "another record first."
)
_TRUNK = gettext_noop(
    "The number %(number)s is not in use as it is: behind the country code there seems to be a trunk prefix, which "
    "nobody dials from abroad. %(meant)s was probably meant; the registry's administrator can correct the number."
)
_TRUNK_CODE = "trunk-prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What is wrong with a draft.

    With `errors` it cannot be written. `concerns` are legal and yet so unsafe, or so hard to mean, that a person must
    look twice: what breaks the number for a telephone system, an answer that leaves UDP, a password for all to read,
    a host that only one network knows, the same target twice, the first record of a number that is probably not the
    one that was meant. `notes` are worth knowing.
    """

    errors: tuple[Problem, ...] = ()
    concerns: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """What a form sends back to say that these concerns were read; other sentences, another text."""
        return hashlib.sha256("\n".join(map(str, self.concerns)).encode()).hexdigest()

    @property
    def about_others(self) -> list[Problem]:
        """What the draft changes for other numbers."""
        about = (problem for problem in (*self.concerns, *self.notes) if problem.field == "number")
        return [problem for problem in about if problem.code != _TRUNK_CODE]

    def is_accepted(self, accepted: str) -> bool:
        """Whether the draft may be written by somebody who has `accepted` the concerns of this digest."""
        return not self.errors and (not self.concerns or accepted == self.digest)


def review(
    found: NumberRecords, draft: RecordData, record: Record | None = None, effect: Sequence[Problem] = ()
) -> Review:
    """Hold a draft against the records that its number has now. It replaces `record`, or is added where that is None.

    `effect` is what it changes for other numbers (`neighbours`), which only the registry can tell.
    """
    return review_steps(found, [step_of(draft, record)], effect)


def review_steps(
    found: NumberRecords, steps: Sequence[Step], effect: Sequence[Problem] = (), prospect: Prospect | None = None
) -> Review:
    """Hold what is sent together against the records that the number has once all of it is done.

    `prospect` is what becomes of its callers, for who has reckoned it already.
    """
    coming, after = prospect or prospect_of(found, steps), after_all(found.states, steps)
    hiding = [one for one in effect if one.code == "hides"]
    errors, doubts, notes = list[Problem](), list[Problem](), list(effect)
    for step in steps:
        if step.after is not None:
            problems = _problems(found, step.after, [one for one in after if one is not step.after])
            errors += _errors(found, problems, step.after, step.before)
            doubts += _doubtful(problems, step.after, step.before)
            notes += problems
    errors += _too_large(coming)
    concerns = [*_unsafe(coming), *doubts, *hiding, *_misread(found, steps)]
    notes = [one for one in notes if not one.is_error and one not in concerns]
    return Review(errors=_once(errors), concerns=_once(concerns), notes=_once(notes))


def review_raws(
    found: NumberRecords, raws: Sequence[Naptr], prospect: Prospect, effect: Sequence[Problem] = ()
) -> Review:
    """Hold the raw records that a number is to have against those that it has.

    `prospect` is what becomes of its callers once these and the records that are written with them are there, and
    `effect` what the first of all of them changes for other numbers.
    """
    name, coming = name_of(found.number), [one for one in raws if one not in found.raws]
    problems = [problem for one in coming for problem in check_raw(one, name)]
    # Raw records come before the others, so for a moment it has these besides the old ones.
    errors = [*(one for one in problems if one.is_error), *_too_large(prospect_of(found, [], raws))]
    concerns = [one for one in problems if one.is_concern]
    hiding = [one for one in effect if one.code == "hides"]
    return Review(errors=_once(errors), concerns=_once([*concerns, *_unsafe(prospect), *hiding]))


def _once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same sentence about two records is said once."""
    return tuple({str(problem): problem for problem in problems}.values())


def _problems(found: NumberRecords, draft: RecordState, others: Sequence[RecordState]) -> list[Problem]:
    problems = check_draft(draft, found.number.digits, others, draft.order, is_block=is_block(found.number))
    return problems if found.is_embedded else [*problems, *_foreign_placeholder(draft)]


def _errors(
    found: NumberRecords, problems: Sequence[Problem], draft: RecordState, record: RecordState | None
) -> list[Problem]:
    errors = [problem for problem in problems if problem.is_error and not _was_there(problem, draft, record)]
    return errors or [*_unsendable(draft), *_not_offered(found, draft, record)]


def _foreign_placeholder(draft: RecordData) -> Iterator[Problem]:
    """A placeholder for a registry elsewhere: the protocol does not have them, our own registry does."""
    if has_placeholder(draft.hostdata):
        yield Problem.concern("placeholder-foreign", _FOREIGN)


def _was_there(problem: Problem, draft: RecordData, record: RecordState | None) -> bool:
    """Whether the problem is one of the preference, which this edit leaves as it was."""
    return problem.field == "preference" and record is not None and record.preference == draft.preference


def _unsendable(draft: RecordData) -> Iterator[Problem]:
    try:
        New.of(0, draft)
    except LocalProtocolError as error:
        fields: dict[str, Field] = {"preference": "preference", "service": "service"}
        field = fields.get(error.field, "hostdata")
        yield Problem(field, error.code, error.message, error.params)


def _not_offered(found: NumberRecords, draft: RecordData, record: RecordState | None) -> Iterator[Problem]:
    """A service that the registry does not list; what a record has already is kept."""
    known = {name.upper() for name in found.services} | ({record.service.upper()} if record else set())
    if found.services and draft.service.upper() not in known:
        yield Problem("service", "not-offered", _NOT_OFFERED, {"service": cut(draft.service)})


def _too_large(coming: Prospect) -> Iterator[Problem]:
    """What makes the number's DNS answer longer than telephone systems can read."""
    size = coming.callers.size
    if size > max(coming.before.size, MAX_ANSWER):
        yield Problem("hostdata", "answer-size", _TOO_LARGE, {"count": size, "limit": MAX_ANSWER})


def _unsafe(coming: Prospect) -> Iterator[Problem]:
    """Only what the draft itself brings in: that other systems than before can call is no such thing."""
    for loss in coming.losses:
        if loss.code == "breaks":
            yield Problem("hostdata", loss.code, loss.message, loss.params, "warning")
    size = coming.callers.size
    if max(coming.before.size, UDP_ANSWER) < size <= MAX_ANSWER:
        yield Problem("hostdata", "answer-size", _LARGE, {"count": size, "limit": UDP_ANSWER}, "warning")


def _doubtful(problems: Sequence[Problem], draft: RecordData, record: RecordState | None) -> Iterator[Problem]:
    """What the draft brings in that can hardly be meant; what was there already was looked at before."""
    if record is None or (record.service, record.hostdata) != (draft.service, draft.hostdata):
        yield from (problem for problem in problems if problem.is_concern)


def _misread(found: NumberRecords, steps: Sequence[Step]) -> Iterator[Problem]:
    """The number itself, when its first record would publish it."""
    if not found.records and found.meant and any(step.after is not None for step in steps):
        params = {"number": writing(found.number).text, "meant": found.meant}
        yield Problem("number", _TRUNK_CODE, _TRUNK, params, "warning")

"""The one review of a draft: every door may ask for it, and the writer insists on it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.enum import MAX_ANSWER, UDP_ANSWER, Problem, check_draft, has_placeholder
from dashboard.enum.problems import Field, cut, gettext_noop
from dashboard.protocol import LocalProtocolError, New, Record, RecordData
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block, writing
from dashboard.services.records.callers import Prospect, prospect

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
    problems = check_draft(draft, found.number.digits, found.others(record), is_block=is_block(found.number))
    if not found.is_embedded:
        problems += _foreign_placeholder(draft)
    errors = [problem for problem in problems if problem.is_error and not _was_there(problem, draft, record)]
    errors = errors or [*_unsendable(draft), *_not_offered(found, draft, record)]
    coming = prospect(found, draft, record)
    errors += _too_large(coming)
    hiding = [one for one in effect if one.code == "hides"]
    concerns = [*_unsafe(coming), *_doubtful(problems, draft, record), *hiding, *_misread(found, record)]
    notes = [one for one in (*problems, *effect) if not one.is_error and one not in concerns]
    return Review(errors=tuple(errors), concerns=tuple(concerns), notes=tuple(notes))


def _foreign_placeholder(draft: RecordData) -> Iterator[Problem]:
    """A placeholder for a registry elsewhere: the protocol does not have them, our own registry does."""
    if has_placeholder(draft.hostdata):
        yield Problem.concern("placeholder-foreign", _FOREIGN)


def _was_there(problem: Problem, draft: RecordData, record: Record | None) -> bool:
    """Whether the problem is one of the preference, which this edit leaves as it was."""
    return problem.field == "preference" and record is not None and record.preference == draft.preference


def _unsendable(draft: RecordData) -> Iterator[Problem]:
    try:
        New.of(0, draft)
    except LocalProtocolError as error:
        fields: dict[str, Field] = {"preference": "preference", "service": "service"}
        field = fields.get(error.field, "hostdata")
        yield Problem(field, error.code, error.message, error.params)


def _not_offered(found: NumberRecords, draft: RecordData, record: Record | None) -> Iterator[Problem]:
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


def _doubtful(problems: Sequence[Problem], draft: RecordData, record: Record | None) -> Iterator[Problem]:
    """What the draft brings in that can hardly be meant; what was there already was looked at before."""
    if record is None or (record.service, record.hostdata) != (draft.service, draft.hostdata):
        yield from (problem for problem in problems if problem.is_concern)


def _misread(found: NumberRecords, record: Record | None) -> Iterator[Problem]:
    """The number itself, when its first record would publish it."""
    if record is None and not found.records and found.meant:
        params = {"number": writing(found.number).text, "meant": found.meant}
        yield Problem("number", _TRUNK_CODE, _TRUNK, params, "warning")

"""What a page says after a write: done, not done, not known, changed meanwhile, or sent before."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.utils.translation import gettext as _

from dashboard.models import Change, Credential, Outcome
from dashboard.models.change import Command
from dashboard.services.history import history_of
from dashboard.services.history.words import not_applied, sent_before
from dashboard.services.numbers import NumberRecords
from dashboard.services.undo import can_be_undone
from dashboard.web.templatetags.undo import UNDO
from dashboard.web.views.requests import PersonRequest

# A form is shown again where its write did not take effect: the registry said no, or nobody knows.
STATUS = {Outcome.REFUSED: 422, Outcome.NOT_APPLIED: 502, Outcome.UNKNOWN: 502}


def say_sent_before(request: PersonRequest, earlier: Change) -> None:
    """What came of the form the first time."""
    messages.info(request, sent_before(earlier), extra_tags=offering_undo(earlier, beside(earlier)))


def say_applied(request: PersonRequest, change: Change) -> None:
    """One sentence that says what was done."""
    done = {
        Command.NEW: _("The record was added."),
        Command.UPDATE: _("The record was changed."),
        Command.DELETE: _("The record was deleted."),
        Command.DELETEALL: _("All records of this number were deleted."),
    }[Command(change.command)]
    messages.success(request, f"{done} {change.words}".strip(), extra_tags=offering_undo(change, beside(change)))


def beside(change: Change) -> str:
    """Which record a sentence belongs to: it is said there, as long as the page shows it."""
    is_there = change.command in {Command.NEW, Command.UPDATE} and change.record_id is not None
    return f"record-{change.record_id}" if is_there else ""


def offering_undo(change: Change, tags: str = "") -> str:
    """The tags of a message about a change that took effect, beside which people find the way to take it back."""
    return f"{tags} {UNDO}{change.pk}".strip() if can_be_undone(change) else tags


def say_moved(request: PersonRequest, made: Sequence[Change], record_id: int) -> None:
    """What came of a move, whose updates end with the first that was not applied."""
    failed = next((change for change in made if change.outcome != Outcome.APPLIED), None)
    if failed is None:
        tags = f"record-{record_id}"
        moved = offering_undo(made[-1], tags) if made else tags
        messages.success(request, _("The record was moved."), extra_tags=moved)
        return
    text = not_applied(failed)
    if len(made) > 1:
        text += " " + _("The preferences of other records were changed before that; the history lists them.")
    messages.error(request, text, extra_tags=f"record-{record_id}")


def with_history(request: PersonRequest, credential: Credential, found: NumberRecords) -> NumberRecords:
    """The same, with what is not settled by now, and what others did."""
    return replace(found, history=history_of(request.user, credential, found.number.id))

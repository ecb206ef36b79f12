"""How jobs and their numbers are shown."""

from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboard.models import Job, JobState, Result
from dashboard.models.job import Action
from dashboard.services.bulk.results import UNSAFE, Counts

register = template.Library()

# The colour and the shape of a badge, which stand beside its words.
_RESULTS = {
    Result.DONE: "applied",
    Result.FAILED: "refused",
    Result.CONFLICT: "refused",
    Result.CANNOT: "refused",
    Result.UNKNOWN: "unknown",
}
_STATES = {
    JobState.FINISHED: "applied",
    JobState.RUNNING: "sent",
    JobState.APPROVAL: "unchecked",
    JobState.SCHEDULED: "unchecked",
    JobState.PAUSED: "unchecked",
}


@register.filter
def badge_of(state: str) -> str:
    """How a result, or the state of a job, is drawn."""
    known: dict[Any, str] = {**_RESULTS, **_STATES}
    return known.get(state, "neutral")


@register.filter
def filters(counts: Counts) -> list[tuple[str, str, int]]:
    """What a page of numbers may be narrowed to, each with its words and how many there are; without empty ones."""
    named = [("", _("all"), counts.total), *((one.value, str(one.label), counts.of(one)) for one in Result)]
    named.insert(2, (UNSAFE, _("become unsafe"), counts.unsafe))
    return [one for one in named if one[2] or not one[0]]


@register.filter
def does(job: Job) -> str:
    """What a job does, in a few words: the action and what it is given."""
    fields = job.fields
    said = {
        Action.POINT: fields.get("pattern"),
        Action.REPLACE: f"{fields.get('old')} → {fields.get('new')}",
        Action.PREFERENCE: fields.get("preference"),
        Action.ADD: f"{fields.get('service')} {fields.get('hostdata')}",
        Action.REMOVE: " ".join(filter(None, [fields.get("service"), fields.get("host")])),
        Action.TEMPLATE: fields.get("template"),
        Action.TAG: " ".join(
            [
                *(f"+{tag}" for tag in str(fields.get("add") or "").split()),
                *(f"−{tag}" for tag in str(fields.get("remove") or "").split()),
            ]
        ),
        Action.UNDO: _("job %(id)s") % {"id": job.undoes_id or "–"},
    }.get(Action(job.action), "")
    name = capfirst(str(Action(job.action).label))
    return f"{name}: {said}" if said else name

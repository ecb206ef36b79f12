"""Who can call a number, as values for templates: a table, a sentence with the sum, and what a draft would change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dashboard.enum import find_service
from dashboard.protocol import DEFAULT_ORDER
from dashboard.services.records.callers import Callers, Prospect, Way
from dashboard.services.sentences import filled, say
from dashboard.telephones import TELEPHONES, Prediction, State, Verdict, Worsening, sentences

register = template.Library()

# What is said instead where all telephone systems lose the same.
_NOBODY = {
    sentences.LOSES_NUMBER: gettext_noop("No telephone system can call this number any more."),
    sentences.LOSES_URI: gettext_noop("No telephone system gets to %(uri)s any more."),
}
_ADD_SIP = gettext_noop("Records of other services are passed over; a SIP record is understood by all of them.")
# Said where the service stands beside it.
_THIS_SERVICE = gettext_noop("It does not look for this service.")
_STATES: dict[State, str] = {
    "used": gettext_noop("dialled"),
    "skipped": gettext_noop("skipped"),
    "breaks": gettext_noop("breaks the number"),
}

FOLDED_ABOVE = 8  # records: a longer table would push the records themselves off the screen
SHOWN = 60  # records; as many as fit into any answer that telephone systems can read


@dataclass(frozen=True, slots=True)
class Column:
    """One telephone system, and how many ways it finds in words. Its state is that of the records that decide it."""

    system: str
    state: State
    said: str


class Cell(TypedDict):
    """What one telephone system does with one record, and why. `rank` counts what it dials from 1.

    A page has hundreds of them, and templates read dictionaries in half the time of objects.
    """

    system: str
    state: State
    rank: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record, and its place among the others in words. `left_out` says why it is not in the DNS, and there are
    cells only where it is.
    """

    way: Way
    place: str
    left_out: str
    cells: list[Cell]


@register.filter
def columns(callers: Callers) -> list[Column]:
    """The head of the table."""
    return [_column(prediction) for prediction in callers.predictions]


@register.filter
def rows(callers: Callers) -> list[Row]:
    """The table: a row for each of the first SHOWN records, in it a cell for each telephone system."""
    ranks = [_ranks(prediction) for prediction in callers.predictions]
    made: list[Row] = []
    place = 0  # of the record among the verdicts
    for way in callers.ways[:SHOWN]:
        if way.naptr is None:
            made.append(Row(way, _place(way), _left_out(way), []))
            continue
        found = [
            _cell(prediction, prediction.verdicts[place], turns.get(place, 0), way)
            for prediction, turns in zip(callers.predictions, ranks, strict=True)
        ]
        made.append(Row(way, _place(way), "", found))
        place += 1
    return made


@register.filter
def not_shown(callers: Callers) -> int:
    """How many records the table leaves out."""
    return max(0, len(callers.ways) - SHOWN)


@register.filter
def is_short(callers: Callers) -> bool:
    """Whether the table is shown at once; a long one, and one of nothing, is unfolded by whoever wants it."""
    return 0 < len(callers.ways) <= FOLDED_ABOVE


@register.filter
def summary(callers: Callers) -> str:
    """How many telephone systems can call, in a sentence that names the fewer: those that can, or that cannot."""
    count, total = len(callers.can_call), len(callers.predictions)
    if count == total:
        return _("All %(total)d telephone systems can call this number.") % {"total": total}
    if not callers.ways:
        return _("No telephone system can call this number, unless it is inside a block that answers for it.")
    if not count:
        return _("No telephone system can call this number.")
    params: dict[str, object] = {"count": count, "total": total}
    if count <= total // 2:
        params["systems"] = ", ".join(prediction.telephone.label for prediction in callers.can_call)
        return _("%(count)d of %(total)d telephone systems can call this number: %(systems)s.") % params
    params["systems"] = ", ".join(each.telephone.label for each in callers.predictions if not each.uris)
    return _("%(count)d of %(total)d telephone systems can call this number, not %(systems)s.") % params


@register.filter
def reasons(callers: Callers) -> list[str]:
    """Why some telephone systems cannot call, or what to do. Nothing for a number without records, which says it."""
    if not callers.published:
        return []
    found: dict[str, None] = {}
    for prediction in callers.predictions:
        if not prediction.uris:
            looks_elsewhere = all(verdict.code == "service" for verdict in prediction.verdicts)
            found[_(_ADD_SIP) if looks_elsewhere else say(prediction)] = None
    return list(found)


@register.filter
def cells(prospect: Prospect) -> list[Cell]:
    """What each system would do with the record in question; nothing where it is not in the DNS."""
    ways, place = prospect.callers.ways, prospect.place
    if place is None or ways[place].naptr is None:
        return []
    before = sum(way.naptr is not None for way in ways[:place])
    return [
        _cell(prediction, prediction.verdicts[before], _ranks(prediction).get(before, 0), ways[place])
        for prediction in prospect.callers.predictions
    ]


@register.filter
def losses(prospect: Prospect) -> list[str]:
    """What the telephone systems lose, in sentences that name all systems with the same loss."""
    together: dict[tuple[str, str], list[Worsening]] = defaultdict(list)
    for loss in prospect.losses:
        others = {name: value for name, value in loss.params.items() if name != "system"}
        together[loss.message, repr(others)].append(loss)
    return [_loss(alike) for alike in together.values()]


def _ranks(prediction: Prediction) -> Mapping[int, int]:
    """For each verdict that is used, in which turn its URI is dialled."""
    turns: dict[str, list[int]] = defaultdict(list)
    for turn, uri in enumerate(prediction.uris, start=1):
        turns[uri].append(turn)
    return {
        place: turns[verdict.uri].pop(0)
        for place, verdict in enumerate(prediction.verdicts)
        if verdict.state == "used" and turns[verdict.uri]
    }


def _column(prediction: Prediction) -> Column:
    count = len(prediction.uris)
    state: State = "breaks" if prediction.broken else "used" if count else "skipped"
    said = ngettext("%(count)d way", "%(count)d ways", count) % {"count": count} if count else _("no call")
    if prediction.needs:
        said = _("%(ways)s, only with %(needs)s") % {"ways": said, "needs": prediction.needs}
    return Column(prediction.telephone.label, state, said)


def _cell(prediction: Prediction, verdict: Verdict, rank: int, way: Way) -> Cell:
    said = _("dialled as number %(rank)d") % {"rank": rank} if rank else _(_STATES[verdict.state])
    if reason := _reason(prediction, verdict, way):
        said = _("%(state)s: %(reason)s") % {"state": said, "reason": reason}
    return Cell(system=prediction.telephone.label, state=verdict.state, rank=str(rank or ""), said=said)


def _reason(prediction: Prediction, verdict: Verdict, way: Way) -> str:
    """Why, of a record named just before; nothing where the telephone system calls the record's URI."""
    if verdict.code == "used" and verdict.uri == way.uri:
        return ""
    if verdict.code == "service":
        return _(_THIS_SERVICE)
    return filled(verdict.message, {**verdict.params, "system": prediction.telephone.label})


def _place(way: Way) -> str:
    record = way.record
    if record.order == DEFAULT_ORDER:
        return _("preference %(preference)d") % {"preference": record.preference}
    return _("order %(order)d, preference %(preference)d") % {"order": record.order, "preference": record.preference}


def _left_out(way: Way) -> str:
    if find_service(way.record.service) is None:
        return _("left out of the DNS: no DNS form is known")
    return _("left out of the DNS: it makes no usable address")


def _loss(alike: Iterable[Worsening]) -> str:
    first, *others = alike
    systems = [loss.telephone.label for loss in (first, *others)]
    nobody = _NOBODY.get(first.message) if len(systems) == len(TELEPHONES) else None
    return filled(nobody or first.message, {**first.params, "system": get_text_list(systems, _("or"))})

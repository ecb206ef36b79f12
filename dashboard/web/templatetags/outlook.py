"""Who can call a number: the picture, the same as text, and what a draft would change, as HTML made in Python."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from dashboard.enum import DEFAULT_ORDER, find_service
from dashboard.services.records.callers import Callers, Prospect, Way
from dashboard.services.records.carried import carry
from dashboard.services.sentences import Sayable, say
from dashboard.telephones import TELEPHONES, Prediction, Verdict, Worsening, sentences
from dashboard.web.drawing import Cell, Column, Labels, Picture, Row, draw

register = template.Library()

# What is said instead where all telephone systems lose the same.
_NOBODY = {
    sentences.LOSES_NUMBER: gettext_noop("No telephone system can call this number any more."),
    sentences.LOSES_URI: gettext_noop("No telephone system gets to %(uri)s any more."),
}

_ADD_SIP = gettext_noop("Records of other services are passed over; a SIP record is understood by all of them.")
_NO_CALL = gettext_noop("no call")
_PREFERENCE = gettext_noop("preference %(preference)d")
_ORDER = gettext_noop("order %(order)d, preference %(preference)d")
_ROW = gettext_noop("Record %(position)d, %(service)s: %(uri)s")
_CELLS = {
    "used": gettext_noop("%(system)s, record %(position)d is dialled as number %(rank)d: %(reason)s"),
    "skipped": gettext_noop("%(system)s, record %(position)d is skipped: %(reason)s"),
    "breaks": gettext_noop("%(system)s, record %(position)d breaks the number: %(reason)s"),
    "absent": gettext_noop("%(system)s, record %(position)d: left out of the DNS"),
}
_STATES = {
    "used": gettext_noop("dialled"),
    "skipped": gettext_noop("skipped"),
    "breaks": gettext_noop("breaks the number"),
}

FOLDED_ABOVE = 8  # records: a taller picture would push the records themselves off the screen
DRAWN = 60  # records; as many as fit into any answer that telephone systems can read


@register.simple_tag
def outlook_picture(callers: Callers, number: str) -> SafeString:
    """The picture, wide and narrow: the style sheet shows the one that fits. `number` is as people write it."""
    picture = picture_of(callers, number)
    more = len(callers.ways) - len(picture.rows)
    return format_html(
        '<div class="outlook-frame">{}{}{}</div>',
        draw(picture),
        draw(picture, narrow=True),
        format_html('<p class="outlook-note">{}</p>', _("%(count)d more records are not drawn.") % {"count": more})
        if more
        else "",
    )


@register.simple_tag
def outlook_words(callers: Callers) -> SafeString:
    """The same as text: for each system a sentence, what it dials, and what it does with each record and why."""
    places, in_words = _places(callers), _sentences(get_language())
    text = "".join(_system(outlook, places, in_words) for outlook in callers.predictions)
    return mark_safe(text)  # noqa: S308 -- every text in it is escaped


@register.filter
def outlook_sum(callers: Callers) -> str:
    """How many telephone systems can call, in a sentence that names the fewer: those that can, or that cannot."""
    count, total = len(callers.can_call), len(callers.predictions)
    if count == total:
        return _("All %(total)d telephone systems can call this number.") % {"total": total}
    if not callers.ways:
        return _("No telephone system can call this number, unless it is inside a block that answers for it.")
    if not count:
        return _("No telephone system can call this number.")
    said: dict[str, object] = {"count": count, "total": total}
    if count <= total // 2:
        said["systems"] = ", ".join(prediction.telephone.label for outlook in callers.can_call)
        return _("%(count)d of %(total)d telephone systems can call this number: %(systems)s.") % said
    said["systems"] = ", ".join(prediction.telephone.label for outlook in callers.predictions if not prediction.uris)
    return _("%(count)d of %(total)d telephone systems can call this number, not %(systems)s.") % said


@register.filter
def outlook_reasons(callers: Callers) -> list[str]:
    """Why some telephone systems cannot call, or what to do. Nothing for a number without records, which says it."""
    if not callers.published:
        return []
    reasons: dict[str, None] = {}
    for outlook in callers.predictions:
        if not prediction.uris:
            looks_elsewhere = all(verdict.code == "service" for verdict in prediction.verdicts)
            said = _(_ADD_SIP) if looks_elsewhere else say(outlook)
            reasons[said] = None
    return list(reasons)


@register.filter
def for_preview(callers: Callers) -> str:
    """What the page's forms bring along to the preview, which asks no registry."""
    return carry(callers)


@register.filter
def is_short(callers: Callers) -> bool:
    """Whether the picture is shown at once; a long one, and one of nothing, is unfolded by whoever wants it."""
    return 0 < len(callers.ways) <= FOLDED_ABOVE


@register.simple_tag
def prospect_systems(prospect: Prospect) -> SafeString:
    """What each system would do with the record in question, in a word with a mark; the reason is its title."""
    verdicts = _verdicts_on(prospect)
    if not verdicts:
        return SafeString("")
    items = (
        (verdict.state, say(verdict), prediction.telephone.label, _(_STATES[verdict.state]))
        for outlook, verdict in verdicts
    )
    return format_html(
        '<p class="caller-lead">{}</p><ul class="callers">{}</ul>',
        _("Telephone systems"),
        format_html_join(
            "",
            '<li class="caller caller-{}" title="{}">{}<span class="visually-hidden">: {}</span></li>',
            items,
        ),
    )


@register.simple_tag
def what_gets_worse(prospect: Prospect) -> SafeString:
    """What the telephone systems lose, those with the same loss together; nothing where nothing is lost."""
    items = tuple(losses_in_words(prospect.losses))
    if not items:
        return SafeString("")
    return format_html('<ul class="worse">{}</ul>', format_html_join("", '<li class="worse-{}">{}</li>', items))


def losses_in_words(losses: list[Worsening]) -> Iterator[tuple[str, str]]:
    """The code of each loss and its sentence, which names all systems that have it."""
    together: dict[tuple[str, str, str], list[Worsening]] = defaultdict(list)
    for loss in losses:
        others = {name: value for name, value in loss.params.items() if name != "system"}
        together[loss.code, loss.message, repr(others)].append(loss)
    for (code, message, _others), alike in together.items():
        systems = get_text_list([loss.telephone.label for loss in alike], _("or"))
        said = {**alike[0].params, "system": systems}
        nobody = _NOBODY.get(message) if len(alike) == len(TELEPHONES) else None
        yield code, _(nobody or message) % said


class Sentences(dict[str, str]):
    """Translations into one language by message, each looked up once: they are few, and a picture says them often."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, message: str) -> str:
        self[message] = translated = _(message)
        return translated

    def say(self, said: Sayable) -> str:
        """The sentence, translated and filled."""
        return self[said.message] % said.params if said.params else self[said.message]


_sentences = functools.lru_cache(Sentences)


@functools.lru_cache
def _records(count: int, _language: str | None) -> str:
    return ngettext("Record %(positions)s", "Records %(positions)s", count)


@functools.lru_cache
def _ways(count: int, _language: str | None) -> str:
    return ngettext("%(count)d way", "%(count)d ways", count) % {"count": count}


def picture_of(callers: Callers, number: str) -> Picture:
    """What is drawn, in the language of the page."""
    in_words = _sentences(get_language())
    places = _places(callers)
    ranks = [_ranks(outlook) for outlook in callers.predictions]
    rows = tuple(
        Row(
            position=position,
            service=way.naptr.service if way.naptr else way.record.service,
            remark=_remark(way, in_words),
            uri=way.uri,
            instead=_left_out(way) if way.naptr is None else "",
            name=_row_name(position, way, in_words),
            cells=tuple(
                _cell(outlook, turns, place, position, in_words)
                for outlook, turns in zip(callers.predictions, ranks, strict=True)
            ),
        )
        for position, (way, place) in enumerate(zip(callers.ways[:DRAWN], places, strict=False), start=1)
    )
    return Picture(
        number=number,
        domain=callers.domain,
        columns=tuple(_column(outlook, in_words) for outlook in callers.predictions),
        rows=rows,
        labels=Labels(
            picture=_("Who can call %(number)s: a row for each record, a column for each telephone system")
            % {"number": number},
            records=_("%(number)s, in the DNS %(domain)s") % {"number": number, "domain": callers.domain},
            used=_("dialled, in this order"),
            skipped=_("skipped"),
            breaks=_("breaks the number"),
            empty=_("No records: the telephone network only."),
        ),
    )


def _places(callers: Callers) -> list[int | None]:
    """For each way its place among the verdicts; None where it is not in the DNS."""
    count = iter(range(len(callers.ways)))
    return [next(count) if way.naptr is not None else None for way in callers.ways]


def _ranks(outlook: Prediction) -> dict[int, int]:
    """For each verdict that is used, in which turn its URI is dialled."""
    turns: dict[str, list[int]] = defaultdict(list)
    for turn, uri in enumerate(prediction.uris, start=1):
        turns[uri].append(turn)
    return {
        place: turns[verdict.uri].pop(0)
        for place, verdict in enumerate(prediction.verdicts)
        if verdict.state == "used" and turns[verdict.uri]
    }


def _column(outlook: Prediction, in_words: Sentences) -> Column:
    count, reason = len(prediction.uris), in_words.say(outlook)
    badge = _ways(count, in_words.language) if count else in_words[_NO_CALL]
    return Column(
        label=prediction.telephone.label,
        state="breaks" if prediction.broken else "calls" if count else "silent",
        badge=badge,
        reason=reason,
        name=reason if prediction.telephone.label in reason else f"{prediction.telephone.label}: {reason}",
    )


def _cell(outlook: Prediction, turns: Mapping[int, int], place: int | None, position: int, in_words: Sentences) -> Cell:
    said = {"system": prediction.telephone.label, "position": position}
    if place is None:
        return Cell("absent", 0, "", in_words[_CELLS["absent"]] % said)
    verdict = prediction.verdicts[place]
    reason, rank = in_words.say(verdict), turns.get(place, 0)
    name = in_words[_CELLS[verdict.state]] % {**said, "reason": reason, "rank": rank}
    return Cell(verdict.state, rank, reason, name)


def _remark(way: Way, in_words: Sentences) -> str:
    said = {"preference": way.record.preference, "order": way.record.order}
    return in_words[_PREFERENCE if way.record.order == DEFAULT_ORDER else _ORDER] % said


def _left_out(way: Way) -> str:
    """Why a record is not in the DNS."""
    if find_service(way.record.service) is None:
        return _("left out: no DNS form is known")
    return _("left out: it makes no usable address")


def _row_name(position: int, way: Way, in_words: Sentences) -> str:
    said = {"position": position, "service": way.record.service, "uri": way.uri or way.record.hostdata}
    return in_words[_ROW] % said


def _system(outlook: Prediction, places: Sequence[int | None], in_words: Sentences) -> str:
    """One telephone system as text. Records of which the same is to be said are said together."""
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, place in enumerate(places, start=1):
        if place is not None:
            verdict = prediction.verdicts[place]
            together[in_words[_STATES[verdict.state]], in_words.say(verdict)].append(position)
    uris = "".join(f"<li><code>{escape(uri)}</code></li>" for uri in prediction.uris)
    reasons = "".join(
        f"<li><b>{escape(_positions(positions, in_words))}, {escape(word)}:</b> {escape(sentence)}</li>"
        for (word, sentence), positions in together.items()
    )
    return (
        f"<section><h3>{escape(prediction.telephone.label)}</h3><p>{escape(in_words.say(outlook))}</p>"
        f"{f'<ol>{uris}</ol>' if uris else ''}{f'<ul>{reasons}</ul>' if reasons else ''}</section>"
    )


def _positions(positions: Sequence[int], in_words: Sentences) -> str:
    return _records(len(positions), in_words.language) % {"positions": ", ".join(map(str, positions))}


def _verdicts_on(prospect: Prospect) -> list[tuple[Prediction, Verdict]]:
    """What each system makes of the record in question; nothing where it is not in the DNS."""
    place = None if prospect.place is None else _places(prospect.callers)[prospect.place]
    return [] if place is None else [(outlook, prediction.verdicts[place]) for outlook in prospect.callers.predictions]

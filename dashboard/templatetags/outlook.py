"""Who can call a number: the picture, the same as text, and what a draft would change, as HTML made in Python."""

from collections import defaultdict
from collections.abc import Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dashboard.drawing import Cell, Column, Labels, Picture, Row, draw
from dashboard.naptr import DEFAULT_ORDER, TELEPHONES, Outlook, Verdict, Worsening, find_service
from dashboard.naptr.telephones import sentences
from dashboard.services.outlook import Callers, Prospect, Way
from dashboard.services.sentences import say

register = template.Library()

# What is said instead where all telephone systems lose the same.
_NOBODY = {
    sentences.LOSES_NUMBER: gettext_noop("No telephone system can call this number any more."),
    sentences.LOSES_URI: gettext_noop("No telephone system gets to %(uri)s any more."),
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
    return format_html_join("", "{}", ((_system(callers, outlook),) for outlook in callers.outlooks))


@register.filter
def outlook_sum(callers: Callers) -> str:
    """How many telephone systems can call, in one sentence, and which cannot where they are few."""
    count, total = len(callers.can_call), len(callers.outlooks)
    if count == total:
        return _("All %(total)d telephone systems can call this number.") % {"total": total}
    if not count:
        return _("No telephone system can call this number.")
    missing = ", ".join(outlook.telephone.label for outlook in callers.outlooks if not outlook.uris)
    said = {"count": count, "total": total, "missing": missing}
    return _("%(count)d of %(total)d telephone systems can call this number, not %(missing)s.") % said


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
    items = ((verdict.state, say(verdict), outlook.telephone.label, _word(verdict)) for outlook, verdict in verdicts)
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


def picture_of(callers: Callers, number: str) -> Picture:
    """What is drawn, in the language of the page."""
    columns = tuple(map(_column, callers.outlooks))
    places = _places(callers)
    ranks = [_ranks(outlook) for outlook in callers.outlooks]
    rows = tuple(
        Row(
            position=position,
            service=way.naptr.service if way.naptr else way.record.service,
            remark=_remark(way),
            uri=way.uri,
            instead=_left_out(way),
            name=_row_name(position, way),
            cells=tuple(
                _cell(callers.outlooks[column], ranks[column], places[position - 1], position)
                for column in range(len(columns))
            ),
        )
        for position, way in enumerate(callers.ways[:DRAWN], start=1)
    )
    labels = Labels(
        picture=_("Who can call %(number)s: a row for each record, a column for each telephone system")
        % {"number": number},
        records=_("%(number)s, in the DNS %(domain)s") % {"number": number, "domain": callers.domain},
        used=_("dialled, in this order"),
        skipped=_("skipped"),
        breaks=_("breaks the number"),
        empty=_("No records: the telephone network only."),
    )
    return Picture(number=number, domain=callers.domain, columns=columns, rows=rows, labels=labels)


def _places(callers: Callers) -> list[int | None]:
    """For each way its place among the verdicts; None where it is not in the DNS."""
    count = iter(range(len(callers.ways)))
    return [next(count) if way.naptr is not None else None for way in callers.ways]


def _ranks(outlook: Outlook) -> dict[int, int]:
    """For each verdict that is used, in which turn its URI is dialled."""
    turns: dict[str, list[int]] = defaultdict(list)
    for turn, uri in enumerate(outlook.uris, start=1):
        turns[uri].append(turn)
    return {
        place: turns[verdict.uri].pop(0)
        for place, verdict in enumerate(outlook.verdicts)
        if verdict.state == "used" and turns[verdict.uri]
    }


def _column(outlook: Outlook) -> Column:
    count, reason = len(outlook.uris), say(outlook)
    badge = ngettext("%(count)d way", "%(count)d ways", count) % {"count": count} if count else _("no call")
    return Column(
        label=outlook.telephone.label,
        state="breaks" if outlook.broken else "calls" if count else "silent",
        badge=badge,
        reason=reason,
        name=reason if outlook.telephone.label in reason else f"{outlook.telephone.label}: {reason}",
    )


def _cell(outlook: Outlook, ranks: dict[int, int], place: int | None, position: int) -> Cell:
    said = {"system": outlook.telephone.label, "position": position}
    if place is None:
        return Cell("absent", 0, "", _("%(system)s, record %(position)d: left out of the DNS") % said)
    verdict = outlook.verdicts[place]
    reason, rank = say(verdict), ranks.get(place, 0)
    if verdict.state == "breaks":
        name = _("%(system)s, record %(position)d breaks the number: %(reason)s")
    elif verdict.state == "skipped":
        name = _("%(system)s, record %(position)d is skipped: %(reason)s")
    else:
        name = _("%(system)s, record %(position)d is dialled as number %(rank)d: %(reason)s")
    return Cell(verdict.state, rank, reason, name % {**said, "reason": reason, "rank": rank})


def _remark(way: Way) -> str:
    said = {"preference": way.record.preference, "order": way.record.order}
    if way.record.order == DEFAULT_ORDER:
        return _("preference %(preference)d") % said
    return _("order %(order)d, preference %(preference)d") % said


def _left_out(way: Way) -> str:
    """Why a record is not in the DNS."""
    if find_service(way.record.service) is None:
        return _("left out: no DNS form is known")
    return _("left out: it makes no usable address")


def _row_name(position: int, way: Way) -> str:
    said = {"position": position, "service": way.record.service, "uri": way.uri or way.record.hostdata}
    return _("Record %(position)d, %(service)s: %(uri)s") % said


def _system(callers: Callers, outlook: Outlook) -> SafeString:
    """One telephone system as text. Records of which the same is to be said are said together."""
    places = _places(callers)
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, place in enumerate(places, start=1):
        if place is not None:
            verdict = outlook.verdicts[place]
            together[_word(verdict), say(verdict)].append(position)
    uris = format_html_join("", "<li><code>{}</code></li>", ((uri,) for uri in outlook.uris))
    return format_html(
        "<section><h3>{}</h3><p>{}</p>{}{}</section>",
        outlook.telephone.label,
        say(outlook),
        format_html("<ol>{}</ol>", uris) if uris else "",
        _reasons(together) if together else "",
    )


def _reasons(together: dict[tuple[str, str], list[int]]) -> SafeString:
    items = (
        (
            ngettext("Record %(positions)s", "Records %(positions)s", len(positions))
            % {"positions": ", ".join(map(str, positions))},
            word,
            sentence,
        )
        for (word, sentence), positions in together.items()
    )
    return format_html("<ul>{}</ul>", format_html_join("", "<li><b>{}, {}:</b> {}</li>", items))


def _word(verdict: Verdict) -> str:
    if verdict.state == "breaks":
        return _("breaks the number")
    if verdict.state == "skipped":
        return _("skipped")
    return _("dialled")


def _verdicts_on(prospect: Prospect) -> list[tuple[Outlook, Verdict]]:
    """What each system makes of the record in question; nothing where it is not in the DNS."""
    place = None if prospect.place is None else _places(prospect.callers)[prospect.place]
    return [] if place is None else [(outlook, outlook.verdicts[place]) for outlook in prospect.callers.outlooks]

"""What a message says: a sentence for a person, in the language that is active, and a payload for a program."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_datetime
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.enum import Naptr, in_order
from dashboard.enum.problems import gettext_noop
from dashboard.models import Change, Credential, Event, OutboxMessage
from dashboard.models.change import Command
from dashboard.protocol import Number, RecordState
from dashboard.services.dns import State
from dashboard.services.numbers.formatting import name_of, text_of
from dashboard.services.records.callers import Callers
from dashboard.services.sentences import reader_locale, say, visible, visible_lines
from dashboard.services.zones import raws_of, suffix_of
from dashboard.telephones import Prediction, Worsening, worse

GONE = frozenset({"breaks", "number"})  # losses after which a system calls nobody
_DONE = {
    Command.NEW: gettext_noop("%(person)s added a record to %(number)s."),
    Command.UPDATE: gettext_noop("%(person)s changed a record of %(number)s."),
    Command.DELETE: gettext_noop("%(person)s deleted a record of %(number)s."),
    Command.DELETEALL: gettext_noop("%(person)s deleted all records of %(number)s."),
}
_TYPES = {
    Event.CHANGED: "number.changed",
    Event.SEEN: "number.seen",
    Event.WORSE: "number.unreachable",
    Event.TEST: "webhook.test",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message with what it is about. `change` is None where it tells of none, and `losses` only what got worse.

    `raws` are the raw records that count there, beside those that the change is about.
    """

    message: OutboxMessage
    change: Change | None = None
    losses: Sequence[Worsening] = ()
    raws: Sequence[Naptr] = ()

    @property
    def is_news(self) -> bool:
        """Whether there is something to tell: a change may be forgotten by now, or may have made nothing worse."""
        if self.message.event == Event.WORSE:
            return bool(self.losses)
        return self.message.change is None or self.change is not None


def told_by(messages: Sequence[OutboxMessage]) -> list[Told]:
    """The messages with what they are about."""
    wanted = {message.change for message in messages if message.change is not None}
    changes = {change.pk: change for change in access.changes_to_tell(wanted).select_related("credential__registry")}
    return [_told(message, changes.get(message.change or 0)) for message in messages]


def _told(message: OutboxMessage, change: Change | None) -> Told:
    if change is None or message.event != Event.WORSE or not change.is_whole or change.credential is None:
        return Told(message=message, change=change)
    number = _number(change)
    raws = raws_of(change.credential.registry, [name_of(number).text])[0]
    return Told(message=message, change=change, losses=_losses(change, change.credential, number, raws), raws=raws)


def _number(change: Change) -> Number:
    """The number of a change as its registry lists it, which says whether it is a block, or what is known of it."""
    known = access.every_mirrored_number().filter(credential=change.credential, number_id=change.number_id)
    row = known.exclude(country="", area="", local="").first()
    return row.number if row is not None else Number(id=change.number_id, country=change.number, area="", local="")


def _losses(change: Change, credential: Credential, number: Number, raws: Sequence[Naptr]) -> list[Worsening]:
    """Which telephone systems called the number before a change, and nobody any more after it.

    Of several changes that were sent together, the last one tells of them all.
    """
    first = change
    if change.batch:
        together = access.changes_of(credential.user, credential).filter(
            batch=change.batch, number_id=change.number_id
        )
        applied = list(together.filter(outcome=change.outcome).order_by("pk"))
        if applied and applied[-1].pk != change.pk:
            return []
        first = applied[0] if applied else change
    suffix = suffix_of(credential.registry)

    def predictions(records: Sequence[RecordState]) -> Sequence[Prediction]:
        return Callers(number, tuple(in_order(records)), suffix, raws=tuple(raws)).predictions

    lost = worse(predictions(first.before), predictions(change.after))
    return [loss for loss in lost if loss.code in GONE]


def sentence(told: Told) -> str:
    """What happened, in one sentence or two."""
    message, facts = told.message, told.message.facts
    names = {"number": text_of(message.number)}
    match message.event:
        case Event.CHANGED if told.change is not None:
            done = _(_DONE[Command(told.change.command)]) % {**names, "person": visible(told.change.person)}
            return f"{done} {visible(told.change.reason)}".strip()
        case Event.SEEN if told.change is not None:
            times = {"since": _when(told.change.looked_at), "until": _when(told.change.created_at)}
            return _("%(number)s was changed elsewhere, between %(since)s and %(until)s.") % {**names, **times}
        case Event.WORSE:
            losses = visible_lines(" ".join(say(loss) for loss in told.losses))
            return f"{names['number']}: {losses} {_raws(told)}".strip()
        case Event.DNS if facts["follows"]:
            return _("The DNS has %(number)s as the registry has it again.") % names
        case Event.DNS:
            about = {**names, "state": State(facts["state"]).label, "since": _when(_time(facts["since"]))}
            return _("The DNS does not have %(number)s as the registry has it (%(state)s), since %(since)s.") % about
        case Event.REGISTRY if facts["answers"]:
            return _("The registry “%(registry)s” answers again.") % {"registry": visible(facts["registry"])}
        case Event.REGISTRY:
            about = {"registry": visible(facts["registry"]), "since": _when(_time(facts["since"]))}
            return _("The registry “%(registry)s” has not answered since %(since)s.") % about
        case Event.OFF:
            about = {"address": facts["address"], "why": _(facts["why"])}
            return _("The webhook %(address)s is switched off: %(why)s") % about
        case _:
            return _("This is a test: nothing happened.")


def _raws(told: Told) -> str:
    """That raw records count too, and which; nothing where there are none."""
    if not told.raws:
        return ""
    records = "; ".join(raw.to_text() for raw in told.raws)
    return _("Raw records of an administrator count there too: %(records)s") % {"records": visible(records)}


def link(message: OutboxMessage) -> str:
    """The whole address of the page where one sees more."""
    if message.credential_id is None:
        path = reverse("watches")
    elif message.number_id is None:
        path = reverse("credential", kwargs={"pk": message.credential_id})
    else:
        path = reverse("number", kwargs={"pk": message.credential_id, "number_id": message.number_id})
    whole: str = settings.E164WEB.url.whole(path)
    return whole


def payload(told: Told) -> dict[str, Any]:
    """What a program is told: `type`, `timestamp` and `data`, as docs/watching.md has them. The same every time."""
    message = told.message
    with translation.override("en"), timezone.override(UTC):
        data: dict[str, Any] = {"text": sentence(told), "link": link(message)}
    if message.credential is not None:
        registry = message.credential.registry
        data["credential"] = {"id": message.credential_id, "label": message.credential.label}
        data["registry"] = {"id": registry.pk, "name": registry.name}
    if message.number_id is not None:
        data["number"] = {"id": message.number_id, "digits": message.number}
    if told.change is not None:
        data["change"] = _change(told.change)
    if told.losses:
        data["losses"] = [{"system": loss.telephone.name, "code": loss.code} for loss in told.losses]
        data["raws"] = [raw.to_text() for raw in told.raws]
    if message.event in {Event.DNS, Event.REGISTRY}:
        data["since"] = message.facts["since"]
    if message.event == Event.DNS:
        data["state"] = message.facts["state"]
    return {"type": _type(message), "timestamp": message.created_at.astimezone(UTC).isoformat(), "data": data}


def _type(message: OutboxMessage) -> str:
    if message.event == Event.DNS:
        return "dns.follows" if message.facts["follows"] else "dns.differs"
    if message.event == Event.REGISTRY:
        return "registry.answers" if message.facts["answers"] else "registry.silent"
    return _TYPES[Event(message.event)]


def _change(change: Change) -> dict[str, Any]:
    return {
        "id": change.pk,
        "command": change.command,
        "person": change.person or None,
        "reason": change.reason or None,
        "at": change.created_at.astimezone(UTC).isoformat(),
        "looked_at": change.looked_at.astimezone(UTC).isoformat() if change.looked_at else None,
        "before": [asdict(record) for record in change.before],
        "after": [asdict(record) for record in change.after],
    }


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _when(when: datetime | None) -> str:
    """A time in the zone and the language that are active, to the minute."""
    if when is None:
        return "?"
    local = timezone.localtime(when)
    written = format_datetime(local, "medium", tzinfo=local.tzinfo, locale=reader_locale())
    return f"{written} {local.tzname()}".replace("\u202f", " ")

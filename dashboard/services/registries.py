"""The registries at a glance: how each command went last, and what was said to them about which number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from django.db.models import Max, Q
from django.http import Http404
from django.utils.translation import gettext as _

from dashboard import access
from dashboard.models import Change, Credential, Exchange, User
from dashboard.protocol import COMMANDS, RecordState, RemoteProtocolError, decode_reply, records_in, whole_number

EXCHANGES_SHOWN = 30
CHANGES_READ = 200  # of those that may name what the shown exchanges are about
OF_NUMBERS = frozenset({"show", "new", "deleteall"})  # commands whose id is that of a number
OF_RECORDS = frozenset({"getnaptr", "update", "delete"})


@dataclass(frozen=True, kw_only=True)
class CommandState:
    """How one command went the last time that this person used it; ``last`` is None where it never was."""

    command: str
    last: Exchange | None


@dataclass(frozen=True, kw_only=True)
class CredentialState:
    """One credential's registry, command by command in the order of the protocol text."""

    credential: Credential
    commands: list[CommandState]
    address: str  # what `myip` said last; empty where it was never asked


def states(person: User, credential: Credential | None = None) -> list[CredentialState]:
    """The state of every credential of this person, or of one. Two queries, however many exchanges there are."""
    exchanges = access.exchanges(person)
    chosen = access.credentials(person)
    if credential is not None:
        exchanges, chosen = exchanges.filter(credential=credential), chosen.filter(pk=credential.pk)
    newest = exchanges.order_by().values("credential", "command").annotate(newest=Max("pk")).values("newest")
    last = {(exchange.credential_id, exchange.command): exchange for exchange in exchanges.filter(pk__in=newest)}
    return [
        CredentialState(
            credential=each,
            commands=[CommandState(command=name, last=last.get((each.pk, name))) for name in COMMANDS],
            address=_address(last.get((each.pk, "myip"))),
        )
        for each in chosen
    ]


def state(person: User, credential: Credential) -> CredentialState:
    """The state of one credential. Raises Http404 where it has just been removed."""
    for found in states(person, credential):
        return found
    raise Http404(_("There is no such credential."))


@dataclass(frozen=True, kw_only=True)
class NamedExchange:
    """One exchange and what it was about: ids where its request has them, and what is known of these.

    `digits` are the number's, and `record` is its service and host data; both are empty where nobody knows them.
    """

    exchange: Exchange
    number_id: int | None = None
    record_id: int | None = None
    digits: str = ""
    record: str = ""


def last_exchanges(person: User, credential: Credential | None = None) -> list[NamedExchange]:
    """What was said last, newest first."""
    exchanges = access.exchanges(person)
    if credential is not None:
        exchanges = exchanges.filter(credential=credential)
    shown = list(exchanges[:EXCHANGES_SHOWN])
    names = _Names()
    names.learn_from_changes(_changes_about(person, shown))
    names.learn_from_replies(shown)
    return [names.named(exchange) for exchange in shown]


@dataclass
class _Names:
    """What ids mean, each with its credential: another registry has other ids."""

    digits: dict[tuple[int, int], str] = field(default_factory=dict)  # of numbers
    digits_of_records: dict[tuple[int, int], str] = field(default_factory=dict)
    records: dict[tuple[int, int], str] = field(default_factory=dict)

    def learn_from_changes(self, changes: Iterable[Change]) -> None:
        """Oldest first, so that the newest counts."""
        for change in changes:
            if change.credential_id is None:
                continue
            self.digits[change.credential_id, change.number_id] = change.number
            self._learn_records(change.credential_id, change.number, [*change.before, *change.after])

    def learn_from_replies(self, shown: Sequence[Exchange]) -> None:
        """A reply that was cut, or that is none, teaches nothing."""
        for exchange in reversed(shown):
            number_id = _id_of(exchange)
            if exchange.command != "show" or exchange.outcome != "ok" or number_id is None:
                continue
            try:
                records = records_in(decode_reply(exchange.reply.encode()))
            except RemoteProtocolError:
                continue
            if records:
                self.digits[exchange.credential_id, number_id] = records[0].digits
                self._learn_records(exchange.credential_id, records[0].digits, [each.state for each in records])

    def named(self, exchange: Exchange) -> NamedExchange:
        """An exchange with what is known."""
        asked, credential = _id_of(exchange), exchange.credential_id
        if asked is not None and exchange.command in OF_NUMBERS:
            digits = self.digits.get((credential, asked), "")
            return NamedExchange(exchange=exchange, number_id=asked, digits=digits, record=_record_in(exchange))
        if asked is not None and exchange.command in OF_RECORDS:
            key = (credential, asked)
            record = _record_in(exchange) or self.records.get(key, "")
            return NamedExchange(
                exchange=exchange, record_id=asked, digits=self.digits_of_records.get(key, ""), record=record
            )
        return NamedExchange(exchange=exchange)

    def _learn_records(self, credential_id: int, digits: str, records: Iterable[RecordState]) -> None:
        for record in records:
            if record.id is not None:
                self.digits_of_records[credential_id, record.id] = digits
                self.records[credential_id, record.id] = f"{record.service} {record.hostdata}"


def _changes_about(person: User, shown: Sequence[Exchange]) -> list[Change]:
    ids = {found for exchange in shown if (found := _id_of(exchange)) is not None}
    credentials = {exchange.credential_id for exchange in shown}
    about = access.changes(person).filter(Q(number_id__in=ids) | Q(record_id__in=ids), credential__in=credentials)
    return list(about.order_by("-pk")[:CHANGES_READ])[::-1] if ids else []


def _variables(exchange: Exchange) -> dict[str, list[str]]:
    return parse_qs(exchange.request)


def _id_of(exchange: Exchange) -> int | None:
    (text, *_others) = _variables(exchange).get("id", [""])
    return whole_number(text)


def _record_in(exchange: Exchange) -> str:
    """The record that a request holds: its service and host data."""
    variables = _variables(exchange)
    return " ".join(variables[name][0] for name in ("service", "hostdata") if name in variables)


def _address(exchange: Exchange | None) -> str:
    """The address in a kept `myip` reply: the first line of its data."""
    if exchange is None or exchange.outcome != "ok":
        return ""
    _, _, data = exchange.reply.replace("\r\n", "\n").partition("\n\n")
    first = data.strip().split("\n")[0].strip()
    return "" if first == "." else first

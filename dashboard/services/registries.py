"""The registries at a glance: how each command went last, and what was exchanges."""

from dataclasses import dataclass

from django.db.models import Max

from dashboard import access
from dashboard.models import Credential, Exchange, User
from dashboard.protocol import COMMANDS

EXCHANGES_SHOWN = 30


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


def last_exchanges(person: User, credential: Credential | None = None) -> list[Exchange]:
    """What was said last, newest first."""
    exchanges = access.exchanges(person)
    if credential is not None:
        exchanges = exchanges.filter(credential=credential)
    return list(exchanges[:EXCHANGES_SHOWN])


def _address(exchange: Exchange | None) -> str:
    """The address in a kept `myip` reply: the first line of its data."""
    if exchange is None or exchange.outcome != "ok":
        return ""
    _, _, data = exchange.reply.replace("\r\n", "\n").partition("\n\n")
    first = data.strip().split("\n")[0].strip()
    return "" if first == "." else first

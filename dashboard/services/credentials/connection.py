"""From a credential to a client that speaks for it, and that keeps what was said for the wire view."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from dashboard import access, client, vault
from dashboard.models import Credential, Exchange, Registry, User
from dashboard.platform import admission, metrics
from dashboard.platform.circuit import Circuit
from dashboard.protocol import Command

logger = logging.getLogger(__name__)

EXCHANGES_KEPT = 10  # of one credential and command: enough to compare, little enough to read
TRIM_EVERY = 64  # exchanges; a trim is a transaction, for which all other writers wait

# When everything that is being asked must have ended, on the clock of time.monotonic(); None outside of a page.
_ends: ContextVar[float | None] = ContextVar("ends", default=None)
# What was said and is not stored yet; None where each exchange is stored at once.
_unstored: ContextVar[list[Exchange] | None] = ContextVar("unstored", default=None)


@contextmanager
def one_deadline() -> Iterator[None]:
    """Give all clients that are made inside one deadline (E164WEB_DEADLINE, seconds) between them.

    A page may ask for the number, for the services, and then write: it has to answer in time all the same.
    """
    token = _ends.set(time.monotonic() + settings.E164WEB.deadline)
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def stored_together() -> Iterator[None]:
    """Store what is said inside at its end, and of each command only what would be kept.

    Fifty numbers are read with fifty commands: forty of these exchanges would be stored only to be trimmed. What was
    said for a credential that is not stored by then is forgotten, as it has no wire view to stand in.
    """
    exchanges: list[Exchange] = []
    token = _unstored.set(exchanges)
    try:
        yield
    finally:
        _unstored.reset(token)
        with _unless_removed():
            _store([exchange for exchange in exchanges if exchange.credential.pk is not None])


@contextmanager
def unrecorded() -> Iterator[None]:
    """Keep nothing of what is said inside: a wire view shows what people asked for, not looks in the background."""
    token = _unstored.set([])
    try:
        yield
    finally:
        _unstored.reset(token)


@contextmanager
def _unless_removed() -> Iterator[None]:
    """Somebody may have removed the credential, or the person, while the registry was being asked."""
    try:
        yield
    except IntegrityError:
        logger.warning("What was said to a registry is not kept: the credential was removed meanwhile")


def _store(exchanges: list[Exchange]) -> None:
    by_command: defaultdict[tuple[User, Credential, str], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        by_command[exchange.user, exchange.credential, exchange.command].append(exchange)
    access.exchanges_to_store().bulk_create([one for some in by_command.values() for one in some[-EXCHANGES_KEPT:]])
    for person, credential in {key[:2] for key in by_command}:
        trim(person, credential)


def connect(person: User, credential: Credential, *, share: float = 1, secret: str | None = None) -> client.Client:
    """A client for this credential. Everything it says is recorded for `person`.

    `secret` is used instead of the stored one; a credential that is not stored yet is connected to inside
    `stored_together`, which stores what was said if the credential is stored by its end.

    All its calls together may take the deadline of one page (E164WEB_DEADLINE, seconds), or what `one_deadline`
    has left of it. Who asks for what a page can do without takes only a `share` of that (0 to 1).
    Raises client.NotSent when the registry is disabled or the secret cannot be opened; so does the client where the
    registry keeps too many waiting (`waiting`), or has kept the last ones waiting in vain.
    """
    registry = credential.registry
    insist_enabled(registry)
    if secret is None:
        secret = stored_secret(credential)

    def record(exchange: client.Exchange) -> None:
        _keep(person, credential, exchange)

    return client.Client(
        registry.url,
        credential.username,
        secret,
        ca_bundle=registry.ca_bundle,
        connect_timeout=settings.E164WEB.connect_timeout,
        deadline=settings.E164WEB.deadline,
        total=_left() * share,
        reply_limit=settings.E164WEB.reply_limit,
        gate=None if registry.is_embedded else _gate(person, registry),
        record=record,
    )


def insist_enabled(registry: Registry) -> None:
    """Raises client.NotSent if an administrator has disabled the registry."""
    if not registry.is_enabled:
        raise client.NotSent(_("The registry “%(name)s” is disabled by an administrator."), {"name": registry.name})


def stored_secret(credential: Credential) -> str:
    """The secret of a credential. Raises client.NotSent if it cannot be opened."""
    try:
        return vault.unseal(credential)
    except vault.SealError:
        raise client.NotSent(
            _("The secret of “%(label)s” cannot be opened with this installation's keys. Enter its password again."),
            {"label": credential.label},
        ) from None


def waiting(person: User, registry: Registry) -> AbstractContextManager[None]:
    """Be one of the few who may wait for a registry, or for somebody who waits for it. Raises client.NotSent."""

    def refusal() -> client.NotSent:
        sentence = _(
            "The registry “%(name)s” was not asked: it answers slowly, and as many pages as may wait for it do so "
            "already. Try again in a moment."
        )
        return client.NotSent(sentence, {"name": registry.name}, code="busy")

    return admission.waiting(registry.url, person.pk, refusal)


def _gate(person: User, registry: Registry) -> client.Gate:
    circuit = Circuit(registry.url)

    def refusal() -> client.NotSent:
        sentence = _(
            "The registry “%(name)s” was not asked: it did not answer in time just now, so it is left alone for some "
            "seconds. Try again then."
        )
        return client.NotSent(sentence, {"name": registry.name}, code="busy")

    @contextmanager
    def gate(command: Command) -> Iterator[Callable[[client.RegistryError | None], None]]:
        # A write that is lost costs more than a read, so it is not what tries whether the registry is back.
        with circuit.passed(refusal, may_probe=not command.is_write), waiting(person, registry):
            began = time.monotonic()

            def ended(error: client.RegistryError | None) -> None:
                if error is None or not error.is_timeout:
                    circuit.answered()
                # At the end of a page's time little is left, of which a registry can make too little.
                elif time.monotonic() - began > admission.LATE:
                    circuit.timed_out()

            yield ended

    return gate


def _left() -> float:
    ends = _ends.get()
    return settings.E164WEB.deadline if ends is None else max(0.0, ends - time.monotonic())


def _keep(person: User, credential: Credential, exchanged: client.Exchange) -> None:
    metrics.command_ended(credential.registry.name, exchanged.command, exchanged.outcome)
    exchange = Exchange(
        user=person,
        credential=credential,
        command=exchanged.command,
        request=exchanged.request,
        reply=exchanged.reply,
        status=exchanged.status,
        outcome=exchanged.outcome,
        error=exchanged.error,
        started_at=exchanged.started_at,
        elapsed_ms=exchanged.elapsed_ms,
    )
    unstored = _unstored.get()
    if unstored is not None:
        unstored.append(exchange)
        return
    with _unless_removed():
        exchange.save(force_insert=True)
    if exchange.pk is not None and exchange.pk % TRIM_EVERY == 0:
        trim(person, credential)


def trim(person: User, credential: Credential) -> None:
    """Forget all but the last EXCHANGES_KEPT exchanges of each command."""
    exchanges = access.exchanges_to_trim(person, credential)
    for command in exchanges.order_by().values_list("command", flat=True).distinct():
        newest = exchanges.filter(command=command).order_by("-pk")
        oldest_kept = newest.values_list("pk", flat=True)[EXCHANGES_KEPT - 1 : EXCHANGES_KEPT].first()
        if oldest_kept is not None:
            exchanges.filter(command=command, pk__lt=oldest_kept).delete()

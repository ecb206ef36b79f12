"""Credentials: add, check, change the password, remove."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from dashboard import access, narrowing, vault
from dashboard.client import Client, RegistryError
from dashboard.models import Credential, Registry, User
from dashboard.protocol import secret_of
from dashboard.services.audit import note
from dashboard.services.credentials.connection import connect, stored_together
from dashboard.services.sentences import say

SERVICES_SHARE = 0.25  # of a page's time: without the names it can still show and write records

Ask = Callable[[Client], object]


class AlreadyThere(Exception):
    """The person has a credential with this label, or for this login, already."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """What one command of a check found. ``problem`` is empty where it succeeded."""

    command: str
    problem: str
    is_busy: bool = False  # the registry was not asked, which says nothing about the credential


class Unproven(Exception):
    """The registry did not say that a login works, so that nothing was stored; ``failed`` is what went wrong.

    The password is not in here. Who wants to keep it all the same gives it once more.
    """

    def __init__(self, failed: Check) -> None:
        super().__init__(failed.problem)
        self.failed = failed


def add_credential(
    person: User, registry: Registry, *, username: str, password: str, label: str, keep_unproven: bool = False
) -> tuple[Credential, list[Check]]:
    """Try a login with `ping` and `list`, and store it as a credential if it works.

    With `keep_unproven` it is stored however the try ends. Only the secret (MD5 of the password, which is what the
    protocol takes) is kept, and that sealed. Raises Unproven, and AlreadyThere; of two requests at one instant one
    is told so. Raises PermissionDenied for who acts with a token.
    """
    narrowing.insist_in_person(person)
    if access.own_credentials(person).filter(Q(label=label) | Q(registry=registry, username=username)).exists():
        raise AlreadyThere
    credential = Credential(user=person, registry=registry, username=username, label=label)
    with stored_together():
        checks = _prove(person, credential, password, keep_unproven=keep_unproven)
        try:
            with transaction.atomic():
                # The seal names the row's primary key, so the row comes first.
                credential.save(force_insert=True)
                credential.sealed = vault.seal(credential, secret_of(password))
                credential.save(update_fields=["sealed"])
                note("credential.added", by=person, credential=credential, words=_login(credential))
        except IntegrityError:
            raise AlreadyThere from None
    return credential, checks


def change_password(
    person: User, credential: Credential, password: str, *, keep_unproven: bool = False
) -> list[Check]:
    """Try another password, and replace the sealed secret if it works.

    With `keep_unproven` it is replaced however the try ends. Raises Unproven; the credential is then as it was.
    Raises Http404 and PermissionDenied where it was removed or handed over while its registry was asked.
    """
    checks = _prove(person, credential, password, keep_unproven=keep_unproven)
    with transaction.atomic():
        stored = access.locked_credential(person, credential.pk, access.OWN)
        stored.sealed = vault.seal(stored, secret_of(password))
        stored.checked_at, stored.problem = credential.checked_at, credential.problem
        stored.save(update_fields=["sealed", "checked_at", "problem"])
        note("credential.password", by=person, credential=stored, words=_login(stored))
    return checks


def _prove(person: User, credential: Credential, password: str, *, keep_unproven: bool) -> list[Check]:
    """Whether a login works at all: `ping`, then `list`. Raises Unproven unless it is to be kept all the same.

    Not stored: how it went is set on the credential, for whoever stores it.
    """
    asks: list[tuple[str, Ask]] = [("ping", Client.ping), ("list", Client.list)]
    checks = _ask(person, credential, asks, secret=secret_of(password))
    if checks[-1].problem and not keep_unproven:
        raise Unproven(checks[-1])
    was_asked = not checks[-1].is_busy
    credential.checked_at = timezone.now() if was_asked else None
    credential.problem = checks[-1].problem if was_asked else ""
    return checks


def check_credential(person: User, credential: Credential) -> list[Check]:
    """How the registry is now: `ping`, `myip` and `listservices`. Round trips are in the wire view."""

    def remember_services(registry: Client) -> None:
        credential.services = registry.listservices()

    return _run(
        person,
        credential,
        [("ping", Client.ping), ("myip", Client.myip), ("listservices", remember_services)],
    )


def services_of(person: User, credential: Credential) -> list[str]:
    """The service names that the registry supports, asked once and then remembered until the next check.

    Raises client.RegistryError.
    """
    if not credential.services:
        credential.services = connect(person, credential, share=SERVICES_SHARE).listservices()
        _remember(credential, "services")
    return list(credential.services)


def remove_credential(person: User, credential: Credential) -> None:
    """Remove a credential and its sealed secret. The history of what was done with it stays.

    Raises Http404 and PermissionDenied where it was removed or handed over a moment ago.
    """
    with transaction.atomic():
        access.lock_teams(credential.shares.values_list("team", flat=True))
        stored = access.locked_credential(person, credential.pk, access.OWN)
        shares = list(stored.shares.select_related("team"))
        stored.delete()
        for share in shares:
            note("credential.unshared", by=person, team=share.team, credential=stored, words="it was removed")
        note("credential.removed", by=person, credential=stored, words=_login(stored))


def _login(credential: Credential) -> str:
    return f"{credential.username}, {credential.registry.name}"


def open_changes_of(person: User, credential: Credential) -> int:
    """How many writes of this credential are not settled: without it nobody can read them back."""
    return access.changes_of(person, credential).filter(settled_at=None).count()


def _ask(
    person: User, credential: Credential, asks: Iterable[tuple[str, Ask]], *, secret: str | None = None
) -> list[Check]:
    """Run commands in turn until one fails, with the stored secret or with another one."""
    checks: list[Check] = []
    try:
        registry = connect(person, credential, secret=secret)
        for command, ask in asks:
            checks.append(Check(command=command, problem=""))
            ask(registry)
    except RegistryError as failure:
        command = checks.pop().command if checks else "ping"
        checks.append(Check(command=command, problem=say(failure), is_busy=failure.code == "busy"))
    return checks


def _run(person: User, credential: Credential, asks: Iterable[tuple[str, Ask]]) -> list[Check]:
    """Run commands, and remember on the credential how it went, if it was asked at all."""
    checks = _ask(person, credential, asks)
    if not checks[-1].is_busy:
        credential.checked_at = timezone.now()
        credential.problem = checks[-1].problem
        _remember(credential, "checked_at", "problem", "services")
    return checks


def _remember(credential: Credential, *names: str) -> None:
    """Store fields of a credential, if it is still there: it may have been removed while its registry was asked."""
    values = {name: getattr(credential, name) for name in names}
    access.every_credential().filter(pk=credential.pk).update(**values)

"""Credentials: add, check, change the password, remove."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard import access, vault
from dashboard.client import Client, RegistryError
from dashboard.models import Credential, Registry, User
from dashboard.protocol import secret_of
from dashboard.services.credentials.connection import connect
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


def add_credential(
    person: User, registry: Registry, *, username: str, password: str, label: str
) -> tuple[Credential, list[Check]]:
    """Store a credential and try it with `ping` and `list`. It is kept even if it does not work yet.

    Only the secret (MD5 of the password, which is what the protocol takes) is kept, and that sealed. Raises
    AlreadyThere.
    """
    credential = Credential(user=person, registry=registry, username=username, label=label)
    try:
        with transaction.atomic():
            # The seal names the row's primary key, so the row comes first.
            credential.save(force_insert=True)
            credential.sealed = vault.seal(credential, secret_of(password))
            credential.save(update_fields=["sealed"])
    except IntegrityError:
        raise AlreadyThere from None
    return credential, try_credential(person, credential)


def change_password(person: User, credential: Credential, password: str) -> list[Check]:
    """Replace the sealed secret, and try the new one at once."""
    credential.sealed = vault.seal(credential, secret_of(password))
    credential.save(update_fields=["sealed"])
    return try_credential(person, credential)


def try_credential(person: User, credential: Credential) -> list[Check]:
    """Whether the login works at all: `ping`, then `list`."""
    return _run(person, credential, [("ping", Client.ping), ("list", Client.list)])


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


def remove_credential(credential: Credential) -> None:
    """Remove a credential and its sealed secret. The history of what was done with it stays."""
    credential.delete()


def open_changes_of(credential: Credential) -> int:
    """How many writes of this credential are not settled: without it nobody can read them back."""
    return access.changes_of(credential).filter(settled_at=None).count()


def _run(person: User, credential: Credential, asks: Iterable[tuple[str, Ask]]) -> list[Check]:
    """Run commands in turn until one fails, and remember on the credential how it went, if it was asked at all."""
    checks: list[Check] = []
    try:
        registry = connect(person, credential)
        for command, ask in asks:
            checks.append(Check(command=command, problem=""))
            ask(registry)
    except RegistryError as failure:
        command = checks.pop().command if checks else "ping"
        checks.append(Check(command=command, problem=say(failure)))
        if failure.code == "busy":
            return checks  # which says nothing about the credential
    credential.checked_at = timezone.now()
    credential.problem = checks[-1].problem
    _remember(credential, "checked_at", "problem", "services")
    return checks


def _remember(credential: Credential, *names: str) -> None:
    """Store fields of a credential, if it is still there: it may have been removed while its registry was asked."""
    values = {name: getattr(credential, name) for name in names}
    access.every_credential().filter(pk=credential.pk).update(**values)

"""The first start: an administrator, the registries that the environment allows, and a credential to begin with."""

import secrets
from collections.abc import Sequence
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dashboard import access, vault
from dashboard.models import EMBEDDED_URL, Registry, User
from dashboard.services.audit import note

ADMINISTRATOR = "admin"
EMBEDDED_NAME = "This registry"
# Without letters and digits that look alike: people type these passwords from a screen.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LOOKED_AT = 200  # credentials; enough to notice that the keys are gone, and done in a moment
GROUPS, GROUP = 4, 5  # 20 characters of 31: 99 bits


class NotInstallable(Exception):
    """What the environment asks for contradicts what is stored; the message is for the administrator."""


class AllowedRegistry(Protocol):
    """One entry of E164WEB_REGISTRIES."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...


def random_password() -> str:
    """A password that nobody can guess and anybody can type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(GROUP)) for _group in range(GROUPS))


def is_first_start() -> bool:
    """Whether nobody can sign in yet."""
    return not User.objects.exists()


def make_administrator(password: str) -> User:
    """The first person, who may do everything."""
    with transaction.atomic():
        made = User.objects.create_superuser(username=ADMINISTRATOR, password=password)
        note("person.made", by=None, about=made, words="the first administrator")
    return made


def allow_embedded_registry() -> Registry:
    """The registry that e164web carries itself, whatever name an administrator gave it. Raises NotInstallable."""
    found = Registry.objects.filter(url=EMBEDDED_URL).first()
    return found or _allow(EMBEDDED_NAME, EMBEDDED_URL, "")


def allow_registries(wanted: Sequence[AllowedRegistry], ca_bundle: str) -> list[Registry]:
    """Make the registries of the environment. Those that exist keep their name and state; a bundle is renewed.

    Raises NotInstallable where a name is taken by another address: credentials must not be sent somewhere else
    because a variable changed.
    """
    return [_renew(entry, ca_bundle) or _allow(entry.name, entry.url, ca_bundle) for entry in wanted]


def credentials_that_do_not_open() -> int:
    """How many of the newest credentials cannot be opened with this installation's keys. LOOKED_AT at most."""
    closed = 0
    for credential in access.every_credential()[:LOOKED_AT]:
        try:
            vault.unseal(credential)
        except vault.SealError:
            closed += 1
    return closed


def _renew(entry: AllowedRegistry, ca_bundle: str) -> Registry | None:
    registry = Registry.objects.filter(url=entry.url).first()
    if registry is not None and ca_bundle and registry.ca_bundle != ca_bundle:
        registry.ca_bundle = ca_bundle
        registry.save(update_fields=["ca_bundle"])
    return registry


def _allow(name: str, url: str, ca_bundle: str) -> Registry:
    other = Registry.objects.filter(name=name).first()
    if other is not None:
        raise NotInstallable(
            _("The registry “%(name)s” exists with the address %(url)s. Give the other one another name.")
            % {"name": name, "url": other.url}
        )
    registry = Registry(name=name, url=url, ca_bundle=ca_bundle)
    try:
        registry.full_clean()
    except ValidationError as error:
        raise NotInstallable(f"{name}: {' '.join(error.messages)}") from error
    registry.save(force_insert=True)
    return registry

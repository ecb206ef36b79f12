"""The drill: a backup is restored into a scratch place and proven there, and nothing of it touches what is in use."""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.urls import reverse

from dashboard import vault
from dashboard.management.backups import engines, restoring
from dashboard.management.commands.rotate_credential_keys import FACTOR_SECRETS, SEALED, closed_factor
from dashboard.models import User
from dashboard.services import audit
from dashboard.services.second_factors import SEALED_FOR
from dashboard.services.sentences import grouped

DATABASE_SESSIONS = "django.contrib.sessions.backends.db"


def prove(path: Path, say: Callable[[str], None]) -> None:
    """Restore a backup into a scratch place, and say what was proven. Raises CommandError at the first that fails."""
    with restoring.unpacked(path) as (manifest, dumped), _scratch(dumped):
        say(f"{path.name}, made at {manifest.made_at} by version {manifest.version}, is whole.")
        restoring.insist_on(manifest)
        rows = sum(manifest.counts.values())
        say(f"All {len(manifest.counts)} tables have the rows that the manifest says, {grouped(rows)} together.")
        restoring.upgrade()
        say("It has all that this version needs.")
        say(f"{grouped(_open_all())} secrets open with the keys of this installation.")
        try:
            trail = audit.verify()
        except audit.Broken as broken:
            raise CommandError(f"The audit trail is not whole. {broken}") from None
        say(f"The audit trail is intact, with {grouped(trail.count)} events.")
        _render()
        say("A page is drawn from it.")


@contextlib.contextmanager
def _scratch(dumped: Path) -> Iterator[None]:
    """A database of its own, made of a dump, that this thread uses meanwhile. Raises CommandError."""
    if connection.vendor == "sqlite":
        with engines.database(str(dumped)):
            yield
        return
    name = f"e164web_drill_{secrets.token_hex(6)}"
    _ask(f"CREATE DATABASE {name}")
    try:
        with engines.database(name):
            engines.load_postgresql(dumped)
            yield
    finally:
        _ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _ask(statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        why = str(error).strip().splitlines()[0]
        raise CommandError(
            f"The scratch database cannot be made or removed: {why}. Its user needs the right to: ALTER USER "
            f"{connection.settings_dict['USER']} CREATEDB"
        ) from error


def _open_all() -> int:
    """Open every secret, and count them. Raises CommandError."""
    opened = 0
    for every_row, closed_sentence in SEALED:
        for row in every_row().order_by("pk").iterator():
            if not row.sealed:
                continue
            try:
                vault.unseal(row)
            except vault.SealError:
                raise CommandError(closed_sentence(row.pk)) from None
            opened += 1
    for factor in Authenticator.objects.order_by("pk"):
        for name in FACTOR_SECRETS:
            if name in factor.data:
                try:
                    vault.unseal_for(SEALED_FOR, factor.data[name])
                except vault.SealError:
                    raise CommandError(closed_factor(factor.pk)) from None
                opened += 1
    return opened


def _render() -> None:
    """Draw the history as an administrator sees it, of whom the scratch place has a session. Raises CommandError."""
    person = User.objects.filter(is_active=True).order_by("-is_superuser", "pk").first()
    if person is None:
        raise CommandError("There is nobody in it who could look at a page.")
    # Of this process alone, and in the scratch place: a cache that machines share must hear nothing of it.
    with override_settings(SESSION_ENGINE=DATABASE_SESSIONS):
        browser = Client(raise_request_exception=False, SERVER_NAME=settings.E164WEB.url.host)
        browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        answer = browser.get(reverse("history"), secure=settings.E164WEB.url.is_https, follow=True)
    if answer.status_code != HTTPStatus.OK:
        raise CommandError(f"The history cannot be drawn from it: {answer.status_code}.")

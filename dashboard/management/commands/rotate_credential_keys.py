"""`manage.py rotate_credential_keys`: seal every secret anew under the newest key, while people go on working.

Two steps with a restart between them. `--generate` only adds a key; after the restart every server can open what is
sealed under it; then the secrets are sealed anew, a row at a time. So at no moment does a running server meet a row
that it cannot open, and stopping anywhere leaves every row whole.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError
from django.db import transaction
from django.db.models import QuerySet

from dashboard import access, vault
from dashboard.management.base import PlainCommand
from dashboard.models import Credential, WebhookSecret
from dashboard.registry.models import NameServer
from dashboard.services import tokens
from dashboard.services.audit import note
from dashboard.services.second_factors import SEALED_FOR
from e164web import keyfile, presence, servers

Rows = QuerySet[Credential] | QuerySet[NameServer] | QuerySet[WebhookSecret]
FACTOR_SECRETS = ("secret", "seed")  # of an authenticator app, and of recovery codes
NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Fate(Enum):
    """What became of one row."""

    SEALED_ANEW = "sealed anew"
    CURRENT = "already under the newest key"
    CLOSED = "cannot be opened"
    GONE = "removed meanwhile"


class Command(PlainCommand):
    """Adds a key, or seals anew."""

    help = (
        "Seal the secrets of all credentials, name servers, webhooks and second factors anew under the first key. "
        "With --generate: only add a new first key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--generate."""
        parser.add_argument("--generate", action="store_true", help="put a new key before the others in the key file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the two steps. Raises CommandError."""
        if options["generate"]:
            path = add_key()
            self.stdout.write(
                f"A new key is first in {path}. Back the file up and restart e164web; then run "
                "this command without --generate."
            )
            return
        refuse_while_servers_lack_the_key()
        fates = dict.fromkeys(Fate, 0)
        for every_row, closed_sentence in SEALED:
            for pk in list(every_row().order_by("pk").values_list("pk", flat=True)):
                fates[fate := seal_anew(every_row().filter(pk=pk))] += 1
                if fate is Fate.CLOSED:
                    self.stderr.write(closed_sentence(pk))
        for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
            fates[fate := seal_factor_anew(pk)] += 1
            if fate is Fate.CLOSED:
                self.stderr.write(closed_factor(pk))
        # It signs the end of the audit trail under the newest key too.
        note("keys.rotated", by=None, words=f"{fates[Fate.SEALED_ANEW]} {Fate.SEALED_ANEW.value}")
        self.report(fates)

    def report(self, fates: dict[Fate, int]) -> None:
        """Say how many rows there were of each kind. Raises CommandError when some could not be opened."""
        shown = [fate for fate in Fate if fate is not Fate.GONE]
        self.stdout.write(", ".join(f"{fates[fate]} {fate.value}" for fate in shown) + ".")
        if fates[Fate.CLOSED]:
            raise CommandError("Keep every key for now: a backup of the key file may open the others.")
        if unrenewed := tokens.under_older_keys():
            raise CommandError(
                f"Keep every key for now: {unrenewed} token{'s' * (unrenewed > 1)} will be under the newest one when "
                "next used. Run this command again, or let their people make new ones."
            )
        if len(settings.E164WEB.credential_keys) > 1:
            self.stdout.write(
                "The keys after the first may be removed. Keep them for as long as backups that need them."
            )


def add_key() -> Path:
    """Put a new key before those in the key file, and return the file. Raises CommandError."""
    path: Path | None = settings.E164WEB.credential_keys_file
    if path is None:
        raise CommandError(
            "The keys are in E164WEB_CREDENTIAL_KEYS: put a new one before the others there, and restart e164web. "
            f"To make one: {NEW_KEY}"
        )
    try:
        with keyfile.locked(path):
            known = path.read_text(encoding="ascii").replace(",", " ").split()
            keyfile.replace(path, "\n".join([Fernet.generate_key().decode(), *known]))
    except OSError as error:
        raise CommandError(f"The key file {path} cannot be replaced: {error.strerror}.") from error
    return path


def refuse_while_servers_lack_the_key() -> None:
    """Raises CommandError while a server runs that was started before the first key was added."""
    configuration = settings.E164WEB
    old = servers.without_key(configuration.data_dir, configuration.credential_keys[0])
    if old:
        processes = ", ".join(map(str, sorted(old)))
        raise CommandError(
            f"e164web was started before the newest key was added (process {processes}) and could not open what is "
            "sealed under it. Restart it first; nothing was changed."
        )
    if elsewhere := presence.without_key(configuration.credential_keys[0]):
        named = ", ".join(sorted({str(one) for one in elsewhere}))
        raise CommandError(
            f"e164web was started before the newest key was added ({named}), and gave a sign of life within the last "
            "minute. Give it the key and restart it, or wait for a minute if it has ended; nothing was changed."
        )


def seal_anew(rows: Rows) -> Fate:
    """Seal one row anew. It is replaced only if nobody changed it meanwhile; otherwise the new one is looked at."""
    while True:
        row = rows.first()
        if row is None:
            return Fate.GONE
        try:
            sealed = vault.reseal(row)
        except vault.SealError:
            return Fate.CLOSED
        if sealed is None:
            return Fate.CURRENT
        if rows.filter(sealed=row.sealed).update(sealed=sealed):
            return Fate.SEALED_ANEW


def seal_factor_anew(pk: int) -> Fate:
    """Seal what a second factor's codes are computed from anew. Whoever uses it at this moment waits."""
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        name = next((name for name in FACTOR_SECRETS if factor is not None and name in factor.data), None)
        if factor is None or name is None:
            return Fate.GONE  # or a passkey, of which only the public half is here
        try:
            sealed = vault.reseal_for(SEALED_FOR, factor.data[name])
        except vault.SealError:
            return Fate.CLOSED
        if sealed is None:
            return Fate.CURRENT
        factor.data[name] = sealed
        factor.save(update_fields=["data"])
    return Fate.SEALED_ANEW


def closed_factor(pk: int) -> str:
    """Whose second factor cannot be opened, and what an administrator can do."""
    factor = Authenticator.objects.select_related("user").get(pk=pk)
    name = factor.user.get_username()
    return (
        f"The second factor “{factor}” of {name} cannot be opened with these keys: manage.py reset_factors {name} "
        "removes it."
    )


def closed_credential(pk: int) -> str:
    """Which credential cannot be opened, and what its owner can do."""
    credential = access.every_credential().select_related("user").get(pk=pk)
    return (
        f"Credential {pk} (“{credential.label}” of {credential.user.get_username()}) cannot be opened with these "
        "keys: its password must be entered again."
    )


def closed_name_server(pk: int) -> str:
    """Which name server's key cannot be opened, and what an administrator can do."""
    server = NameServer.objects.get(pk=pk)
    return f"The key of the name server {server} cannot be opened with these keys: it must be entered again."


def closed_webhook_secret(pk: int) -> str:
    """Which webhook's secret cannot be opened, and what whoever manages it can do."""
    webhook = WebhookSecret.objects.select_related("webhook").get(pk=pk).webhook
    return f"The secret of the webhook {webhook} cannot be opened with these keys: it must be replaced."


# Whatever holds a sealed secret, and what is said of a row that does not open.
SEALED: tuple[tuple[Callable[[], Rows], Callable[[int], str]], ...] = (
    (access.every_credential, closed_credential),
    (NameServer.objects.all, closed_name_server),
    (WebhookSecret.objects.all, closed_webhook_secret),
)

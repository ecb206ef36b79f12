"""Which processes run on all machines that share the database, and whether this one has the keys of the others.

Each says every few seconds that it lives (`dashboard.models.Presence`). Of one machine `e164web.servers` knows it
at once.
"""

import hashlib
import hmac
import logging
import platform
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from dashboard.models import AuditHead, Presence
from dashboard.models.presence import DIGEST, MAX_MACHINE
from e164web import servers
from e164web.version import VERSION

BEAT = 15.0  # seconds between two signs of life

logger = logging.getLogger(__name__)


class StrangeKeys(CommandError):
    """This machine has other keys than those that use the same database. Its text says what to do."""


@contextmanager
def announced(kind: Presence.Kind) -> Iterator[None]:
    """Say on this machine and in the database that this process lives, for as long as it is inside.

    Raises OSError, and StrangeKeys.
    """
    insist_on_common_keys()
    with servers.announce(settings.E164WEB.data_dir, settings.E164WEB.credential_keys) as announcement:
        ended = begin(kind, announcement)
        try:
            yield
        finally:
            ended.set()
            leave(announcement)


def begin(kind: Presence.Kind, announcement: TextIO) -> threading.Event:
    """Go on saying that the process of this announcement lives, in a thread, until the event that is returned."""
    ended = threading.Event()
    row = Presence(
        name=_name(announcement),
        kind=kind,
        machine=platform.node()[:MAX_MACHINE],
        version=VERSION,
        secret=_digest_of_secret(),
        keys=" ".join(map(servers.digest, settings.E164WEB.credential_keys)),
        started_at=timezone.now(),
    )

    def beat() -> None:
        while not ended.is_set():
            _say(row)
            ended.wait(BEAT)

    threading.Thread(target=beat, name="presence", daemon=True).start()
    return ended


def leave(announcement: TextIO) -> None:
    """Take the process of this announcement off the list. Never raises: a minute later it counts as dead."""
    with suppress(DatabaseError):
        Presence.lively().filter(name=_name(announcement)).delete()


def insist_on_common_keys() -> None:
    """Raise StrangeKeys where machines share the database and this one has not the keys of the others."""
    if connection.vendor == "sqlite":
        return  # a file that is moved, with or without its keys, by one machine
    keys = {servers.digest(key) for key in settings.E164WEB.credential_keys}
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).exclude(signatures="").first()
    others = list(Presence.lively())
    if (head and not head.is_signed) or any(not keys & set(other.keys.split()) for other in others):
        raise StrangeKeys(
            "The credential keys of this machine are not those that the database is used with. Copy credential.keys "
            "from the machine that made it; where it is lost, run manage.py verify_audit --accept-end first."
        )
    if any(other.secret != _digest_of_secret() for other in others):
        raise StrangeKeys(
            "The secret key of this machine is not that of the others, so who signs in here would be signed out "
            "there. Copy secret.key from one of them. Where it was replaced, end all processes first, for a minute."
        )


def without_key(key: str) -> Sequence[Presence]:
    """Processes on all machines that were seen lately, and were started without this key."""
    digest = servers.digest(key)
    return [one for one in Presence.lively() if digest not in one.keys.split()]


def _say(row: Presence) -> None:
    try:
        row.seen_at = timezone.now()
        row.save()
        Presence.forget()
    except DatabaseError as error:
        # It goes away for a while, and comes back.
        logger.debug("No sign of life was given: %s", error)
    finally:
        connection.close()


def _name(announcement: TextIO) -> str:
    return Path(announcement.name).name


def _digest_of_secret() -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"e164web presence", hashlib.sha256).hexdigest()[:DIGEST]

"""Putting a backup back: after it was looked at, and only where nobody works."""

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from dashboard.management.backups import archive, engines
from dashboard.models import Presence
from e164web import keyfile, servers
from e164web.conf import CREDENTIAL_KEYS, SECRET_KEY


def restore(path: Path, *, replace: bool) -> archive.Manifest:
    """Put a backup in the place of the database, and migrate it to this version. Raises CommandError and OSError."""
    _insist_on_peace()
    if engines.is_used() and not replace:
        raise CommandError("The database is in use: people are in it. With --replace the backup takes its place.")
    name = str(connection.settings_dict["NAME"])
    with unpacked(path, beside=Path(name).parent if connection.vendor == "sqlite" else None) as (manifest, dumped):
        if connection.vendor == "sqlite":
            with engines.database(str(dumped)):
                insist_on(manifest)
                upgrade()
            with contextlib.closing(sqlite3.connect(dumped)) as made:
                made.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file that is moved
            connections.close_all()
            engines.load_sqlite(dumped, Path(name))
        else:
            connections.close_all()
            engines.load_postgresql(dumped)
            insist_on(manifest)
            upgrade()
    return manifest


@contextlib.contextmanager
def unpacked(path: Path, *, beside: Path | None = None) -> Iterator[tuple[archive.Manifest, Path]]:
    """The manifest of a backup that this version can take, and its database in a file of its own.

    Raises CommandError.
    """
    folder = Path(tempfile.mkdtemp(prefix=".e164web-restore-", dir=beside))
    try:
        manifest = archive.unpack(path, folder / archive.DATABASE)
        if manifest.engine != connection.vendor:
            raise CommandError(
                f"{path} is a backup of {manifest.engine}, and E164WEB_DATABASE_URL names another kind."
            )
        known = MigrationLoader(None).disk_migrations
        for app, names in manifest.migrations.items():
            for name in names:
                if (app, name) not in known:
                    raise CommandError(
                        f"{path} was made by version {manifest.version}, which is newer than this one: it has the "
                        f"migration {name} of {app}. Install that version, or a newer one."
                    )
        yield manifest, folder / archive.DATABASE
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def insist_on(manifest: archive.Manifest) -> None:
    """Raise CommandError where the database that is used now has not the rows that the manifest says."""
    found = engines.counts()
    for table, count in manifest.counts.items():
        if found.get(table) != count:
            has = found.get(table, "no")
            raise CommandError(f"The backup has {has} rows in {table}, and its manifest says {count}.")


def upgrade() -> None:
    """Bring the database that is used now to this version."""
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)


def has_its_keys(manifest: archive.Manifest) -> bool:
    """Whether one of the keys of this installation opens what is sealed in a backup."""
    return any(servers.digest(key) in manifest.keys for key in settings.E164WEB.credential_keys)


def write_keys(path: Path) -> None:
    """Write both keys of this installation to a new private file. Raises CommandError and OSError."""
    said = {"secret_key": settings.SECRET_KEY, "credential_keys": settings.E164WEB.credential_keys}
    if path.exists():
        raise CommandError(f"{path} exists, and keys are written over no other file.")
    keyfile.read_or_make(path, lambda: json.dumps(said))


def put_keys_back(path: Path) -> None:
    """Make the keys of such a file those of the next start here. Raises CommandError and OSError."""
    try:
        said = json.loads(path.read_text(encoding="ascii"))
        texts = {SECRET_KEY: str(said["secret_key"]), CREDENTIAL_KEYS: "\n".join(said["credential_keys"])}
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} was not written by manage.py backup_keys.") from error
    for name, text in texts.items():
        file = settings.E164WEB.data_dir / name
        if not file.exists():
            raise CommandError(f"The keys are not in {settings.E164WEB.data_dir}: put them where your settings say.")
        keyfile.replace(file, text)


def _insist_on_peace() -> None:
    """Raise CommandError while a process of e164web runs: it would go on with what is taken away."""
    running = servers.running(settings.E164WEB.data_dir)
    # A database that is empty, or of an older version, has no such table.
    elsewhere = list(Presence.lively()) if _has_presences() and connection.vendor != "sqlite" else []
    if running or elsewhere:
        named = ", ".join([*map(str, running), *map(str, elsewhere)])
        raise CommandError(f"e164web runs ({named}). Stop it first; elsewhere, wait for a minute after it has ended.")


def _has_presences() -> bool:
    return Presence._meta.db_table in connection.introspection.table_names()

"""A backup is a tar of two members: the manifest, and the database as its engine copies it."""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from dashboard.management.backups import engines
from e164web import keyfile, servers
from e164web.version import VERSION

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"
SUFFIX = ".tar"
STAGED = ".e164web-backup-"  # how the folder of a backup begins that is being written
LEFT_BEHIND = 24 * 3600.0  # seconds after which such a folder is one of a process that was killed
CHUNK = 1024 * 1024
MAX_MANIFEST = 1024 * 1024  # bytes


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup is: by which version, of what, and what is in it.

    `counts` are rows by table, `migrations` the last ones of each app, `keys` the digests of the credential keys that
    open its secrets, `sha256` the digest of the member "database".
    """

    format: int
    version: str
    made_at: str
    engine: str
    sha256: str
    migrations: dict[str, list[str]]
    counts: dict[str, int]
    keys: list[str]

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Raises ValueError."""
        said: dict[str, Any] = json.loads(text)
        if said.get("format") != FORMAT:
            raise ValueError("another format")
        try:
            return cls(**said)
        except TypeError as error:
            raise ValueError(str(error)) from error


def write(target: Path) -> Path:
    """Make a backup: a file of this name, or one named by the time in this folder. Its path.

    Whoever is killed meanwhile leaves no half backup, only a hidden folder, which a later one removes.
    Raises CommandError and OSError.
    """
    now = datetime.now(UTC)
    is_folder = target.is_dir() or target.suffix != SUFFIX
    folder = target if is_folder else target.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"e164web-{now:%Y%m%dT%H%M%S}Z{SUFFIX}" if is_folder else target
    if path.exists():
        raise CommandError(f"{path} exists, and no backup is written over another file.")
    _remove_left_behind(folder)
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=folder))
    try:
        counts = engines.dump(staged / DATABASE)
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            made_at=now.isoformat(timespec="seconds"),
            engine=connection.vendor,
            sha256=_digest(staged / DATABASE),
            migrations=_heads(),
            counts=counts,
            keys=[servers.digest(key) for key in settings.E164WEB.credential_keys],
        )
        _pack(staged, manifest)
        # A link and no rename: it does not replace what has come there meanwhile.
        os.link(staged / SUFFIX, path)
        keyfile.flush_folder(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return path


def read(path: Path) -> Manifest:
    """The manifest of a backup. Raises CommandError."""
    with _opened(path) as tar:
        return _manifest(path, tar)


def unpack(path: Path, to: Path) -> Manifest:
    """Write the database of a backup to a file, and compare its digest. Raises CommandError."""
    with _opened(path) as tar:
        manifest = _manifest(path, tar)
        digest = hashlib.sha256()
        member = tar.extractfile(tar.getmember(DATABASE))
        if member is None:
            raise CommandError(f"{path} is no backup of e164web: there is no database in it.")
        with to.open("xb") as file:
            while read_ := member.read(CHUNK):
                digest.update(read_)
                file.write(read_)
    if digest.hexdigest() != manifest.sha256:
        raise CommandError(f"{path} was damaged: its database has not the digest that its manifest says.")
    return manifest


def newest(folder: Path) -> Path:
    """The newest backup in a folder, by its manifest. Raises CommandError."""
    found = {read(path).made_at: path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    if not found:
        raise CommandError(f"There is no backup in {folder}. Make one: manage.py backup {folder}")
    return found[max(found)]


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (OSError, EOFError, KeyError, tarfile.TarError) as error:
        raise CommandError(f"{path} is no whole backup of e164web: {error}") from error


def _manifest(path: Path, tar: tarfile.TarFile) -> Manifest:
    member = tar.extractfile(tar.getmember(MANIFEST))
    try:
        return Manifest.parse(member.read(MAX_MANIFEST) if member else b"")
    except ValueError as error:
        raise CommandError(f"{path} has a manifest that this version cannot read: {error}.") from error


def _pack(staged: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1).encode()
    with (staged / SUFFIX).open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w") as tar:
            info = tarfile.TarInfo(MANIFEST)
            info.size, info.mode, info.mtime = len(text), 0o600, int(time.time())
            tar.addfile(info, io.BytesIO(text))
            tar.add(staged / DATABASE, DATABASE, filter=_plain)
        file.flush()
        os.fsync(file.fileno())


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _heads() -> dict[str, list[str]]:
    """The applied migrations of each app that no other applied one of it builds on."""
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations) & set(loader.disk_migrations)
    built_on = {
        parent for key in applied for parent in loader.disk_migrations[key].dependencies if parent[0] == key[0]
    }
    heads = dict[str, list[str]]()
    for app, name in sorted(applied - built_on):
        heads.setdefault(app, []).append(name)
    return heads


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_left_behind(folder: Path) -> None:
    for path in folder.glob(f"{STAGED}*"):
        if time.time() - path.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(path, ignore_errors=True)

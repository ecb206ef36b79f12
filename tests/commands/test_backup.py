"""Backups: written whole or not at all, restored after a look, proven by the drill; on SQLite and on PostgreSQL."""

import contextlib
import gc
import io
import json
import os
import re
import signal
import sqlite3
import tarfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from dashboard.management.backups import archive, restoring
from dashboard.models import AuditHead, Change, Credential, User
from dashboard.services.audit import note
from e164web import keyfile, servers
from e164web.version import VERSION
from tests.fixtures_audit import tamper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data", "quick_hasher")]


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.E164WEB = replace(settings.E164WEB, data_dir=folder)
    return folder


@pytest.fixture
def used(person: User, credential: Credential, trail: None) -> User:
    """Somebody with a credential, a change and an event."""
    AuditHead.objects.get_or_create(pk=AuditHead.ONLY)[0].accept()
    note("person.made", by=person, about=person)
    Change.objects.create(user=person, credential=credential, command="new", number_id=1, words="before the backup")
    return person


@pytest.fixture
def alone(used: User) -> None:
    """Nothing of an earlier test has the database open: SQLite lets nobody take its place then.

    Threads keep their connections, and that of a thread that has ended is open until it is collected.
    """
    gc.collect()
    # By their types: asking a lazy object of an earlier test for its class would evaluate it.
    for other in [one for one in gc.get_objects() if issubclass(type(one), BaseDatabaseWrapper)]:
        other.inc_thread_sharing()
        other.close()
        other.dec_thread_sharing()
    name = os.path.realpath(connection.settings_dict["NAME"])
    assert name not in {os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()}, threading.enumerate()


def run(command: str, *arguments: object, **options: Any) -> str:
    """What a command says to either stream."""
    said = io.StringIO()
    call_command(command, *map(str, arguments), stdout=said, stderr=said, **options)
    return said.getvalue()


def made(folder: Path) -> Path:
    """A backup in this folder."""
    run("backup", folder)
    return archive.newest(folder)


def altered(path: Path, **values: Any) -> Path:
    """A copy of a backup with another manifest."""
    other = path.with_name(f"altered{path.name}")
    with tarfile.open(path) as tar, tarfile.open(other, "w") as copy:
        manifest, database = (tar.extractfile(name) for name in ("manifest.json", "database"))
        assert manifest is not None
        assert database is not None
        text = json.dumps(json.loads(manifest.read()) | values).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(text)
        copy.addfile(info, io.BytesIO(text))
        copy.addfile(tar.getmember("database"), database)
    return other


@pytest.mark.usefixtures("used")
def test_a_backup_says_what_is_in_it_and_holds_no_key(tmp_path: Path, settings: Any) -> None:
    path = made(tmp_path / "backups")

    assert re.fullmatch(r"e164web-\d{8}T\d{6}Z\.tar", path.name)
    assert not path.stat().st_mode & keyfile.OTHERS
    assert list(path.parent.iterdir()) == [path]
    manifest = archive.read(path)
    assert (manifest.engine, manifest.version) == (connection.vendor, VERSION)
    assert manifest.counts["dashboard_user"] == manifest.counts["dashboard_change"] == 1
    last = [name for _app, name in MigrationLoader(None).graph.leaf_nodes("dashboard")]
    assert manifest.migrations["dashboard"] == last
    assert manifest.keys == [servers.digest(settings.E164WEB.credential_keys[0])]
    assert settings.E164WEB.credential_keys[0].encode() not in path.read_bytes()
    assert settings.SECRET_KEY.encode() not in path.read_bytes()
    with pytest.raises(CommandError, match="no backup is written over"):
        run("backup", path)


@pytest.mark.usefixtures("alone")
def test_a_backup_takes_the_place_of_a_used_database_only_when_told_to(tmp_path: Path) -> None:
    path = made(tmp_path)
    Change.objects.create(number_id=2, words="after the backup")

    with pytest.raises(CommandError, match="With --replace"):
        run("restore", path)
    assert Change.objects.count() == 2

    assert "The database is as it was at" in run("restore", path, replace=True)
    assert Change.objects.get().words == "before the backup"
    assert "opens" not in run("restore_drill", path)


@pytest.mark.usefixtures("used")
def test_nothing_is_restored_while_a_server_runs_or_another_program_has_the_file(tmp_path: Path, data: Path) -> None:
    path = made(tmp_path)
    with servers.announce(data, []), pytest.raises(CommandError, match="Stop it first"):
        run("restore", path, replace=True)
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        with contextlib.closing(sqlite3.connect(name)) as other:
            other.execute("SELECT count(*) FROM dashboard_user").fetchone()
            with pytest.raises(CommandError) as caught:
                run("restore", path, replace=True)
        assert str(caught.value) == f"Another program uses the database at {name}: stop it, and run this again."
    assert Change.objects.get().words == "before the backup"


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"sha256": "0" * 64}, "was damaged"),
        ({"counts": {"dashboard_user": 2}}, "has 1 rows in dashboard_user, and its manifest says 2"),
        ({"engine": "oracle"}, "names another kind"),
        ({"migrations": {"dashboard": ["9999_later"]}, "version": "9.9"}, "was made by version 9.9, which is newer"),
        ({"format": 2}, "that this version cannot read"),
        ({"more": 1}, "that this version cannot read"),
    ],
)
def test_what_does_not_fit_its_manifest_is_refused(tmp_path: Path, values: dict[str, Any], why: str) -> None:
    path = altered(made(tmp_path), **values)
    with pytest.raises(CommandError, match=why):
        run("restore_drill", path)
    if connection.vendor == "sqlite":  # which is looked at before anything is replaced
        with pytest.raises(CommandError, match=why):
            run("restore", path, replace=True)
        assert Change.objects.get().words == "before the backup"


@pytest.mark.parametrize("content", [b"", b"no tar", b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.tar"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="is no whole backup"):
        run("restore", path)


@pytest.mark.usefixtures("used")
def test_the_drill_proves_the_newest_backup_and_touches_nothing(tmp_path: Path, settings: Any) -> None:
    made(tmp_path)
    before = AuditHead.objects.get().count
    said = run("restore_drill", tmp_path).splitlines()
    assert [re.sub(r"\d[\d,.:T+-]*", "N", line) for line in said[1:]] == [
        "All N tables have the rows that the manifest says, N together.",
        "It has all that this version needs.",
        "N secrets open with the keys of this installation.",
        "The audit trail is intact, with N events.",
        "A page is drawn from it.",
    ]
    assert AuditHead.objects.get().count == before

    settings.E164WEB = replace(settings.E164WEB, credential_keys=[Fernet.generate_key().decode()])
    with pytest.raises(CommandError, match="cannot be opened with these keys"):
        run("restore_drill", tmp_path)


@pytest.mark.usefixtures("used")
def test_the_drill_finds_a_trail_that_was_altered(tmp_path: Path) -> None:
    tamper("UPDATE dashboard_auditevent SET words = 'made up'")
    made(tmp_path)
    with pytest.raises(CommandError, match="Event 1 was altered"):
        run("restore_drill", tmp_path)


def test_without_a_backup_the_drill_fails(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no backup in"):
        run("restore_drill", tmp_path)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_backup_that_is_killed_half_way_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "backups"
    connections.close_all()
    child = os.fork()
    if not child:
        monkeypatch.setattr(archive, "_pack", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        archive.write(folder)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    (left,) = folder.iterdir()
    assert left.name.startswith(archive.STAGED)
    with pytest.raises(CommandError, match="There is no backup in"):
        archive.newest(folder)
    os.utime(left, (0, 0))
    path = archive.write(folder)
    assert list(folder.iterdir()) == [path]


def test_keys_are_written_apart_for_their_owner_and_put_back(tmp_path: Path, data: Path, settings: Any) -> None:
    file = tmp_path / "keys"
    run("backup_keys", file)
    assert not file.stat().st_mode & keyfile.OTHERS
    with pytest.raises(CommandError, match="written over no other file"):
        run("backup_keys", file)

    for name in ("secret.key", "credential.keys"):
        (data / name).write_text("of a new installation")
    restoring.put_keys_back(file)
    assert (data / "secret.key").read_text().strip() == settings.SECRET_KEY
    assert (data / "credential.keys").read_text().split() == settings.E164WEB.credential_keys

    file.chmod(0o600)
    file.write_text("{}")
    with pytest.raises(CommandError, match="was not written by manage"):
        restoring.put_keys_back(file)

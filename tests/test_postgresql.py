"""The same product on PostgreSQL: what touches the database is tested once more on a throwaway server."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = "tests/interop/test_publishing_processes.py"
ON_POSTGRESQL = [
    "tests/models",
    "tests/services",
    "tests/registry",
    "tests/test_vault.py",
    "tests/test_access.py",
    "tests/test_migrations.py",
    "tests/commands/test_publish.py",
    f"{PROCESSES}::test_two_publishers_never_send_at_the_same_time_and_the_other_takes_over",
    f"{PROCESSES}::test_a_server_that_comes_back_gets_what_it_missed_by_itself",
]
MINUTES = 10 * 60


def _program(name: str) -> str | None:
    """A program of the server, which Debian keeps off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


@pytest.fixture(scope="module")
def postgresql_url() -> Iterator[str]:
    """A server of our own, on a socket in a folder of our own."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("no PostgreSQL: install it (Debian: apt install postgresql)")
    # Beside /tmp and nowhere deep: a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="e164web-pg-"))
    user = _not_root(folder)
    try:
        _run(user, initdb, "-D", str(folder / "data"), "-U", "e164web", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        _run(user, control, "-D", str(folder / "data"), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgres://e164web:@/{folder}/postgres"
        finally:
            _run(user, control, "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_root(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root, and then runs as its own user."""
    if os.geteuid() != 0:
        return None
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return "postgres"


def _run(user: str | None, *command: str) -> None:
    subprocess.run(
        command, user=user, cwd="/", check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )


def test_what_touches_the_database_works_on_postgresql_too(postgresql_url: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *ON_POSTGRESQL]
    environment = {**os.environ, "E164WEB_TEST_DATABASE_URL": postgresql_url}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=MINUTES, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout[-4000:]

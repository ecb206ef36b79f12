"""A PostgreSQL server of our own, on a socket in a folder of our own."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def program(name: str) -> str | None:
    """A program of the server, which Debian keeps off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start a server, and give its URL as E164WEB_DATABASE_URL has it; it must be installed."""
    initdb, control = str(program("initdb")), str(program("pg_ctl"))
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

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
    initdb = str(program("initdb"))
    # Beside /tmp and nowhere deep: a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="e164web-pg-"))
    user = _not_root(folder)
    try:
        _run(user, initdb, "-D", str(folder / "data"), "-U", "e164web", "--auth=trust", "--no-sync")
        start(folder)
        try:
            yield f"postgres://e164web:@/{folder}/postgres"
        finally:
            control(folder, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> None:
    """Start the server of this folder, with the data that it has."""
    # What is committed survives the server being killed, though not the machine. With synchronous_commit=off it would
    # not: the server tells of commits that a kill takes back.
    careless = "-c fsync=off -c full_page_writes=off"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {careless}"
    control(folder, "-l", str(folder / "log"), "-o", options, "-w", "start")


def control(folder: Path, *words: str) -> None:
    """Have pg_ctl do something with the server of this folder."""
    _run(_not_root(folder), str(program("pg_ctl")), "-D", str(folder / "data"), *words)


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

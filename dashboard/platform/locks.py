"""Locks by name, between threads and processes, that die with their holder, however it ends.

On PostgreSQL a lock is held by a connection, and so across machines. Elsewhere all processes share the data folder,
and it is a lock on a file there, which the kernel takes back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

FOLDER = "locks"
LOOK_EVERY = 1.0  # seconds between two looks whether a lock has become free

GiveUp = Callable[[float], bool]  # waits so many seconds at most, and says whether to wait no longer


def at_once(_seconds: float) -> bool:
    """Do not wait at all."""
    return True


def after(limit: float) -> GiveUp:
    """Wait `limit` seconds from now."""
    ends = time.monotonic() + limit

    def give_up(seconds: float) -> bool:
        left = ends - time.monotonic()
        time.sleep(max(0.0, min(seconds, left)))
        return left <= seconds

    return give_up


@contextmanager
def held(name: str, give_up: GiveUp, *, look_every: float = LOOK_EVERY) -> Iterator[bool]:
    """Hold the lock of this name as soon as nobody else does; False if `give_up` said so before.

    On PostgreSQL it belongs to this thread's connection, and is lost with it; so whoever acts in its name uses that
    connection all the time.
    """
    way = _postgresql if connection.vendor == "postgresql" else _file
    with way(name, give_up, look_every) as has_it:
        yield has_it


@contextmanager
def _file(name: str, give_up: GiveUp, look_every: float) -> Iterator[bool]:
    folder: Path = settings.E164WEB.data_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / hashlib.sha256(name.encode()).hexdigest()[:32]
    while (descriptor := _take(path)) is None:
        if give_up(look_every):
            yield False
            return
    try:
        yield True
    finally:
        # Removed while it is held, so that names that are never asked for again leave nothing behind.
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _take(path: Path) -> int | None:
    """The descriptor of the locked file; None where somebody else holds it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it may have removed the file meanwhile: then this is a lock that nobody else asks for.
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


@contextmanager
def _postgresql(name: str, give_up: GiveUp, look_every: float) -> Iterator[bool]:
    digest = hashlib.sha256(f"e164web {name}".encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    while not _ask("pg_try_advisory_lock", key):
        if give_up(look_every):
            yield False
            return
    try:
        yield True
    finally:
        # A broken connection has given it back already.
        if connection.connection is not None and connection.is_usable():
            _ask("pg_advisory_unlock", key)


def _ask(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        return bool(cursor.fetchone()[0])

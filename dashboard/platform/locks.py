"""Locks between processes that die with their holder, however it ends."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

FOLDER = "publishing"
LOOK_EVERY = 1.0  # seconds between two looks whether a lock has become free
FILE = 0  # the lock of the zone file; those of name servers have the numbers of their rows
# The first of the two numbers of PostgreSQL's advisory locks: keeps ours apart from those of other programs.
_OURS = zlib.crc32(b"e164web publishing") & 0x7FFF_FFFF

GiveUp = Callable[[float], bool]  # waits so many seconds at most, and says whether to wait no longer


@contextmanager
def held(number: int, give_up: GiveUp) -> Iterator[bool]:
    """Hold the lock of this number as soon as nobody else does; False if `give_up` said so before.

    On PostgreSQL it belongs to this thread's connection, and is lost with it; so whoever sends in its name uses that
    connection all the time. Elsewhere all processes share the data folder, and it is a lock on a file there.
    """
    with _postgresql(number, give_up) if connection.vendor == "postgresql" else _file(number, give_up) as has_it:
        yield has_it


@contextmanager
def _file(number: int, give_up: GiveUp) -> Iterator[bool]:
    folder: Path = settings.E164WEB.data_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / f"{number}.lock").open("a") as file:
        while not _flock(file.fileno()):
            if give_up(LOOK_EVERY):
                yield False
                return
        yield True


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _postgresql(number: int, give_up: GiveUp) -> Iterator[bool]:
    while not _ask("pg_try_advisory_lock", number):
        if give_up(LOOK_EVERY):
            yield False
            return
    try:
        yield True
    finally:
        # A broken connection has given it back already.
        if connection.connection is not None and connection.is_usable():
            _ask("pg_advisory_unlock", number)


def _ask(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_OURS, number])
        return bool(cursor.fetchone()[0])

"""Places by name, of which the processes of this machine hold a certain number, and which die with their holder.

Each is a lock on a byte of one empty file in the data folder (fcntl(2), record locks): taking one costs a system
call, and nothing is left behind. Such locks belong to a process, so its threads keep each other out by a set.
"""

import fcntl
import functools
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

FILE = "places"
MOST = 65_536  # places of one name

_taken: Final[set[int]] = set()
_lock: Final = threading.Lock()


@contextmanager
def one_of(name: str, places: int) -> Iterator[bool]:
    """Hold one of so many places of this name; False, at once, where all are taken."""
    file = _file(settings.E164WEB.data_dir)
    first = int.from_bytes(hashlib.sha256(name.encode()).digest()[:5]) * MOST
    place = next((place for place in range(first, first + places) if _take(file, place)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            _give_back(file, place)


@functools.cache
def _file(data_dir: Path) -> int:
    # Never closed: that would give back all places of this process.
    return os.open(data_dir / FILE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _take(file: int, place: int) -> bool:
    with _lock:
        if place in _taken:
            return False
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # both mean that another process has it
            return False
        _taken.add(place)
        return True


def _give_back(file: int, place: int) -> None:
    with _lock:
        _taken.discard(place)
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)

"""Which servers are running with which credential keys, so that no secret is sealed under a key that one cannot know.

A server holds a lock on a small file in the data folder for as long as it lives, however it ends; the file names its
keys by their digests. Servers that share the database but not the data folder are not seen here.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

FOLDER = "servers"


def announce(data_dir: Path, keys: Sequence[str]) -> TextIO:
    """Say that this process serves with these keys, until it and its children have ended. Raises OSError.

    Returns the file that says so, which must stay open.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    # Not the process id alone: in containers that share a folder every server may be process 1.
    file = (folder / f"{os.getpid()}-{secrets.token_hex(8)}").open("x")
    fcntl.flock(file, fcntl.LOCK_EX)
    file.write("\n".join(map(digest, keys)))
    file.flush()
    return file


def without_key(data_dir: Path, key: str) -> list[int]:
    """The process ids of the running servers that were started without this key. Raises OSError."""
    return [_process(path) for path in _running(data_dir) if digest(key) not in path.read_text().split()]


def running(data_dir: Path) -> list[int]:
    """The process ids of all running servers. Raises OSError."""
    return [_process(path) for path in _running(data_dir)]


def digest(key: str) -> str:
    """What names a key without giving it away: keys are random, so nobody can guess them from it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _running(data_dir: Path) -> list[Path]:
    """The files of servers that live. Those of dead ones are removed."""
    return [path for path in (data_dir / FOLDER).glob("*-*") if not _removed(path)]


def _removed(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if file.read():  # one that has just begun has written nothing yet
            path.unlink(missing_ok=True)
        return True


def _process(path: Path) -> int:
    return int(path.name.partition("-")[0])

"""Key files: made once, private, and replaced in one step, so that no crash leaves half a key."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """The text of a key file without blanks around it; a missing file is made, with mode 0600. Raises OSError.

    Two processes that start at the same moment get the same text.
    """
    if not path.exists():
        staged = _staged(path, make())
        try:
            # link() refuses to replace a file, which rename() does not: the first of two processes wins.
            os.link(staged, path)
        except FileExistsError:
            pass
        finally:
            staged.unlink()
    return path.read_text(encoding="ascii").strip()


def is_private(path: Path) -> bool:
    """Whether nobody but the owner may read or write the file. Raises OSError."""
    return not path.stat().st_mode & OTHERS


def is_open_to_others(folder: Path) -> bool:
    """Whether who is neither the owner nor of the group may do anything there. Raises OSError.

    A group may have been let in on purpose: a name server that reads the zone file.
    """
    return bool(folder.stat().st_mode & stat.S_IRWXO)


def replace(path: Path, text: str) -> None:
    """Put a new text into an existing key file in one step, for the same owner, with mode 0600. Raises OSError."""
    path = path.resolve(strict=True)
    owner = path.stat()
    staged = _staged(path, text)
    try:
        if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(staged, owner.st_uid, owner.st_gid)
        staged.replace(path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the folder of a key file, so that of two processes that replace it the second waits. Raises OSError."""
    folder = os.open(path.resolve(strict=True).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _staged(path: Path, text: str) -> Path:
    """A complete, private file beside `path`, on the disk and not only on its way there."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp's mode is 0600
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def flush_folder(folder: Path) -> None:
    """Have what stands in a folder survive that the power fails. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Whether this process was asked to end: long work looks now and then, and is given back for others to go on with."""

import threading
from typing import Final

_asked: Final = threading.Event()


class Stopped(Exception):
    """The work is not done, because its process ends: whoever takes it over goes on where it was."""


def ask() -> None:
    """Ask all that is under way in this process to stop."""
    _asked.set()


def insist() -> None:
    """Raise Stopped if this process was asked to end. Between two steps of long work, when all so far is stored."""
    if _asked.is_set():
        raise Stopped

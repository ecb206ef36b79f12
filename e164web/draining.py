"""A site that was asked to stop goes on for some seconds, and says that it wants no more requests (E164WEB_DRAIN).

By then its proxy has noticed. Otherwise those that came while it stopped would be lost: what the kernel has taken for
a worker, and the worker not yet, is reset.
"""

import threading
from collections.abc import Callable
from typing import Final

_asked: Final = threading.Event()


def is_under_way() -> bool:
    """Whether this process will stop in a moment."""
    return _asked.is_set()


def begin(seconds: float, stop: Callable[[], object]) -> None:
    """Want no more requests, and stop after so many seconds; once, however often it is asked."""
    if not _asked.is_set():
        _asked.set()
        threading.Timer(seconds, stop).start()

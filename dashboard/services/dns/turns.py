"""Who may look at the DNS just now.

A page that does holds a thread of the server while others think, and name servers that are down are slow. So there
are always threads left for other pages, and for other people's looks.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from dashboard.enum.problems import gettext_noop

ALL, EACH = 2, 4  # the parts of a process's threads: a half for everybody's looks, a quarter for those of one person

_looking: Counter[int] = Counter()
_lock = threading.Lock()


class TooManyLooks(Exception):
    """So many pages ask the DNS already that this one must wait; `message` and `params` are for people."""

    message = gettext_noop("The DNS is being asked about too much at once. Wait a moment, then ask again.")
    params: Mapping[str, object] = {}


@contextmanager
def turn(person: int) -> Iterator[None]:
    """Be one of those who look. `person` is the user's key. Raises TooManyLooks instead of waiting."""
    threads = settings.E164WEB.threads
    with _lock:
        if _looking.total() >= max(threads // ALL, 1) or _looking[person] >= max(threads // EACH, 1):
            raise TooManyLooks
        _looking[person] += 1
    try:
        yield
    finally:
        with _lock:
            _looking.subtract([person])
            if not _looking[person]:
                del _looking[person]

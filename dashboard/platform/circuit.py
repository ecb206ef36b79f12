"""Circuit breakers: a server that has been too slow several times in a row is left alone for a while.

All processes of a machine know it from a small file, which has a byte for each time-out and was changed by the last.
When the while is over one call is let through: if it ends in time, whatever the answer, the file goes.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from dashboard.platform import places

FOLDER = "circuits"
TIMEOUTS = 3  # in a row, which open the circuit
REST = 10.0  # seconds that it stays open


class Circuit:
    """What is known about one server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._path: Path = settings.E164WEB.data_dir / FOLDER / hashlib.sha256(server.encode()).hexdigest()[:32]

    @contextmanager
    def passed(self, refusal: Callable[[], Exception], *, may_probe: bool) -> Iterator[None]:
        """Make a call, unless the circuit is open. Raises `refusal()`.

        Once it has been open for long enough, the first call that `may_probe` is let through.
        """
        is_open, _ = self._state()
        if not is_open:
            yield
            return
        with places.one_of(f"probe {self.server}", 1) as is_first:
            if not is_first or not may_probe or all(self._state()):
                raise refusal()
            yield

    def timed_out(self) -> None:
        """Note that a call was given up."""
        # On a full disk nothing can be noted, and the page says all the same what happened.
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(b".")

    def answered(self) -> None:
        """Note that a call ended in time."""
        self._path.unlink(missing_ok=True)

    def _state(self) -> tuple[bool, bool]:
        """Whether the circuit is open, and whether a probe would be too early."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False, False
        return found.st_size >= TIMEOUTS, 0 <= time.time() - found.st_mtime < REST

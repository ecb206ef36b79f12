"""gunicorn's master, which also keeps the programs beside the site running: publisher, background process, figures.

There is no process between them that could be killed and leave the site without them: whoever keeps them is whoever
keeps the workers. When the master is killed, all of them see that their parent has gone, and end.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence

from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

SHORTEST, LONGEST = 1.0, 30.0  # seconds before a program is started again; doubled each time that it ends early
WELL = 60.0  # seconds after which a program has begun well
PATIENCE = 15.0  # seconds for what it has begun, before it is killed

logger = logging.getLogger(__name__)


class Kept:
    """One program, and when it is started again."""

    def __init__(self, name: str, program: Sequence[str]) -> None:
        self.name, self.program = name, program
        self.process: subprocess.Popen[bytes] | None = None
        self.began = self.again = 0.0
        self.pause = SHORTEST

    def look(self) -> None:
        """Start it, if it does not run and its pause is over. Never raises: what cannot be is said in the log."""
        if self.process is not None and (code := self.process.poll()) is not None:
            self.process = None
            self._rest(f"ended with {code}" if code >= 0 else f"was ended ({signal.strsignal(-code)})")
        if self.process is None and time.monotonic() >= self.again:
            self.began = time.monotonic()
            try:
                self.process = subprocess.Popen(self.program)  # noqa: S603 -- our own programs
            except OSError as error:
                self._rest(f"cannot be started: {error.strerror}")

    def note_end(self) -> None:
        """Take note of how it ended, if it has."""
        if self.process is not None:
            self.process.poll()

    def ask_to_end(self) -> None:
        """Let it finish what it does."""
        if self.process is not None:
            self.process.terminate()

    def end(self, by: float) -> None:
        """Wait until it has ended, and kill it at that time (of `time.monotonic()`)."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _rest(self, why: str) -> None:
        now = time.monotonic()
        self.pause = SHORTEST if now - self.began > WELL else min(self.pause * 2, LONGEST)
        self.again = now + self.pause
        logger.warning("%s %s. It is started again in %d seconds.", self.name, why, self.pause)


class Master(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Looks after the workers, as gunicorn does, and in the same loop after the programs."""

    def __init__(self, application: WSGIApplication, kept: Iterable[Kept]) -> None:
        self.kept = list(kept)
        super().__init__(application)

    def manage_workers(self) -> None:
        """Start what is missing; once a second, and not while stopping."""
        super().manage_workers()
        for one in self.kept:
            one.look()

    def reap_workers(self) -> None:
        """Take note of what has ended. gunicorn asks for any child, and would keep to itself how ours ended."""
        for one in self.kept:
            one.note_end()
        super().reap_workers()

    def stop(self, graceful: bool = True) -> None:
        """Let workers and programs finish at the same time, and go when all have ended."""
        for one in self.kept:
            one.ask_to_end()
        by = time.monotonic() + PATIENCE
        super().stop(graceful)
        for one in self.kept:
            one.end(by)


class Application(WSGIApplication):  # type: ignore[misc]  # as above
    """What gunicorn's command line says, with programs beside it."""

    def __init__(self, kept: Iterable[Kept]) -> None:
        self.kept = kept
        super().__init__()

    def run(self) -> None:
        """Serve until it is stopped."""
        Master(self, self.kept).run()


def beside(parent: int) -> list[Kept]:
    """The programs that the settings want, which end with this process."""
    configuration = settings.E164WEB
    wanted = {"publish": configuration.publisher, "work": configuration.worker, "metrics": configuration.metrics}
    # With -P, since the folder that somebody starts it in may hold another e164web: a checkout.
    program = (sys.executable, "-P", "-m", "e164web")
    return [
        Kept(f"manage.py {command}", (*program, command, "--with-parent", str(parent)))
        for command, is_wanted in wanted.items()
        if is_wanted
    ]


def run() -> None:
    """Serve, with the programs that the settings want."""
    Application(beside(os.getpid())).run()

"""Sending what waits, and no longer than that: for commands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import ngettext

from dashboard.platform import locks
from dashboard.registry.models import NameServer
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.publisher import POLL
from dashboard.registry.publishing.session import Did, Session


@dataclass(frozen=True, slots=True)
class Drained:
    """What became of what waited at one server: how many names it has now, how many it still lacks, and why."""

    server: str
    sent: int
    left: int
    problem: str
    is_refusing: bool

    @property
    def is_complete(self) -> bool:
        """Whether the server has everything, and would take more."""
        return not (self.left or self.is_refusing)

    def __str__(self) -> str:
        text = ngettext("%(server)s: %(sent)s number sent", "%(server)s: %(sent)s numbers sent", self.sent)
        if self.left:
            text = ngettext(
                "%(server)s: %(sent)s number sent, %(left)s left",
                "%(server)s: %(sent)s numbers sent, %(left)s left",
                self.sent,
            )
        sent, left = (number_format(count, force_grouping=True) for count in (self.sent, self.left))
        said = text % {"server": self.server, "sent": sent, "left": left}
        return f"{said}. {self.problem}" if self.problem else said


def drain(servers: Iterable[NameServer], *, is_hurried: bool = False) -> list[Drained]:
    """Send what waits for these servers, all of them at the same time; each name is tried once.

    With `is_hurried` also what waits for its next attempt, and servers that had refused. Where another publisher is
    at work, this waits for it.
    """
    drains = [_Drain(server.pk, is_hurried=is_hurried) for server in servers]
    for running in drains:
        running.start()
    for running in drains:
        running.join()
    return [running.result() for running in drains]


class _Drain(threading.Thread):
    def __init__(self, server_id: int, *, is_hurried: bool) -> None:
        super().__init__(name=f"drain-{server_id}", daemon=True)
        self.server_id = server_id
        if is_hurried:
            queue.hurry(server_id)
        self.waiting = queue.pending(server_id).count()

    def run(self) -> None:
        try:
            with locks.held(f"publish {self.server_id}", self._is_done) as has_it:
                session = Session(self.server_id, threading.Event())
                while has_it and session.turn() is Did.SEND:
                    pass
        finally:
            connection.close()

    def _is_done(self, _seconds: float) -> bool:
        """Whether the publisher that holds the lock has sent everything, or cannot."""
        time.sleep(POLL)
        sound = NameServer.ready().filter(pk=self.server_id, problem="")
        return not (sound.exists() and queue.due(self.server_id).exists())

    def result(self) -> Drained:
        left = queue.pending(self.server_id)
        count = left.count()
        server = NameServer.objects.get(pk=self.server_id)
        held = left.exclude(problem="").first()
        problem = server.problem or (f"{held}: {held.problem}" if held else "")
        return Drained(server.label, max(self.waiting - count, 0), count, problem, is_refusing=server.is_refusing)

"""The publisher: a thread for each name server, one that compares whole zones now and then, and the zone file.

Several publishers may run, on several machines: of each name server only one holds the lock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.utils import timezone

from dashboard.nameservers import NameServerError
from dashboard.platform import locks
from dashboard.registry.models import NameServer
from dashboard.registry.publishing import reconcile, zone_file
from dashboard.registry.publishing.session import Did, Session
from dashboard.vault import SealError

POLL = 0.2  # seconds between two looks into the queue; a person waits for less than a second
SERVERS_EVERY = 1.0  # seconds between two looks for servers that have nobody yet
AFTER_A_FAULT = 5.0  # seconds until a thread goes on after the database failed
AUDITS_EVERY = 600.0  # seconds between two looks for a server that was not compared for long
COMPARED_EVERY = timedelta(days=1)

logger = logging.getLogger(__name__)


class Worker(threading.Thread):
    """Serves one name server until that refuses or is disabled, or this one is asked to end."""

    def __init__(self, server_id: int, stopping: threading.Event) -> None:
        super().__init__(name=f"publisher-{server_id}", daemon=True)
        self.server_id = server_id
        self.stopping = stopping

    def run(self) -> None:
        """Wait for the server's lock, and send what is due as long as there is something to serve."""
        while not self.stopping.is_set():
            try:
                self._serve()
            except Error as error:
                # PostgreSQL was restarted, or the disk is full. The lock went with the connection.
                logger.warning("The database failed: %s", error)
                self.stopping.wait(AFTER_A_FAULT)
            except Exception:
                # Ours to mend; until then the server gets what can be sent, and nobody else is held up.
                logger.exception("Publishing failed")
                self.stopping.wait(AFTER_A_FAULT)
            else:
                return
            finally:
                connection.close()

    def _serve(self) -> None:
        with locks.held(f"publish {self.server_id}", self.stopping.wait) as has_it:
            if has_it:
                serve(Session(self.server_id, self.stopping), self.stopping)


def serve(session: Session, stopping: threading.Event) -> None:
    """Send what is due, and look at the server now and then. Raises django.db.Error."""
    while not stopping.is_set():
        match session.turn():
            case Did.END:
                return
            case Did.WAIT:
                stopping.wait(POLL)


class Auditor(threading.Thread):
    """Compares every server's zone with the database once a day: somebody may have changed one or the other."""

    def __init__(self, stopping: threading.Event) -> None:
        super().__init__(name="auditor", daemon=True)
        self.stopping = stopping

    def run(self) -> None:
        """Audit what is due until this one is asked to end."""
        while not self.stopping.wait(AUDITS_EVERY):
            try:
                audit()
            except Error as error:
                logger.warning("The database failed: %s", error)
            except Exception:
                logger.exception("Comparing failed")
            finally:
                connection.close()


def audit() -> None:
    """Compare the servers that were not compared for a day; what differs is sent like a change."""
    old = timezone.now() - COMPARED_EVERY
    due = NameServer.ready().filter(refusals=0, reconciled_at__lte=old)
    for server in due:
        # The first of several publishers does it.
        if not due.filter(pk=server.pk).update(reconciled_at=timezone.now()):
            continue
        try:
            difference = reconcile.compare(server, server.key)
        except (NameServerError, SealError) as error:
            logger.warning("%s could not be compared: %s", server, error)
            continue
        if difference.names:
            logger.warning("%s differs in %d names, which are sent again", server, len(difference.names))
        reconcile.enqueue(server, difference)


def run(is_wanted: Callable[[], bool]) -> None:
    """Publish for as long as `is_wanted` says so; then finish the messages in ongoing."""
    stopping = threading.Event()
    workers: dict[int, Worker] = {}
    auditor = Auditor(stopping)
    auditor.start()
    file = zone_file.ZoneFileWriter()
    next_look = 0.0
    while is_wanted():
        try:
            if time.monotonic() >= next_look:
                _begin_workers(workers, stopping)
                file.turn()
                next_look = time.monotonic() + SERVERS_EVERY
        except Error as error:
            logger.warning("The database failed: %s", error)
            connection.close()
            next_look = time.monotonic() + AFTER_A_FAULT
        time.sleep(POLL)
    stopping.set()
    for worker in workers.values():
        worker.join()
    # The auditor may be in the middle of a transfer, which changes nothing.


def _begin_workers(workers: dict[int, Worker], stopping: threading.Event) -> None:
    for server_id in NameServer.ready().values_list("pk", flat=True):
        if server_id not in workers or not workers[server_id].is_alive():
            workers[server_id] = Worker(server_id, stopping)
            workers[server_id].start()

"""The sending of what one name server lacks, one message at a time.

Only whoever holds the server's lock (`locks.held`) may run a session. Nothing that it remembers matters: another one
may go on at any point where this one was killed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from dashboard.nameservers import (
    Denied,
    Key,
    NameServerError,
    Rejected,
    Replacement,
    batches,
    serial_is_newer,
    serial_of,
    update,
)
from dashboard.registry.layout import Layout
from dashboard.registry.models import NameServer, Publication, Zone
from dashboard.registry.models.name_server import MASS, SINGLE
from dashboard.registry.publishing import pauses, queue, reading, reconcile
from dashboard.registry.publishing.content import Content, contents_of
from dashboard.vault import SealError

TAKEN = 1_000  # names at a time; their messages are filled one after the other
UPDATE_TIMEOUT = 10.0  # seconds
ASK_TIMEOUT = 3.0  # seconds
LOOK_EVERY = 10.0  # seconds between two looks at a server that has nothing to do
FRESH = 2.0  # seconds for which a look holds: nobody restores a backup in less
NEVER = float("-inf")

logger = logging.getLogger(__name__)


class Did(Enum):
    """What a turn of a session did."""

    SEND = "sent something, and there may be more"
    WAIT = "had nothing to do just now"
    END = "found that nothing may be sent to this server now"


Message = Mapping[str, tuple[Publication, Replacement]]  # by domain name


class Session:
    """What is known about one server from turn to turn."""

    def __init__(self, server_id: int, stopping: threading.Event) -> None:
        self.server_id = server_id
        self.stopping = stopping
        self.limit = TAKEN
        self.rank = SINGLE  # of what is sent next, if there is some
        self.failures = 0
        self.pause_ends = 0.0  # in time.monotonic(), as is the next
        self.seen = NEVER
        self.remark = ""
        self.is_mute = False

    def turn(self) -> Did:
        """Do what is due: send some names, or look whether the server is what it was. Raises django.db.Error."""
        server = self._server()
        if server is None:
            return Did.END
        if time.monotonic() < self.pause_ends:
            return Did.WAIT
        try:
            if queue.due(server.pk).exists():
                # That a server which refused answers questions proves nothing yet.
                self._look(server, FRESH, proves=not server.is_refusing)
                return Did.SEND if self._send() else Did.WAIT
            self._look(server, LOOK_EVERY)
        except Denied as error:
            return self._leave_alone(server, gettext(error.message) % error.params)
        except SealError:
            return self._leave_alone(
                server, gettext("The key cannot be opened with this installation's keys: enter it again.")
            )
        except NameServerError as error:
            self._back_off(server, gettext(error.message) % error.params)
        return Did.WAIT

    @property
    def is_failing(self) -> bool:
        """Whether the last turn met a server that does not answer."""
        return self.failures > 0

    def _server(self) -> NameServer | None:
        return NameServer.ready().select_related("zone").filter(pk=self.server_id).first()

    # --- sending ------------------------------------------------------------------------------------------------
    def _send(self) -> bool:
        """Send single changes, or some of the many: in turn, so that nobody waits for all of the others."""
        rows = queue.take(self.server_id, self.limit, rank=self.rank)
        # Only now: whoever changes the zone or the server from here on has everything sent once more.
        server = self._server()
        if server is None or not rows:
            return False
        is_mass = rows[0].rank == MASS
        self.rank = SINGLE if is_mass else MASS
        message = self._replacements(rows, server.zone)
        for batch in batches(replacement for _, replacement in message.values()):
            if self.stopping.is_set():
                return False
            self._deliver(server, server.key, {item.name: message[item.name] for item in batch})
            if is_mass and queue.single_is_due(self.server_id):
                break  # the rest was not sent, and so it waits on
        self.limit = min(self.limit * 2, TAKEN)
        return True

    def _replacements(self, rows: Sequence[Publication], zone: Zone) -> Message:
        """What has to be sent for these rows. What must not be sent is put off, with the reason."""
        contents = contents_of([row.name for row in rows], zone)
        owned = {row.pk: row.owned_types | contents[row.name].types for row in rows}
        claims: defaultdict[frozenset[str], list[Publication]] = defaultdict(list)
        for row in rows:
            if owned[row.pk] != row.owned_types:
                claims[owned[row.pk]].append(row)
        for types, some in claims.items():
            queue.claim(some, types)
        message = {}
        for row in rows:
            content = contents[row.name]
            self._remark(row, content)
            if not content.problem:
                replacement = content.replacement(zone, owned[row.pk])
                message[replacement.name] = row, replacement
        return message

    def _remark(self, row: Publication, content: Content) -> None:
        if row.note != content.note:
            queue.remark(row, content.note)
        if content.problem:
            queue.postpone(row, content.problem, pauses.of_name(row.attempts, pauses.REFUSED))

    def _deliver(self, server: NameServer, key: Key, message: Message) -> None:
        """Send a message; one that the server will not have is halved until what is wrong is alone."""
        replacements = [replacement for _, replacement in message.values()]
        try:
            update(server.place, server.zone.origin, replacements, key=key, timeout=UPDATE_TIMEOUT)
        except Rejected as error:
            if len(message) > 1:
                for half in _halves(message):
                    self._deliver(server, key, half)
            else:
                self._put_off(message, error, pauses.REFUSED)
        except Denied:
            raise
        except NameServerError as error:
            # It did answer when we looked, so perhaps it is this message that it cannot do.
            if len(message) == 1:
                self._put_off(message, error, pauses.NAME)
            self.limit = max(1, len(message) // 2)
            raise
        else:
            self._confirm(server, key, message)

    def _put_off(self, message: Message, error: NameServerError, limits: pauses.Limits) -> None:
        sentence = gettext(error.message) % error.params
        for row, _ in message.values():
            logger.warning("%s is not published: %s", row, sentence)
            queue.postpone(row, sentence, pauses.of_name(row.attempts, limits))

    def _confirm(self, server: NameServer, key: Key, message: Message) -> None:
        """Read back what the server has accepted, and remember it as done."""
        differing = self._differing(server, key, {row.name: replacement for row, replacement in message.values()})
        serial = serial_of(server.place, server.zone.origin, key=key, timeout=ASK_TIMEOUT)
        self._compare_serials(server, key, serial)
        with transaction.atomic():
            queue.confirm([row for row, _ in message.values() if row.name not in differing])
            self._contact(server, serial)
        sentence = gettext("The server does not answer with what it has accepted.")
        for row, _ in message.values():
            if row.name in differing:
                logger.warning("%s at %s: %s", row, server, sentence)
                queue.postpone(row, sentence, pauses.of_name(row.attempts, pauses.NAME))

    def _differing(self, server: NameServer, key: Key, sent: Mapping[str, Replacement]) -> set[str]:
        if self.is_mute:
            return set()
        try:
            cuts = Layout.current().cuts_of(server.zone)
            return reading.differing(server.place, sent, cuts, key=key, timeout=ASK_TIMEOUT)
        except reading.NotAnswered as error:
            # Its signed confirmation must do.
            self.is_mute, self.remark = True, str(error)
            logger.warning("%s", error)
            return set()

    # --- looking ------------------------------------------------------------------------------------------------
    def _look(self, server: NameServer, age: float, *, proves: bool = True) -> None:
        """Ask for the serial, unless that was done in the last `age` seconds. Raises NameServerError, SealError.

        An answer ends an alarm if it `proves` that all is well.
        """
        if time.monotonic() - self.seen < age:
            return
        key = server.key
        serial = serial_of(server.place, server.zone.origin, key=key, timeout=ASK_TIMEOUT)
        self._compare_serials(server, key, serial)
        self._contact(server, serial, proves=proves)

    def _compare_serials(self, server: NameServer, key: Key, serial: int) -> None:
        """Compare the whole zone if its serial went back: it was restored from an old backup."""
        if server.serial is None or not serial_is_newer(server.serial, than=serial):
            return
        logger.warning("%s has gone back from serial %d to %d: comparing the zone", server, server.serial, serial)
        try:
            difference = reconcile.compare(server, key)
        except Denied as error:
            # Without the right to transfer the zone everything that was ever there is sent again.
            logger.warning("%s: %s", server, error)
            with queue.locked():
                queue.enqueue_ours(server.pk)
        else:
            reconcile.enqueue(server, difference)
        server.serial = serial

    def _contact(self, server: NameServer, serial: int, *, proves: bool = True) -> None:
        """Remember that the server answers, and what its serial is."""
        self.failures, self.seen = 0, time.monotonic()
        server.serial = serial
        fields: dict[str, object] = {"serial": serial, "seen_at": timezone.now()}
        if proves:
            if server.problem and server.problem != self.remark:
                logger.info("%s answers again", server)
            server.problem, server.refusals = self.remark, 0
            fields |= {"problem": self.remark, "refusals": 0, "retry_at": None}
        NameServer.objects.filter(pk=server.pk).update(**fields)

    def _back_off(self, server: NameServer, sentence: str) -> None:
        self.failures += 1
        self.seen = NEVER
        pause = pauses.of_server(self.failures)
        self.pause_ends = time.monotonic() + pause
        logger.log(
            logging.WARNING if self.failures == 1 else logging.DEBUG, "%s Next attempt in %.0f s.", sentence, pause
        )
        _set_problem(server, sentence)

    def _leave_alone(self, server: NameServer, sentence: str) -> Did:
        """A person has to look; meanwhile the server is tried seldom, for it may be mended without us."""
        refusals = server.refusals + 1
        pause = pauses.of_refusal(refusals)
        logger.error("%s %s is tried again in %d minutes.", sentence, server, pause.total_seconds() // 60)
        _set_problem(server, sentence, refusals=refusals, retry_at=timezone.now() + pause)
        return Did.END


def _set_problem(server: NameServer, sentence: str, **fields: object) -> None:
    since = server.problem_at if server.problem else timezone.now()
    # A server that was changed meanwhile has no known problem yet.
    unchanged = NameServer.objects.filter(pk=server.pk, sealed=server.sealed)
    unchanged.update(problem=sentence, problem_at=since, **fields)


def _halves(message: Message) -> tuple[Message, Message]:
    items = list(message.items())
    middle = len(items) // 2
    return dict(items[:middle]), dict(items[middle:])

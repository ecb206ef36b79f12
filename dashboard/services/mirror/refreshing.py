"""The mirror is refreshed: one `list`, and then a `show` of each number that was not looked at since it began.

What was seen is stored some numbers at a time, so whoever takes over goes on where it was. One process does all the
refreshes of a registry, in turns, which bounds what that is asked; it is asked in the name of the credential's owner.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from dashboard import access
from dashboard.client import NotSent, Refused, RegistryError
from dashboard.enum import in_order
from dashboard.models import Credential, Mirror, MirroredNumber
from dashboard.platform import locks
from dashboard.platform.stopping import insist
from dashboard.protocol import Number
from dashboard.services.credentials.connection import connect, one_deadline, unrecorded
from dashboard.services.fingerprints import fingerprint
from dashboard.services.history import Look, notice_all
from dashboard.services.mirror.asking import Pace, answers
from dashboard.services.mirror.listing import store_list
from dashboard.services.numbers.reading import RECORDS_SHOWN, too_many_records
from dashboard.services.sentences import say

BATCH = 50  # numbers that are stored together
READ = 1000  # rows that are read together
TURN = 30.0  # seconds, after which another account of the registry has its turn
AGAIN = timedelta(seconds=60)  # after which a refresh that does not get on is given to somebody else
FIRST_PAUSE, LONGEST_PAUSE = 5, 120  # seconds until a registry that did not answer is asked again
MOST_FAILURES = 5  # in a row: it is not the number but the registry


def refresh_at(registry: int, first: int) -> None:
    """Refresh the mirrors of a registry that are wanted, in turns, that of the credential `first` before others.

    Nothing where another process does so: it takes what is wanted since. Raises Stopped where this process is to end.
    """
    with locks.held(f"refresh at {registry}", locks.at_once) as has_it:
        mirror = _wanted(registry).filter(credential=first).first() if has_it else None
        while mirror is not None:
            _Turn(mirror).take()
            mirror = _wanted(registry).filter(failures=0).order_by("due_at", "pk").first()


def _wanted(registry: int) -> QuerySet[Mirror]:
    found = access.every_mirror().filter(wanted_at__isnull=False, credential__registry=registry)
    return found.select_related("credential__registry", "credential__user")


class _Gone(Exception):
    """Somebody removed the credential."""


class _Turn:
    """What is done for one mirror before another of the registry has its turn."""

    def __init__(self, mirror: Mirror) -> None:
        self.row = mirror
        self.credential: Credential = mirror.credential
        self.is_embedded = self.credential.registry.is_embedded
        self.pace = Pace(0 if self.is_embedded else settings.E164WEB.refresh_rate)
        self.unread = _Unread()

    def take(self) -> None:
        """Refresh until the end, the end of the turn, or a failure, which is stored. Raises Stopped."""
        try:
            self._begin()
            if self._look():
                words = self.unread.words
                self._note(wanted_at=None, finished_at=timezone.now(), failures=0, failure=words)
        except _Gone:
            return
        except RegistryError as failure:
            self._fail(failure)

    def _begin(self) -> None:
        """Ask which numbers there are, unless whoever began this refresh has."""
        mirror = self.row
        if mirror.began_at is None or mirror.wanted_at is None or mirror.began_at < mirror.wanted_at:
            mirror.began_at = timezone.now()
            self._note(began_at=mirror.began_at, done=0)
        if mirror.listed_at is None or mirror.listed_at < mirror.began_at:
            asked_at = timezone.now()
            with unrecorded(), one_deadline():
                numbers = connect(self.credential.user, self.credential).list()
            total = store_list(self.credential, numbers, asked_at)
            self._note(listed_at=asked_at, total=total)

    def _look(self) -> bool:
        """Look at the numbers that were not since it began. False where others wait and the turn is over."""
        ends = time.monotonic() + TURN
        done = self.row.total - self._left().count()
        batch = list[Look]()
        parallel = 1 if self.is_embedded else settings.E164WEB.refresh_parallel
        for seen in answers(self._ask, self._numbers(), parallel):
            done += 1
            if isinstance(seen, RegistryError):
                self.unread.add(seen)
            else:
                self.unread.in_a_row = 0
                batch.append(seen)
            if len(batch) == BATCH:
                self._store(batch, done)
                batch.clear()
                insist()
                if time.monotonic() >= ends and self._others_wait():
                    return False
        self._store(batch, done)
        return True

    def _left(self) -> QuerySet[MirroredNumber]:
        left = Q(seen_at=None) | Q(seen_at__lt=self.row.began_at)
        return access.every_mirrored_number().filter(left, credential_id=self.credential.pk)

    def _numbers(self) -> Iterator[Number]:
        """The numbers to look at, each once, whatever comes of it."""
        above = 0
        while rows := list(self._left().filter(pk__gt=above).order_by("pk").defer("records", "text")[:READ]):
            yield from (row.number for row in rows)
            above = rows[-1].pk

    def _ask(self, number: Number) -> Look | RegistryError:
        """Look at one number; in a thread of its own, which speaks to no database."""
        self.pace.keep()
        asked_at = timezone.now()
        try:
            with unrecorded(), one_deadline():
                found = connect(self.credential.user, self.credential).show(number.id)
        except RegistryError as failure:
            return failure
        if len(found) > RECORDS_SHOWN:
            return too_many_records(len(found))
        records = [record.state for record in in_order(found)]
        return Look(number=number, records=records, mark=fingerprint(records), asked_at=asked_at)

    def _store(self, batch: list[Look], done: int) -> None:
        if batch:
            notice_all(self.credential, batch)
        self._note(done=done)

    def _others_wait(self) -> bool:
        others = _wanted(self.credential.registry_id).filter(failures=0)
        return others.exclude(pk=self.row.pk).exists()

    def _fail(self, failure: RegistryError) -> None:
        """Store why it does not get on, and when it is tried again; never, where trying helps nothing."""
        if isinstance(failure, Refused) or (isinstance(failure, NotSent) and not failure.code):
            with suppress(_Gone):
                self._note(wanted_at=None, failures=0, failure=say(failure))
            return
        failures = self.row.failures + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
        with suppress(_Gone):
            self._note(failures=failures, failure=say(failure), due_at=timezone.now() + timedelta(seconds=pause))

    def _note(self, **fields: object) -> None:
        """Store how far it is, which says too that somebody does it. Raises _Gone."""
        fields = {"due_at": timezone.now() + AGAIN, **fields}
        if not access.every_mirror().filter(pk=self.row.pk).update(**fields):
            raise _Gone
        for field, value in fields.items():
            setattr(self.row, field, value)


@dataclass
class _Unread:
    """The numbers that could not be read. One may be at fault; if many are in a row, the registry is."""

    count: int = 0
    in_a_row: int = 0
    last: RegistryError | None = None

    def add(self, failure: RegistryError) -> None:
        """One more. Raises the failure where it says that no more can be read."""
        if failure.code == "busy" or (self.in_a_row + 1 >= MOST_FAILURES and not isinstance(failure, Refused)):
            raise failure
        self.count, self.last = self.count + 1, failure
        self.in_a_row += not isinstance(failure, Refused)

    @property
    def words(self) -> str:
        """What to say of them at the end; empty where there are none."""
        if self.last is None:
            return ""
        counted = ngettext("%(count)d number could not be read.", "%(count)d numbers could not be read.", self.count)
        return f"{counted % {'count': self.count}} {say(self.last)}"

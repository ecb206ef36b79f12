"""A job goes on: its numbers are written, a few at a time at each registry, until it is done or somebody stops it.

It may be killed at any point: what is left to do stands in its numbers, and whoever takes it over begins there.
"""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import Error, connections
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from dashboard.models import EMBEDDED_URL, Job, JobNumber, JobState, Registry, Result, User
from dashboard.platform import locks, request_ids
from dashboard.platform.stopping import Stopped, insist
from dashboard.services import mirror
from dashboard.services.bulk.listing import Listings
from dashboard.services.bulk.preparing import language_of, later, lock_of
from dashboard.services.bulk.sending import Silent, send
from dashboard.services.bulk.whose import NobodyActs, acting
from dashboard.services.fingerprints import fingerprint
from dashboard.services.mirror.asking import Pace
from dashboard.services.sentences import filled

FETCHED: Final = 100  # numbers that are read together
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds that a silent registry is left alone

logger = logging.getLogger(__name__)


@task()
def run(job: int) -> None:
    """Go on with a job that is under way, or that is to start by now."""
    with locks.held(lock_of(job), locks.after(2 * settings.E164WEB.deadline), look_every=0.2) as has_it:
        _start_if_due(job)
        found = Job.objects.filter(pk=job, state=JobState.RUNNING).select_related("token", "user").first()
        if found is not None and has_it:
            _Run(found).go_on()
        elif found is not None:
            later(run).enqueue(job)


def _start_if_due(job: int) -> None:
    now = timezone.now()
    due = Job.objects.filter(pk=job, state=JobState.SCHEDULED, starts_at__lte=now)
    due.update(state=JobState.RUNNING, started_at=now)


def left_in(job: Job) -> Q:
    """Which numbers of a job are still to be written."""
    return Q(job=job, result=Result.WAITING)


@dataclass
class _Line:
    """The numbers of one registry that wait, handed out one by one, those that failed least first."""

    job: Job
    registry: int
    since: datetime = field(default_factory=timezone.now)
    lock: threading.Lock = field(default_factory=threading.Lock)
    silent: str = ""  # why it is left alone

    def __post_init__(self) -> None:
        self.is_embedded = Registry.objects.filter(pk=self.registry, url=EMBEDDED_URL).exists()
        # A number is read and then written.
        self.pace = Pace(0 if self.is_embedded else max(1, settings.E164WEB.refresh_rate // 2))
        self._items = self._waiting()

    @property
    def at_once(self) -> int:
        """How many numbers are written at a time. The registry inside shares this machine's database."""
        return 1 if self.is_embedded else settings.E164WEB.refresh_parallel

    def next(self) -> JobNumber | None:
        """The next number; None where there is none, or the registry is silent."""
        with self.lock:
            return None if self.silent else next(self._items, None)

    def _waiting(self) -> Iterator[JobNumber]:
        """Those that wait, and then those of which nobody knows what came of them before."""
        of_registry = JobNumber.objects.filter(job=self.job, credential__registry=self.registry)
        not_yet = of_registry.filter(Q(tried_at=None) | Q(tried_at__lt=self.since)).order_by("tries", "place")
        last = list[int]()
        for result in (Result.WAITING, Result.UNKNOWN):
            # Of those that were fetched last, some are under way still; of all before, it is stored that they were.
            while some := list(not_yet.filter(result=result).exclude(pk__in=last)[:FETCHED]):
                last = [item.pk for item in some]
                yield from some


class _Run:
    """One process that goes on with one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.stopped = threading.Event()
        self.progressed = threading.Event()
        self.listings = Listings()

    def go_on(self) -> None:
        """Write what waits. Raises Stopped where the process is to end."""
        try:
            person = acting(self.job)
        except NobodyActs as problem:
            self._fail_all(filled(str(problem), {}))
            return
        registries = self.job.uses.order_by().values_list("registry", flat=True).distinct()
        lines = [_Line(self.job, registry) for registry in registries]
        most = max(1, sum(line.at_once for line in lines))
        with ThreadPoolExecutor(most, thread_name_prefix="job") as pool:
            doing = [pool.submit(self._work, line, person) for line in lines for _worker in range(line.at_once)]
        for one in doing:
            one.result()  # raises what was raised there
        self._end(lines)

    def _work(self, line: _Line, person: User) -> None:
        try:
            with translation.override(language_of(person)), request_ids.carried(self.job.request_id or ""):
                while self._goes_on() and (item := line.next()) is not None:
                    self._send(line, person, item)
        finally:
            connections.close_all()

    def _send(self, line: _Line, person: User, item: JobNumber) -> None:
        line.pace.keep()
        try:
            send(person, self.job, item, self.listings)
            self.progressed.set()
        except Silent as silence:
            line.silent = silence.words
        except Error:
            self.stopped.set()
            raise
        except Exception:
            # Ours to mend; the other numbers can do nothing for it.
            logger.exception("A number of job %s failed: %s", self.job.pk, item.digits)
            words = _("Something went wrong on this server. Nothing is known of what was sent; look at its history.")
            JobNumber.objects.filter(pk=item.pk).update(result=Result.FAILED, words=words, tried_at=timezone.now())

    def _goes_on(self) -> bool:
        """Whether nobody has stopped the job or its person. Raises Stopped."""
        try:
            insist()
        except Stopped:
            self.stopped.set()
            raise
        under_way = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, user__is_active=True)
        return not self.stopped.is_set() and under_way.exists()

    def _end(self, lines: list[_Line]) -> None:
        """What becomes of the job: it is done, waits for a registry, or was stopped by somebody."""
        self._refresh()
        silent = [line.silent for line in lines if line.silent]
        under_way = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING)
        if silent and JobNumber.objects.filter(left_in(self.job)).exists():
            if self.progressed.is_set():
                under_way.update(pauses=0)
            self.job.refresh_from_db(fields=["pauses"])
            wait = min(FIRST_PAUSE * 2 ** min(self.job.pauses, 10), LONGEST_PAUSE)
            goes_on_at = timezone.now() + timedelta(seconds=wait)
            if under_way.update(pauses=F("pauses") + 1, goes_on_at=goes_on_at, failure=silent[0]):
                run.using(run_after=goes_on_at).enqueue(self.job.pk)
            return
        if JobNumber.objects.filter(left_in(self.job), credential=None).exists():
            self._fail(Q(credential=None), _("Its credential was removed."))
        if not JobNumber.objects.filter(left_in(self.job)).exists():
            under_way.update(
                state=JobState.FINISHED, finished_at=timezone.now(), goes_on_at=None, pauses=0, failure=""
            )
        elif not User.objects.filter(pk=self.job.user_id or 0, is_active=True).exists():
            self._fail_all(_("Whoever started this is not here any more, or may not sign in."))

    def _refresh(self) -> None:
        """Have an account refreshed that may have more numbers by now than its list knows, or other raw records."""
        made = JobNumber.objects.filter(job=self.job, tried_at__isnull=False, credential__registry__url=EMBEDDED_URL)
        made = made.filter(Q(seen=fingerprint([])) | Q(raws_done=True))
        for credential in self.job.uses.filter(pk__in=made.order_by().values("credential")):
            mirror.want(credential)

    def _fail_all(self, words: str) -> None:
        """Nobody may write the others."""
        self._fail(Q(), words)
        Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING).update(
            state=JobState.FINISHED, finished_at=timezone.now(), failure=words
        )

    def _fail(self, which: Q, words: str) -> None:
        JobNumber.objects.filter(left_in(self.job), which).update(result=Result.FAILED, words=words)

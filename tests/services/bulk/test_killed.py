"""A process that is killed in the middle of a job: another goes on, nothing is sent twice or forgotten."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboard.models import Change, Job, JobNumber, JobState, MirroredNumber, Outcome, User
from dashboard.services import bulk
from dashboard.services.bulk import deciding, preparing
from dashboard.services.bulk.judging import Judge
from dashboard.services.bulk.preparing import lock_of, prepare
from dashboard.services.bulk.running import run
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_jobs import Prepared, carried_out, hosts, results
from tests.interop.publisher import until
from tests.services.bulk import holder, worker
from tests.workers import running

HEARD = 2  # commands that are answered
TRIES = 5  # on a busy machine; mostly one is enough
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("fault", ["hang", "hang-after"])
def test_a_job_whose_process_was_killed_goes_on_and_nothing_is_sent_twice(
    person: User,
    prepared: Prepared,
    registry: FaultyRegistry,
    set_deadline: Callable[[float], None],
    fault: str,
) -> None:
    job = prepared()
    wanted = sum(host.count("@") for host in hosts(registry))
    bulk.start(person, job.pk, has_read=True)
    # The first commands take effect; others were sent and nobody heard what came of them.
    registry.fault("update", fault, skip=HEARD)
    with running(worker.__name__, 1) as (victim,):
        victim.ask(job.pk)
        until(lambda: registry.count("update") >= 4)
        victim.kill()
    lost = Change.objects.filter(outcome=Outcome.SENT).count()
    assert lost >= 2
    registry.heal()
    set_deadline(3)
    sent = 0
    for _look in range(TRIES):
        # What was sent a moment ago may be on its way still, and is waited for.
        time.sleep(3)
        sent = sent or registry.count("update")
        run.func(job.pk)
        job.refresh_from_db()
        if job.state == JobState.FINISHED:
            break
    assert job.state == JobState.FINISHED, job.failure
    assert results(job) == ["done"] * 3
    assert all(host.endswith("@pbx-new.example.org") for host in hosts(registry) if "@" in host)
    assert not Change.objects.filter(settled_at=None).exists()
    # Whatever took effect was not sent again, and whatever did not was sent once more.
    assert registry.count("update") == wanted + (sent - HEARD if fault == "hang" else 0)
    assert Change.objects.filter(outcome=Outcome.APPLIED).count() == wanted


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_site_that_is_killed_as_a_job_starts_leaves_a_preview_or_a_job_with_its_task(
    person: User, prepared: Prepared, monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    job = prepared()
    connections.close_all()
    child = os.fork()
    if not child:
        if not is_committed:  # the last that is done in the transaction
            monkeypatch.setattr(deciding, "_note", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        bulk.start(person, job.pk, has_read=True)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    job.refresh_from_db()
    assert job.state == (JobState.RUNNING if is_committed else JobState.PREVIEW)
    assert DBTaskResult.objects.ready().count() == is_committed
    if not is_committed:
        bulk.start(person, job.pk, has_read=True)
    assert carried_out(job).state == JobState.FINISHED


def test_a_job_that_another_holds_for_long_is_looked_at_again(
    person: User, prepared: Prepared, set_deadline: Callable[[float], None]
) -> None:
    job = prepared()
    bulk.start(person, job.pk, has_read=True)
    DBTaskResult.objects.all().delete()
    set_deadline(0.1)
    with running(holder.__name__, 1) as (other,):
        other.ask(lock_of(job.pk))
        assert other.said() == "held"
        run.func(job.pk)
    again = DBTaskResult.objects.get()
    assert again.run_after > timezone.now()
    set_deadline(3)
    DBTaskResult.objects.update(run_after=timezone.now())
    assert carried_out(job).state == JobState.FINISHED


def test_a_preview_that_was_left_half_done_is_gone_on_with(person: User, prepared: Prepared) -> None:
    job = prepared()
    job.numbers.filter(place__gt=1).delete()
    job.state = JobState.PREPARING
    job.save()
    prepare.func(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.PREVIEW
    assert list(job.numbers.order_by("place").values_list("place", flat=True)) == [1, 2, 3]
    assert job.numbers.values("number_id").distinct().count() == 3


def test_an_undo_is_prepared_while_others_write(
    person: User, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = prepared()
    bulk.start(person, job.pk, has_read=True)
    carried_out(job)
    undone = bulk.undo(person, job.pk)
    judged = Judge.all

    def write() -> None:
        Job.objects.filter(pk=job.pk).update(reason="written meanwhile")
        connections.close_all()

    def judge(self: Judge, rows: Sequence[MirroredNumber], place: int) -> list[JobNumber]:
        other = threading.Thread(target=write)
        other.start()
        other.join()
        return judged(self, rows, place)

    monkeypatch.setattr(preparing, "CHUNK", 1)
    monkeypatch.setattr(Judge, "all", judge)
    prepare.func(undone.pk)
    undone.refresh_from_db()
    assert undone.state == JobState.PREVIEW
    assert results(undone) == ["waiting"] * 3

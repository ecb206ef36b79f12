"""The queue of tasks: done once, or again where their process was killed, stopped, or lost its database."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from dashboard.models import TaskLease
from dashboard.platform import stopping
from dashboard.services.background import tasks, working
from tests.interop.publisher import settings_of_this_test, until
from tests.programs import LIMIT, ROOT
from tests.services.background import some_tasks, task_worker
from tests.workers import running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "noted"


@pytest.fixture
def stopped() -> Iterator[None]:
    """A process that was asked to end."""
    stopping.ask()
    yield
    stopping._asked.clear()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def status() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


@pytest.mark.django_db
def test_a_round_does_what_waits_in_its_order_and_keeps_what_came_of_it(path: Path) -> None:
    for word in ("one", "two"):
        some_tasks.note.enqueue(str(path), word)
    working.one_round()
    assert lines(path) == ["one", "two"]
    assert list(DBTaskResult.objects.order_by("enqueued_at").values_list("return_value", flat=True)) == ["one", "two"]
    assert not TaskLease.objects.exists()


@pytest.mark.django_db
def test_what_is_for_later_waits(path: Path) -> None:
    some_tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(str(path), "early")
    tasks.run_waiting()
    assert status() == [TaskResultStatus.READY]
    assert not path.exists()


@pytest.mark.django_db
def test_one_that_fails_says_why_and_keeps_no_other_back(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    some_tasks.fail.enqueue()
    some_tasks.note.enqueue(str(path), "the next")
    tasks.run_waiting()
    assert status() == [TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL]
    assert "a mistake of ours" in DBTaskResult.objects.get(status=TaskResultStatus.FAILED).traceback
    assert "A task failed: tests.services.background.some_tasks.fail" in caplog.text


@pytest.mark.django_db
def test_a_path_that_names_no_task_is_not_called(path: Path) -> None:
    result = some_tasks.note.enqueue(str(path), "x")
    DBTaskResult.objects.filter(pk=result.id).update(task_path="tests.services.background.some_tasks.note.func")
    tasks.run_waiting()
    assert status() == [TaskResultStatus.FAILED]
    assert not path.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("stopped")
def test_what_is_under_way_when_its_process_ends_is_given_back(path: Path) -> None:
    path.touch()
    some_tasks.count.enqueue(str(path), 3)
    task = tasks.take()
    assert task is not None
    tasks.carry_out(task)
    assert status() == [TaskResultStatus.READY]
    assert not TaskLease.objects.exists()
    stopping._asked.clear()
    tasks.run_waiting()
    assert lines(path) == ["1", "2", "3"]


@pytest.mark.django_db(transaction=True)
def test_one_that_lost_the_database_is_done_again_after_a_pause(path: Path) -> None:
    some_tasks.lose_the_database.enqueue(str(path))
    tasks.run_waiting()
    assert status() == [TaskResultStatus.READY]
    assert DBTaskResult.objects.get().run_after > timezone.now()
    DBTaskResult.objects.update(run_after=timezone.now())
    tasks.run_waiting()
    assert status() == [TaskResultStatus.SUCCESSFUL]
    assert lines(path) == ["begun", "done"]


@pytest.mark.django_db
def test_whoever_lost_the_lease_stores_nothing_any_more(path: Path) -> None:
    some_tasks.note.enqueue(str(path), "x")
    late = tasks.take()
    assert late is not None
    TaskLease.objects.update(until=timezone.now() - timedelta(seconds=1))
    again = tasks.take()
    assert again == late
    TaskLease.objects.update(holder="another")
    tasks.carry_out(late)
    assert status() == [TaskResultStatus.RUNNING]


@pytest.mark.django_db(transaction=True)
def test_the_lease_of_what_is_done_is_prolonged_and_one_that_could_not_be_ended_runs_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("lost", "other"):
        some_tasks.note.enqueue(str(path), word)
    lost, other = tasks.take(), tasks.take()
    assert lost is not None
    assert other is not None
    with monkeypatch.context() as away:
        away.setattr(tasks, "_end", lambda *_: None)  # as where the database is away
        tasks.carry_out(lost)
    soon = timezone.now() + timedelta(seconds=5)
    TaskLease.objects.update(until=soon)
    monkeypatch.setattr(tasks, "PROLONGED_EVERY", 0.05)
    with tasks.prolonged():
        until(lambda: TaskLease.objects.get(task=other.pk).until > soon)
    assert TaskLease.objects.get(task=lost.pk).until == soon
    tasks.carry_out(other)
    assert list(TaskLease.objects.values_list("task", flat=True)) == [lost.pk]


@pytest.mark.django_db
def test_a_task_that_takes_its_process_with_it_waits_longer_each_time(path: Path) -> None:
    some_tasks.note.enqueue(str(path), "x")
    for _start in range(tasks.FREE_STARTS + 1):
        assert tasks.take() is not None
        TaskLease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert tasks.take() is None
    assert DBTaskResult.objects.get().run_after > timezone.now()


@pytest.mark.django_db
def test_what_was_done_long_ago_is_forgotten(path: Path) -> None:
    some_tasks.note.enqueue(str(path), "x")
    tasks.run_waiting()
    tasks.forget()
    assert DBTaskResult.objects.exists()
    DBTaskResult.objects.update(finished_at=timezone.now() - tasks.REMEMBERED - timedelta(seconds=1))
    tasks.forget()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_processes_do_each_task_once_and_what_one_died_of_is_done_again(path: Path, tmp_path: Path) -> None:
    deadly = tmp_path / "deadly"
    for word in range(20):
        some_tasks.note.enqueue(str(path), str(word))
    some_tasks.die_once.enqueue(str(deadly))
    with running(task_worker.__name__, 2) as workers:
        for each in workers:
            each.ask(None)
        assert sorted(each.said() for each in workers) == ["", "done"]
    assert sorted(map(int, lines(path))) == list(range(20))
    assert lines(deadly) == ["begun"]

    tasks.run_waiting()
    assert lines(deadly) == ["begun"]  # its lease goes on
    TaskLease.objects.update(until=timezone.now() - timedelta(seconds=1))
    tasks.run_waiting()
    assert lines(deadly) == ["begun", "done"]
    assert set(status()) == {TaskResultStatus.SUCCESSFUL}


@pytest.mark.django_db(transaction=True)
def test_a_program_that_is_stopped_gives_back_what_it_does_and_the_next_goes_on(path: Path) -> None:
    path.touch()
    some_tasks.count.enqueue(str(path), 2_000)
    command = [sys.executable, "manage.py", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=settings_of_this_test()) as program:
        until(lambda: len(lines(path)) > 3)
        program.send_signal(signal.SIGTERM)
        assert program.wait(LIMIT) == 0
    assert status() == [TaskResultStatus.READY]
    so_far = len(lines(path))
    assert so_far < 2_000
    DBTaskResult.objects.update(args_kwargs={"args": [str(path), so_far + 2], "kwargs": {}})
    tasks.run_waiting()
    assert lines(path) == [str(number + 1) for number in range(so_far + 2)]

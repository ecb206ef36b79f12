"""A job writes each number as carefully as somebody would by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboard.models import Change, Credential, Job, JobNumber, JobState, NumberNote, Scope, Token, User
from dashboard.platform import circuit
from dashboard.services import bulk
from tests.faulty_registry import FaultyRegistry
from tests.faulty_registry.store import Record
from tests.fixtures_jobs import Mirrored, Prepared, carried_out, hosts, results
from tests.fixtures_tokens import acting

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_is_moved_to_the_new_host(
    person: User, remote: Credential, prepared: Prepared, registry: FaultyRegistry
) -> None:
    before = hosts(registry)
    job = prepared()

    assert job.state == JobState.PREVIEW, job.failure
    assert results(job) == ["waiting"] * 3
    assert hosts(registry) == before
    assert registry.log == []

    bulk.start(person, job.pk, has_read=True)
    assert carried_out(job).state == JobState.FINISHED
    assert results(job) == ["done"] * 3
    assert sum("@pbx-new.example.org" in host for host in hosts(registry)) == registry.count("update")
    assert set(Change.objects.values_list("job", "reason")) == {(job.pk, "the new telephone system")}


def test_numbers_without_records_ask_once_which_numbers_there_are(
    person: User, mirrored: Mirrored, prepared: Prepared, registry: FaultyRegistry
) -> None:
    for number in registry.store.numbers.values():
        number.records.clear()
    mirrored()
    job = prepared("add", service="SIP", hostdata="{number}@pbx.example.org", preference="10")
    bulk.start(person, job.pk, has_read=True)
    asked = registry.count("list")

    carried_out(job)

    assert results(job) == ["done"] * 3
    assert all(host.endswith("@pbx.example.org") for host in hosts(registry))
    assert registry.count("list") == asked + 1


def first_record(registry: FaultyRegistry, place: int = 0) -> Record:
    """A record at the registry, as somebody else may change it."""
    return next(iter(registry.store.numbers[registry.number_ids[place]].records.values()))


def test_what_somebody_else_has_changed_is_left_and_looked_at_again(
    person: User, prepared: Prepared, registry: FaultyRegistry
) -> None:
    job = prepared()
    first_record(registry).hostdata = "colleague@example.org"
    bulk.start(person, job.pk, has_read=True)
    carried_out(job)

    assert sorted(results(job)) == ["conflict", "done", "done"]
    assert "colleague@example.org" in hosts(registry)
    again = carried_out(bulk.look_again(person, job.pk))
    assert results(again) == ["waiting"]
    bulk.start(person, again.pk, has_read=True)
    carried_out(again)
    assert "colleague@pbx-new.example.org" in hosts(registry)


def test_a_job_pauses_goes_on_and_ends_between_two_numbers(
    person: User, prepared: Prepared, registry: FaultyRegistry
) -> None:
    job = prepared()
    bulk.start(person, job.pk, has_read=True)
    bulk.pause(person, job.pk)
    assert carried_out(job).state == JobState.PAUSED
    assert registry.count("update") == 0
    bulk.resume(person, job.pk)
    assert carried_out(job).state == JobState.FINISHED

    job = prepared("replace", old="pbx-new", new="pbx-old")
    bulk.start(person, job.pk, has_read=True)
    bulk.cancel(person, job.pk)
    sent = registry.count("update")
    assert carried_out(job).state == JobState.CANCELLED
    assert registry.count("update") == sent
    with pytest.raises(bulk.NotNow):
        bulk.resume(person, job.pk)


def test_a_job_starts_at_its_time(person: User, prepared: Prepared) -> None:
    job = prepared()
    bulk.start(person, job.pk, has_read=True, at=timezone.now() + timedelta(hours=1))
    assert carried_out(job).state == JobState.SCHEDULED
    Job.objects.filter(pk=job.pk).update(starts_at=timezone.now())
    DBTaskResult.objects.update(run_after=timezone.now())
    assert carried_out(job).state == JobState.FINISHED


def test_a_silent_registry_is_waited_for_and_then_all_is_written(
    person: User, prepared: Prepared, registry: FaultyRegistry, set_deadline: Callable[[float], None]
) -> None:
    set_deadline(0.5)
    job = prepared()
    registry.fault("show", "hang")
    bulk.start(person, job.pk, has_read=True)

    assert carried_out(job).state == JobState.RUNNING
    assert job.goes_on_at is not None
    assert job.failure
    assert results(job) == ["waiting"] * 3
    registry.heal()
    set_deadline(10)
    circuit.Circuit(registry.url).answered()
    DBTaskResult.objects.update(run_after=timezone.now())
    assert carried_out(job).state == JobState.FINISHED
    assert results(job) == ["done"] * 3
    assert not job.failure


def test_what_the_registry_refused_is_tried_again_when_somebody_says_so(
    person: User, prepared: Prepared, registry: FaultyRegistry
) -> None:
    job = prepared()
    registry.fault("update", "bad", times=1)
    bulk.start(person, job.pk, has_read=True)
    carried_out(job)
    assert sorted(results(job)) == ["done", "done", "failed"]
    sent = registry.count("update")

    bulk.try_again(person, job.pk)
    assert carried_out(job).state == JobState.FINISHED
    assert results(job) == ["done"] * 3
    assert registry.count("update") > sent
    assert sum("@pbx-new.example.org" in host for host in hosts(registry)) == registry.count("update") - 1


@pytest.mark.parametrize("is_token", [False, True])
def test_nothing_is_written_for_who_is_gone(
    person: User, prepared: Prepared, registry: FaultyRegistry, is_token: bool
) -> None:
    program = acting(person, scope=Scope.WRITE) if is_token else person
    job = prepared(by=program)
    bulk.start(program, job.pk, has_read=True)
    if is_token:
        Token.objects.update(revoked_at=timezone.now())
    else:
        User.objects.update(is_active=False)

    assert carried_out(job).state == JobState.FINISHED
    assert results(job) == ["failed"] * 3
    assert registry.count("update") == 0


def test_a_whole_job_is_undone_and_what_a_colleague_did_since_stays(
    person: User, prepared: Prepared, registry: FaultyRegistry, mirrored: Mirrored
) -> None:
    before = hosts(registry)
    job = prepared()
    bulk.start(person, job.pk, has_read=True)
    carried_out(job)
    sent = registry.count("update")
    theirs = first_record(registry)
    was = theirs.hostdata
    theirs.hostdata = "colleague@example.org"
    mirrored()

    undone = carried_out(bulk.undo(person, job.pk))
    assert undone.state == JobState.PREVIEW, undone.failure
    assert any("left as it is" in item.words for item in JobNumber.objects.filter(job=undone))
    bulk.start(person, undone.pk, has_read=True)
    assert carried_out(undone).state == JobState.FINISHED
    left = hosts(registry)
    assert "colleague@example.org" in left
    assert was not in left
    assert len(set(before) - set(left)) == 1
    assert Change.objects.filter(job=undone).exclude(undoes=None).count() == registry.count("update") - sent


def test_tags_are_sent_nowhere(person: User, prepared: Prepared, registry: FaultyRegistry) -> None:
    NumberNote.objects.create(
        credential=Credential.objects.get(), number_id=registry.number_ids[0], tags="old kept", text="a note"
    )
    job = prepared("tag", add="moved", remove="old")
    bulk.start(person, job.pk)
    assert carried_out(job).state == JobState.FINISHED
    assert sorted(NumberNote.objects.values_list("tags", flat=True)) == ["kept moved", "moved", "moved"]
    assert NumberNote.objects.filter(text="a note").count() == 1
    assert registry.log == []


def test_tags_go_back_to_what_each_number_had_and_what_others_did_stays(
    person: User, remote: Credential, prepared: Prepared, registry: FaultyRegistry
) -> None:
    first, second, third = registry.number_ids
    for number, had in ((first, "old kept"), (second, "moved")):
        NumberNote.objects.create(credential=remote, number_id=number, tags=had)

    def tags() -> list[str]:
        notes = dict(NumberNote.objects.values_list("number_id", "tags"))
        return [notes[number] for number in (first, second, third)]

    def undone(job: Job, *, with_theirs: bool = False) -> Job:
        made = carried_out(bulk.undo(person, job.pk, with_theirs=with_theirs))
        assert made.state == JobState.PREVIEW, made.failure
        bulk.start(person, made.pk)
        return carried_out(made)

    job = prepared("tag", add="moved", remove="old")
    bulk.start(person, job.pk)
    assert results(carried_out(job)) == ["done", "same", "done"]
    assert tags() == ["kept moved", "moved", "moved"]
    NumberNote.objects.filter(number_id=third).update(tags="moved theirs")

    back = undone(job)
    assert tags() == ["old kept", "moved", "theirs"]
    assert results(back) == ["done", "done"]
    again = undone(back)
    assert tags() == ["kept moved", "moved", "moved theirs"]
    assert undone(job, with_theirs=True).state == JobState.FINISHED
    assert tags() == ["old kept", "moved", ""]
    assert again.is_about_tags
    assert registry.log == []

    JobNumber.objects.filter(job=job).update(tags=None)
    with pytest.raises(bulk.NotNow, match="not kept"):
        bulk.undo(person, job.pk)

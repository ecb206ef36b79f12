"""What a preview costs: what must be asked is asked for many numbers together."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Change, Credential, Job, JobNumber, JobState, MirroredNumber, Outcome, Result, User
from dashboard.models.change import Command
from dashboard.models.job import Action
from dashboard.protocol import RecordState
from dashboard.services import bulk
from dashboard.services.bulk import preparing
from dashboard.services.bulk.preparing import prepare
from dashboard.services.fingerprints import fingerprint

pytestmark = pytest.mark.django_db(transaction=True)


def sip(record_id: int, host: str) -> RecordState:
    return RecordState(id=record_id, preference=10, service="SIP", hostdata=f"a@{host}.example.org")


def done_job(person: User, credential: Credential, count: int) -> Job:
    """A job that took each number from its old host to a new one, and what happened there before and since.

    Each third number was changed by somebody since, and each fourth one deleted and put back under another id.
    """
    job = Job.objects.create(
        user=person, person="alice", action=Action.POINT, state=JobState.FINISHED, started_at=timezone.now()
    )
    job.uses.add(credential)
    for place in range(1, count + 1):
        was, left = [sip(place, "old")], [sip(place, "new")]
        digits = f"44207946{place:04}"
        of_number = {"credential": credential, "number_id": place, "number": digits, "settled_at": timezone.now()}
        done = {**of_number, "user": person, "outcome": Outcome.APPLIED}
        Change.objects.create(**done, job=job, command=Command.UPDATE, record_id=place, before=was, after=left)
        if place % 3 == 0:
            left = [sip(place, "theirs")]
        elif place % 4 == 0:
            left = [sip(1000 + place, "new")]
            Change.objects.create(
                **done, command=Command.NEW, record_id=1000 + place, was_id=place, before=[], after=left
            )
        job.numbers.create(place=place, credential=credential, number_id=place, digits=digits, result=Result.DONE)
        MirroredNumber.objects.create(
            credential=credential,
            number_id=place,
            country="44",
            area="20",
            local=f"7946{place:04}",
            digits=digits,
            records=left,
            record_count=1,
            fingerprint=fingerprint(left),
            seen_at=timezone.now(),
        )
    return job


def asked(person: User, job: Job) -> tuple[int, Sequence[JobNumber]]:
    """How many questions the preview of its undo asks, and the preview."""
    undone = bulk.undo(person, job.pk)
    with CaptureQueriesContext(connection) as queries:
        prepare.func(undone.pk)
    return len(queries), list(JobNumber.objects.filter(job=undone).order_by("place"))


def test_the_preview_of_an_undo_asks_for_a_chunk_of_numbers_and_not_for_each(
    person: User, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "CHUNK", 10)
    job = done_job(person, credential, 40)
    of_four, numbers = asked(person, job)

    assert [number.result for number in numbers[:4]] == [Result.WAITING, Result.WAITING, Result.SAME, Result.WAITING]
    assert "left as it is" in numbers[2].words
    assert [[one.hostdata for one in number.after] for number in numbers[:3]] == [
        ["a@old.example.org"],
        ["a@old.example.org"],
        ["a@theirs.example.org"],
    ]
    assert numbers[3].after == [sip(1004, "old")]

    monkeypatch.setattr(preparing, "CHUNK", 20)
    job.numbers.filter(place__gt=20).delete()
    of_twenty, same = asked(person, job)
    assert [(one.after, one.words) for one in same] == [(one.after, one.words) for one in numbers[:20]]
    job.numbers.filter(place__gt=10).delete()
    of_ten, _numbers = asked(person, job)
    assert of_ten == of_twenty < of_four

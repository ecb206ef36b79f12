"""What the tests of jobs share: the mirror of a registry on a real socket, and jobs that were prepared."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboard.models import Credential, Job, JobNumber, JobState, MirroredNumber, User
from dashboard.models.searching import mirrored_text
from dashboard.services import bulk
from dashboard.services.background.tasks import run_waiting
from dashboard.services.bulk.preparing import prepare
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import fingerprint
from tests.faulty_registry import FaultyRegistry

Mirrored = Callable[[], None]
Prepared = Callable[..., Job]


@pytest.fixture
def mirrored(person: User, remote: Credential, registry: FaultyRegistry) -> Mirrored:
    """Look at all numbers again, as a refresh does."""

    def look() -> None:
        connected = connect(person, remote)
        for number in connected.list():
            records = connected.show(number.id)
            MirroredNumber.objects.update_or_create(
                credential=remote,
                number_id=number.id,
                defaults={
                    "country": number.country,
                    "area": number.area,
                    "local": number.local,
                    "digits": number.digits,
                    "records": [record.state for record in records],
                    "record_count": len(records),
                    "fingerprint": fingerprint(records),
                    "seen_at": timezone.now(),
                    "text": mirrored_text(number.digits, [record.state for record in records]),
                },
            )
        registry.log.clear()

    look()
    return look


@pytest.fixture
def prepared(person: User, remote: Credential, mirrored: Mirrored, registry: FaultyRegistry) -> Prepared:
    """A job for all numbers, with its preview."""

    def make(action: str = "point", by: User = person, **fields: object) -> Job:
        chosen = [f"{remote.pk}:{number}" for number in registry.number_ids]
        given = fields or {"pattern": "{local}@pbx-new.example.org", "service": "SIP"}
        job = bulk.make(by, action, given, numbers=chosen, reason="the new telephone system")
        prepare.func(job.pk)
        DBTaskResult.objects.all().delete()
        job.refresh_from_db()
        return job

    return make


def job_of(person: User, credential: Credential) -> Job:
    """A job of one number that waits for a second person, where a team demands one."""
    job = Job.objects.create(
        user=person, person="alice", action="remove", fields={"service": "SIP"}, state=JobState.APPROVAL
    )
    job.uses.add(credential)
    job.numbers.create(place=1, credential=credential, number_id=1, digits="442079460000")
    return job


def carried_out(job: Job) -> Job:
    """Do what waits, and look at the job."""
    run_waiting()
    job.refresh_from_db()
    return job


def results(job: Job) -> list[str]:
    """What is known of its numbers, in their order."""
    return list(JobNumber.objects.filter(job=job).order_by("place").values_list("result", flat=True))


def hosts(registry: FaultyRegistry) -> list[str]:
    """All host data at the registry."""
    return sorted(one.hostdata for number in registry.store.numbers.values() for one in number.records.values())

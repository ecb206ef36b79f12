"""A preview or a job in a process of its own, measured: `python -m tests.benchmarks.job_turns preview|job COUNT ...`.

Prints what it took as JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from dashboard.models import Credential, Job
    from dashboard.protocol import Number, RecordState

BATCH = 500
AT_ONCE = 4  # numbers that are looked at together, to have the mirror soon


def credential_at(url: str, ca_bundle: str, username: str, password: str) -> "Credential":
    """A credential of somebody new."""
    from dashboard.models import Registry, User
    from dashboard.protocol import secret_of
    from tests.fixtures_people import sealed_credential

    person = User.objects.create(username=f"person at {url}"[:150])
    registry = Registry.objects.create(name=url[:100], url=url, ca_bundle=ca_bundle)
    return sealed_credential(person, registry, username, secret_of(password), url[:100])


def mirror(credential: "Credential", seen: "Iterable[tuple[Number, list[RecordState]]]") -> None:
    """What a registry said last."""
    from django.utils import timezone

    from dashboard.models import MirroredNumber
    from dashboard.models.searching import mirrored_text
    from dashboard.services.fingerprints import fingerprint

    rows: list[MirroredNumber] = []
    for number, records in seen:
        rows.append(
            MirroredNumber(
                credential=credential,
                number_id=number.id,
                country=number.country,
                area=number.area,
                local=number.local,
                digits=number.digits,
                records=records,
                record_count=len(records),
                fingerprint=fingerprint(records),
                seen_at=timezone.now(),
                text=mirrored_text(number.digits, records),
            )
        )
        if len(rows) == BATCH:
            MirroredNumber.objects.bulk_create(rows)
            rows = []
    MirroredNumber.objects.bulk_create(rows)


def job_for(credential: "Credential") -> "Job":
    """A job that points all numbers of a credential to another host."""
    from dashboard.services import bulk

    fields = {"pattern": "{local}@pbx-new.example.org", "service": "SIP"}
    return bulk.make(credential.user, "point", fields, query=f'credential:"{credential.label}"')


def preview(count: int) -> dict[str, float]:
    """Seconds of CPU for a preview, and for its predictions alone: each number's records as they are and as they
    would be, made into those of the DNS and given to all telephone systems. And the most memory that was held.
    """
    from dashboard.enum import Name, naptr_for
    from dashboard.models import JobNumber
    from dashboard.protocol import Number, RecordState
    from dashboard.services.bulk.preparing import prepare
    from dashboard.telephones import predict

    def records(number: int) -> "list[RecordState]":
        return [
            RecordState(id=2 * number, preference=10, service="SIP", hostdata=f"user{number}@pbx-old.example.org"),
            RecordState(id=2 * number + 1, preference=20, service="MAILTO", hostdata=f"user{number}@example.org"),
        ]

    credential = credential_at("https://nowhere.example.org/", "", "nobody", "none")
    mirror(
        credential,
        (
            (Number(id=place, country="44", area="20", local=f"{70000000 + place}"), records(place))
            for place in range(1, count + 1)
        ),
    )
    job = job_for(credential)
    began = time.process_time()
    prepare.func(job.pk)
    spent = time.process_time() - began
    waiting = JobNumber.objects.filter(job=job, result="waiting")
    assert waiting.count() == count
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    bare = 0.0
    for item in waiting.iterator(chunk_size=BATCH):
        for states in (item.before, item.after):
            began = time.process_time()
            naptrs = [naptr_for(one, one.order, Name(item.digits)) for one in states]
            predict(item.digits, [naptr for naptr in naptrs if naptr is not None])
            bare += time.process_time() - began
    return {"preview": spent, "bare": bare, "megabytes": megabytes}


def job(count: int, username: str, password: str, url: str, ca_bundle: str) -> dict[str, float]:
    """Seconds from the start of a job to its end."""
    from dashboard.models import JobNumber
    from dashboard.services import bulk
    from dashboard.services.bulk.preparing import prepare
    from dashboard.services.bulk.running import run
    from dashboard.services.credentials.connection import connect, unrecorded

    credential = credential_at(url, ca_bundle, username, password)

    def look(number: "Number") -> "tuple[Number, list[RecordState]]":
        with unrecorded():
            return number, [one.state for one in connect(credential.user, credential).show(number.id)]

    numbers = connect(credential.user, credential).list()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        mirror(credential, list(pool.map(look, numbers)))
    made = job_for(credential)
    prepare.func(made.pk)
    bulk.start(credential.user, made.pk, has_read=True)
    began = time.monotonic()
    run.func(made.pk)
    seconds = time.monotonic() - began
    done = JobNumber.objects.filter(job=made, result="done").count()
    assert len(numbers) == count
    return {"seconds": seconds, "done": done}


def main() -> None:
    """Measure what the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    what, count, *login = sys.argv[1:]
    print(json.dumps(preview(int(count)) if what == "preview" else job(int(count), *login)))


if __name__ == "__main__":
    main()

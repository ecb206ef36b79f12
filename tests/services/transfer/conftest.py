"""Numbers as the mirror has them, and texts that are imported in this process."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import Credential, Import, Job, JobNumber, Mirror, MirroredNumber, User
from dashboard.models.searching import mirrored_text
from dashboard.protocol import RecordState
from dashboard.services.background.tasks import run_waiting
from dashboard.services.fingerprints import fingerprint
from dashboard.services.transfer.keeping import keep
from dashboard.services.transfer.options import Options
from dashboard.services.transfer.starting import start_preview

Imports = Callable[..., list[JobNumber]]


def sip(record_id: int | None, hostdata: str, preference: int = 10, service: str = "SIP") -> RecordState:
    """A record as a registry has it."""
    return RecordState(id=record_id, preference=preference, service=service, hostdata=hostdata)


def mirrored(credential: Credential, name: str, records: Sequence[RecordState] = (), **more: Any) -> MirroredNumber:
    """A number that was looked at: its digits, with a star behind those of a block."""
    now = timezone.now()
    Mirror.objects.update_or_create(credential=credential, defaults={"listed_at": now, "finished_at": now})
    return MirroredNumber.objects.create(
        credential=credential,
        number_id=more.pop("number_id", 1000 + MirroredNumber.objects.count()),
        country=name[:2],
        local=name[2:],
        digits=name.removesuffix("*"),
        records=list(records),
        record_count=len(records),
        fingerprint=fingerprint(list(records)),
        text=mirrored_text(name.removesuffix("*"), list(records)),
        seen_at=now,
        **more,
    )


def imported(person: User, credential: Credential, text: str | bytes, *, name: str = "", **options: Any) -> Import:
    """An import whose preview is made."""
    octets = text if isinstance(text, bytes) else text.encode()
    kept = keep(person, credential.pk, [octets], name=name, options=Options(**options))
    start_preview(person, kept, Options.of(kept.options))
    run_waiting()
    kept.refresh_from_db()
    return kept


def numbers_of(kept: Import) -> list[JobNumber]:
    """The numbers of an import's job."""
    return list(JobNumber.objects.filter(job=kept.job).order_by("place"))


@pytest.fixture
def imports(person: User, credential: Credential) -> Imports:
    """Import a text for Alice's credential, and return the numbers of its job."""

    def run(text: str | bytes, **options: Any) -> list[JobNumber]:
        kept = imported(person, credential, text, **options)
        assert Job.objects.get(pk=kept.job_id or 0).failure == ""
        return numbers_of(kept)

    return run

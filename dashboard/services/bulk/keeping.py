"""Raw records of a number of a job come or go, once, in one transaction with the note that they did."""

from collections.abc import Sequence

from django.db import transaction

from dashboard.models import Credential, Job, JobNumber, User
from dashboard.protocol import RecordState
from dashboard.services import audit, embedded, history
from dashboard.services.credentials.connection import connect
from dashboard.services.numbers import read_number
from dashboard.services.records.planning import alike
from dashboard.services.zones import raws_of


def keep_raws(person: User, job: Job, item: JobNumber, credential: Credential) -> bool:
    """Give a number of a job the raw records that its preview showed, before its records are written.

    What was done is stored with it, so whoever goes on after a process was killed does nothing twice. False where
    somebody else has changed the number since, or its raw records; then nothing was changed.

    Raises PermissionDenied for who is no administrator any more, NumberError where they cannot be published, Http404
    and client.RegistryError.
    """
    before, after = item.raws_before or [], item.raws_after or []
    come, gone = item.raws_come, item.raws_gone
    for away, records in ((False, come), (True, gone)):
        if records:
            embedded.insist_raws(person, credential, away=away)
    with history.writing_alone(credential, item.number_id or 0):
        found = read_number(person, connect(person, credential), credential, item.number_id or 0)
        if found.fingerprint != item.seen and not alike(found.states, _records(item)):
            return False
        with transaction.atomic():
            if not embedded.change_raws(credential, item.digits, before, after):
                return set(raws_of(credential.registry, [item.digits])[0]) == set(after)
            item.raws_done = True
            item.save(update_fields=["raws_done"])
            for event, records in (("raw-records.kept", come), ("raw-records.taken-away", gone)):
                if records:
                    said = "; ".join(one.to_text() for one in records)
                    audit.note(event, by=person, credential=credential, words=f"job {job.pk}: +{item.digits}: {said}")
    return True


def _records(item: JobNumber) -> Sequence[RecordState]:
    found: list[RecordState] = item.after
    return found

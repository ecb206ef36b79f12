"""What a row of the mirror says of a number besides its records: what it is found by, and who cannot use them."""

from collections.abc import Mapping, Sequence

from dashboard import access
from dashboard.enum import in_order, naptr_for
from dashboard.models import Credential, MirroredNumber
from dashboard.models.searching import MAX_DIGITS, mirrored_text
from dashboard.protocol import Number, RecordState
from dashboard.services.names import name_of
from dashboard.telephones import predict

# Why a telephone system does not use a record that is none for it: that is no problem of the record.
NOT_FOR_IT = frozenset({"service", "switched-off", "double"})
NAMED = ("country", "area", "local", "digits")  # the fields that say which number it is
SAID = ("record_count", "records", "fingerprint", "is_expected", "seen_at", "changed_at", "problems", "text")


def name(row: MirroredNumber, number: Number) -> bool:
    """Say in a row which number it is. Whether that was not known, or another."""
    was = [getattr(row, field) for field in NAMED]
    row.country, row.area, row.local = number.country, number.area, number.local
    row.digits = number.digits[:MAX_DIGITS]
    return was != [getattr(row, field) for field in NAMED]


def fill(row: MirroredNumber, records: Sequence[RecordState], mark: str) -> None:
    """Say in a row, of which is known which number it is, that it has these records; `mark` is their fingerprint."""
    row.records, row.record_count, row.fingerprint = list(records), len(records), mark
    row.text = mirrored_text(row.digits, records)
    row.problems = problems_of(row.number, records) if row.digits else ""


def problems_of(number: Number, records: Sequence[RecordState]) -> str:
    """The names of the telephone systems that have a problem with a number's records, with blanks around each.

    A record that can be in no DNS is one for all; one of another service is one for a system that then finds nothing
    to call where others do.
    """
    place = name_of(number)
    forms = [naptr_for(record, record.order, place) for record in in_order(list(records))]
    predictions = predict(place.example, [naptr for naptr in forms if naptr is not None])
    some_call = any(prediction.uris for prediction in predictions)
    named = [
        prediction.telephone.name
        for prediction in predictions
        if None in forms
        or (some_call and not prediction.uris)
        or any(verdict.state != "used" and verdict.code not in NOT_FOR_IT for verdict in prediction.verdicts)
    ]
    return f" {' '.join(named)} " if named else ""


def note_dns(credential: Credential, states: Mapping[int, str]) -> None:
    """Note what the DNS says of some numbers, by their ids; most of it is known, and then nothing is written."""
    known = access.every_mirrored_number().filter(credential_id=credential.pk, number_id__in=list(states))
    changed: dict[str, list[int]] = {}
    for pk, number_id, state in known.values_list("pk", "number_id", "dns_state"):
        if state != states[number_id]:
            changed.setdefault(states[number_id], []).append(pk)
    for state, pks in changed.items():
        access.every_mirrored_number().filter(pk__in=pks).update(dns_state=state)

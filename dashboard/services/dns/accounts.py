"""What the DNS says about numbers of an account: their records are read from the registry, live, and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from dashboard import narrowing
from dashboard.client import Client, RegistryError
from dashboard.enum import NumberError
from dashboard.enum.problems import gettext_noop
from dashboard.models import Credential, User
from dashboard.platform import admission
from dashboard.protocol import Number, Record
from dashboard.services import zones
from dashboard.services.credentials.connection import connect, stored_together
from dashboard.services.dns.judging import Expected, NumberState
from dashboard.services.dns.looking import MAX_NUMBERS, Look, expected_of, look, look_by_zone
from dashboard.services.history import note_dns, notice
from dashboard.services.numbers import NumberRecords, fingerprint, records_of
from dashboard.services.numbers.formatting import name_of
from dashboard.services.sentences import Sayable

READING_SHARE = 0.5  # of a page's time; the other half is for the DNS
DNS = "the DNS"  # all its servers are one to `admission`, since a page asks them together


class TooManyLooks(Exception):
    """So many pages ask the DNS already that this one must wait; `message` and `params` are for people."""

    message = gettext_noop("The DNS is being asked about too much at once. Wait a moment, then ask again.")
    params: Mapping[str, object] = {}


@dataclass(frozen=True, kw_only=True)
class CheckedNumber:
    """One number, and its state in the DNS; without one, `problem` says why nothing could be compared."""

    number: Number
    state: NumberState | None = None
    problem: Sayable | None = None


@dataclass(frozen=True, kw_only=True)
class AccountLook:
    """What the DNS says about some numbers of an account."""

    rows: list[CheckedNumber]
    look: Look


def look_at_number(person: User, credential: Credential, found: NumberRecords) -> Look:
    """What the DNS says about one number whose records were just read. Raises NumberError and TooManyLooks."""
    (zone,) = zones.zones_of(credential.registry, [name_of(found.number).text])
    expected = expected_of(found.number, found.records, credential.registry, zone, found.raws)
    with admission.waiting(DNS, person.pk, TooManyLooks):
        seen = look(zone, [expected], caller_names=True)
    note_dns(credential, {found.number.id: seen.numbers[0].state})
    return seen


def look_at_ids(person: User, credential: Credential, ids: Sequence[int]) -> AccountLook:
    """What the DNS says about the numbers with these ids, MAX_NUMBERS at most; ids that are not the account's are
    left out. Raises client.RegistryError and TooManyLooks.
    """
    registry = connect(person, credential, share=READING_SHARE)
    known = {number.id: number for number in registry.list()}
    asked = [known[number_id] for number_id in dict.fromkeys(ids) if number_id in known]
    return look_at_numbers(person, credential, registry, asked[:MAX_NUMBERS])


def look_at_numbers(person: User, credential: Credential, registry: Client, numbers: Sequence[Number]) -> AccountLook:
    """What the DNS says about these numbers, MAX_NUMBERS at most, as far as the person reaches them.

    Records that cannot be read are a problem of their row. Raises TooManyLooks.
    """
    numbers = narrowing.numbers_reached(person, list(numbers))
    names = [name_of(number).text for number in numbers]
    zone_of = dict(zip((number.id for number in numbers), zones.zones_of(credential.registry, names), strict=True))
    raws_of = dict(zip((number.id for number in numbers), zones.raws_of(credential.registry, names), strict=True))
    rows: dict[int, CheckedNumber] = {}
    expected: dict[int, Expected] = {}
    asked_at = timezone.now()
    with stored_together():
        read = list(_read(registry, numbers))
    for number, records in read:
        if isinstance(records, RegistryError):
            rows[number.id] = CheckedNumber(number=number, problem=records)
            continue
        notice(credential, number, [record.state for record in records], fingerprint(records), asked_at)
        try:
            zone, raws = zone_of[number.id], raws_of[number.id]
            expected[number.id] = expected_of(number, records, credential.registry, zone, raws)
        except NumberError as problem:
            rows[number.id] = CheckedNumber(number=number, problem=problem)
    with admission.waiting(DNS, person.pk, TooManyLooks):
        seen = look_by_zone([(zone_of[number_id], one) for number_id, one in expected.items()])
    states = dict(zip(expected, seen.numbers, strict=True))
    note_dns(credential, {number_id: one.state for number_id, one in states.items()})
    kept = [
        rows.get(number.id) or CheckedNumber(number=number, state=states[number.id])
        for number in numbers
        if number.id in rows or number.id in states
    ]
    return AccountLook(rows=kept, look=seen)


def _read(registry: Client, numbers: Sequence[Number]) -> Iterator[tuple[Number, list[Record] | RegistryError]]:
    """The records of each number, or why they are not known. The client's own deadline bounds all of it."""
    for number in numbers:
        try:
            yield number, records_of(registry, number.id)
        except Http404:
            continue  # deleted a moment ago
        except RegistryError as failure:
            yield number, failure

"""Watched numbers are looked at now and then: at their registries, so that what changed elsewhere is seen, and in the
DNS.

Politely: of one registry one number at a time, and each every ten minutes at most.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from dashboard import access
from dashboard.client import RegistryError
from dashboard.enum import NumberError
from dashboard.models import RegistryState, Watch, WatchedNumber
from dashboard.services import dns
from dashboard.services.background import registries
from dashboard.services.credentials.connection import one_deadline, unrecorded
from dashboard.services.numbers import NumberRecords, show_number
from dashboard.services.telling import concerns_dns, note_dns, tagged

EVERY = timedelta(minutes=10)
AGAIN = timedelta(minutes=1)  # to the next look at a number that the DNS has not followed yet
PATIENCE = timedelta(minutes=10)  # that the DNS has to follow
ENROLLED = 1000  # numbers at a time

_OTHERWISE = frozenset({dns.State.DIFFERS, dns.State.MISSING, dns.State.EXTRA})


def enroll() -> None:
    """See to it that the numbers that somebody watches are looked at, and no others.

    Of a credential that is watched as a whole, these are the numbers that were seen before: of others nobody knows
    what they had. Who may not see a credential any more is told nothing of it, so no registry is asked for them.
    """
    watches = _watches()
    whole = watches.filter(number_id=None, tag="")
    seen = access.every_mirrored_number().filter(credential__in=whole.values("credential"), seen_at__isnull=False)
    enrolled = WatchedNumber.objects.values_list("credential", "number_id")
    single = _single(watches)
    _add([*seen.values_list("credential", "number_id").difference(enrolled)[:ENROLLED], *single])
    others = WatchedNumber.objects.filter(~Exists(whole.filter(credential=OuterRef("credential"))))
    gone = [pk for pk, *number in others.values_list("pk", "credential", "number_id") if tuple(number) not in single]
    WatchedNumber.objects.filter(pk__in=gone[:ENROLLED]).delete()


def _watches() -> QuerySet[Watch]:
    """The watches of whoever may know of what they watch."""
    may_know = dict[tuple[int | None, int | None, int], bool]()
    theirs = list[int]()
    for watch in Watch.objects.select_related("user", "team").order_by():
        key, whose = (watch.user_id, watch.team_id, watch.credential_id), watch.user or watch.team
        if key not in may_know:
            may_know[key] = whose is not None and access.may_know(whose, watch.credential_id)
        if may_know[key]:
            theirs.append(watch.pk)
    return Watch.objects.filter(pk__in=theirs)


def _single(watches: QuerySet[Watch]) -> set[tuple[int, int]]:
    """The numbers that are watched by themselves or for a tag, each with its credential."""
    named = watches.exclude(number_id=None).values_list("credential", "number_id")
    tags = watches.exclude(tag="").values_list("credential", "tag").distinct()
    of_tags = {(credential, number) for credential, tag in tags for number in tagged(credential, tag)}
    return of_tags | {(credential, number) for credential, number in named if number is not None}


def _add(numbers: Iterable[tuple[int, int]]) -> None:
    WatchedNumber.objects.bulk_create(
        [WatchedNumber(credential_id=credential, number_id=number) for credential, number in numbers],
        ignore_conflicts=True,
    )


def registries_with_numbers_due() -> list[int]:
    """The registries of which a watched number is to be looked at now."""
    now = timezone.now()
    resting = RegistryState.objects.filter(failures__gt=0, due_at__gt=now).values("registry")
    due = WatchedNumber.objects.filter(due_at__lte=now, credential__registry__is_enabled=True)
    found = due.exclude(credential__registry__in=resting)
    return list(found.values_list("credential__registry", flat=True).distinct())


def look_at_one(registry: int) -> None:
    """Look at the number of a registry that was looked at least lately."""
    now = timezone.now()
    due = WatchedNumber.objects.filter(due_at__lte=now, credential__registry=registry).order_by("due_at")
    watched = due.select_related("credential__registry", "credential__user").first()
    if watched is None or registries.rests(registry):
        return
    # First, so that a number at which this process dies is not the first one again.
    WatchedNumber.objects.filter(pk=watched.pk).update(due_at=now + EVERY)
    credential = watched.credential
    try:
        with unrecorded(), one_deadline():
            found = show_number(credential.user, credential, watched.number_id)
    except Http404:
        return  # it was deleted elsewhere
    except RegistryError as failure:
        registries.heard(credential.registry, failure)
        return
    registries.answered(credential.registry)
    if concerns_dns(credential, watched.number_id):
        _look_at_dns(watched, found)


def _look_at_dns(watched: WatchedNumber, found: NumberRecords) -> None:
    try:
        look = dns.look_at_number(watched.credential.user, watched.credential, found)
    except (NumberError, dns.TooManyLooks):
        return
    judge(watched, found.number.digits, look.numbers[0].state)


def judge(watched: WatchedNumber, number: str, state: dns.State) -> None:
    """Note what the DNS says of a number; tell who wants to know once it has not followed for PATIENCE."""
    now = timezone.now()
    with transaction.atomic():
        row = WatchedNumber.objects.select_for_update().filter(pk=watched.pk).first()
        if row is None:
            return
        if state in _OTHERWISE:
            row.dns_since = row.dns_since or now
            row.due_at = row.due_at if row.dns_told else now + AGAIN
            if not row.dns_told and now - row.dns_since >= PATIENCE:
                row.dns_told, row.due_at = True, now + EVERY
                note_dns(row, number, state, row.dns_since, follows=False)
        elif state is not dns.State.UNREACHABLE and row.dns_since:
            if row.dns_told:
                note_dns(row, number, state, row.dns_since, follows=True)
            row.dns_since, row.dns_told = None, False
        row.save(update_fields=["dns_since", "dns_told", "due_at"])

"""Fills the mirror: `python -m tests.benchmarks.fill_mirror USERNAME NUMBERS`.

The numbers are of a second credential beside the person's first, which no refresh asks the registry for.
All numbers have a record of the common host. One in ten thousand has the rare one too, and the last tenth, in the
order of numbers, has one that no other has.
"""

import os
import sys

import django

BATCH = 2_000
COMMON, RARE, LAST = "sip.example.org", "rare.example.net", "late.example.com"
RARE_EVERY = 10_000  # numbers
SEVENTH = 7  # of so many, one has what few have
LARGE = 1_000  # the id of the credential


def fill(username: str, count: int) -> None:
    """Store so many numbers, as the mirror does."""
    from django.db import connection
    from django.utils import timezone

    from dashboard.models import Credential, Mirror, MirroredNumber
    from dashboard.models.searching import mirrored_text
    from dashboard.protocol import RecordState

    first, now = Credential.objects.filter(user__username=username).earliest("pk"), timezone.now()
    credential = Credential.objects.create(
        pk=LARGE,
        user=first.user,
        registry=first.registry,
        label="large",
        username="large",
        services=first.services,
        checked_at=now,
    )
    Mirror.objects.create(
        credential=credential, began_at=now, listed_at=now, finished_at=now, total=count, done=count, used_at=now
    )

    def number(place: int) -> MirroredNumber:
        digits = f"4930{place:08}"
        hosts = [COMMON, *([RARE] if place % RARE_EVERY == 0 else []), *([LAST] if place >= count * 9 // 10 else [])]
        records = [
            RecordState(id=place * 3 + turn, preference=10, service="SIP", hostdata=f"{place}@{host}")
            for turn, host in enumerate(hosts)
        ]
        return MirroredNumber(
            credential=credential,
            number_id=place,
            country="49",
            area="30",
            local=f"{place:08}",
            digits=digits,
            record_count=len(records),
            records=records,
            fingerprint="x",
            seen_at=now,
            changed_at=now,
            problems=" asterisk " if place % SEVENTH == 0 else "",
            dns_state="differs" if place % SEVENTH == 1 else "published",
            text=mirrored_text(digits, records),
        )

    for start in range(0, count, BATCH):
        some = [number(place) for place in range(start, min(start + BATCH, count))]
        MirroredNumber.objects.bulk_create(some)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as it does by itself within a minute


def main() -> None:
    """Fill the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    username, count = sys.argv[1:]
    fill(username, int(count))


if __name__ == "__main__":
    main()

"""Fills the history: `python -m tests.benchmarks.fill_history USERNAME CHANGES`, with the person's first credential.

Of a hundred changes, one is about a host of its own kind, which is looked for; each has a record before and after.
"""

import os
import sys

import django

BATCH = 2_000
NUMBERS = 1_000
RARE, COMMON = "rare.example.net", "sip.example.org"
RARE_EVERY = 10_000  # changes


def fill(username: str, count: int) -> None:
    """Store so many changes, as `Change.save` does."""
    from django.db import connection

    from dashboard.models import Change, Credential
    from dashboard.protocol import RecordState

    credential = Credential.objects.filter(user__username=username).select_related("registry", "user").earliest("pk")

    def change(place: int) -> Change:
        host = RARE if place % RARE_EVERY == 0 else COMMON
        before, after = (
            [RecordState(id=place, preference=10 * turn, service="SIP", hostdata=f"{place + turn}@{host}")]
            for turn in (1, 2)
        )
        made = Change(
            user=credential.user,
            person=username,
            credential=credential,
            credential_label=credential.label,
            registry_name=credential.registry.name,
            command="update",
            number_id=place % NUMBERS,
            number=f"999{place % NUMBERS:09}",
            record_id=place,
            before=before,
            after=after,
            outcome="applied",
            settled_at=credential.created_at,
        )
        made.text = made.searched
        return made

    for start in range(0, count, BATCH):
        Change.objects.bulk_create(change(place) for place in range(start, min(start + BATCH, count)))
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

"""Gives the embedded registry an account of many numbers: `python -m tests.benchmarks.fill USERNAME NUMBERS`.

The password comes on the standard input. Prints the id of the first number, which has records.
"""

import os
import sys

import django

COUNTRY = "999"  # kept free by the ITU, so nobody can own these numbers
BATCH = 2_000
RECORDS = 3


def fill(username: str, password: str, count: int) -> int:
    """Make the account with its numbers, and records of the first. Returns the id of that number."""
    from dashboard.registry import store
    from dashboard.registry.models import Account, Number

    account = Account(username=username)
    account.set_password(password)
    account.save()
    start = Number.objects.count()
    numbers = (
        Number(account=account, country=COUNTRY, area="", local=local, digits=COUNTRY + local)
        for local in (f"{place:09}" for place in range(start, start + count))
    )
    Number.objects.bulk_create(numbers, batch_size=BATCH)
    first = Number.objects.filter(account=account).earliest("pk")
    for place in range(RECORDS):
        store.create_record(first, preference=10 * (place + 1), service="SIP", hostdata=f"{place}@sip.example.org")
    return int(first.pk)


def main() -> None:
    """Fill the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    username, count = sys.argv[1:]
    print(fill(username, sys.stdin.read(), int(count)))


if __name__ == "__main__":
    main()

"""Gives the embedded registry many numbers with two records each: `python -m tests.benchmarks.fill_zone NUMBERS`.

All of them wait to be published when it is done.
"""

import os
import sys

import django

COUNTRY = "999"  # kept free by the ITU, so nobody can own these numbers
BATCH = 2_000
RECORDS = 2


def hostdata(digits: str, place: int) -> str:
    """Where a record leads."""
    return f"{digits}@sip{place}.example.org"


def numbers(count: int) -> list[str]:
    """The digits of the numbers."""
    return [f"{COUNTRY}{place:09}" for place in range(count)]


def main() -> None:
    """Fill the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    from django.db import transaction

    from dashboard.registry.models import Account, Number, Record
    from dashboard.registry.publishing import queue

    account = Account(username="many")
    account.set_password("nobody signs in here")
    account.save()
    made = Number.objects.bulk_create(
        [
            Number(account=account, country=COUNTRY, local=digits.removeprefix(COUNTRY), digits=digits)
            for digits in numbers(int(sys.argv[1]))
        ],
        batch_size=BATCH,
    )
    Record.objects.bulk_create(
        [
            Record(number=number, preference=10 * place, service="SIP", hostdata=hostdata(number.digits, place))
            for number in made
            for place in range(1, RECORDS + 1)
        ],
        batch_size=BATCH,
    )
    with transaction.atomic():
        queue.enqueue_all()


if __name__ == "__main__":
    main()

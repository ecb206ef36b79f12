"""Gives the embedded registry many numbers with two records each: `python -m tests.benchmarks.fill_zone NUMBERS`.

None of them waits to be published: turns of the benchmark put them into the queue.
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


def numbers(start: int, count: int) -> list[str]:
    """The digits of so many numbers from the one at `start`."""
    return [f"{COUNTRY}{place:09}" for place in range(start, start + count)]


def main() -> None:
    """Fill the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    from dashboard.registry.models import Account, Number, Record

    # Single changes are made of a sample number, and must be published.
    Number.objects.filter(is_sample=True).update(is_sample=False)
    account = Account(username="many")
    account.set_password("nobody signs in here")
    account.save()
    made = Number.objects.bulk_create(
        [
            Number(account=account, country=COUNTRY, local=digits.removeprefix(COUNTRY), digits=digits)
            for digits in numbers(0, int(sys.argv[1]))
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


if __name__ == "__main__":
    main()

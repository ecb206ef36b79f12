"""A process like a worker of the server: several threads on one database file. Started by test_two_workers.py."""

import os
import sys
import threading
from collections.abc import Callable

import django
from django.core.management import call_command

THREADS = 4
PASSWORD = "Wonderland 1865"


def prepare() -> None:
    from tests.registry.conftest import make_account, make_number

    call_command("migrate", "registry", verbosity=0)
    make_number(make_account("alice"), "1", "604", "5550123")


def write(worker: int) -> None:
    """Every thread adds records of its own and changes them, and all of them change one record."""
    from dashboard.registry import store
    from dashboard.registry.models import Number

    def work(thread: int) -> None:
        number = Number.objects.get()
        for turn in range(5):
            preference = worker * 1000 + thread * 100 + turn
            record = store.create_record(number, preference=preference, service="SIP", hostdata="new@example.org")
            store.update_record(record, {"hostdata": f"changed{preference}@example.org"})

    together(work)


def make() -> None:
    """Every thread makes the same number."""
    from dashboard.protocol import secret_of
    from dashboard.registry.making import make_number
    from dashboard.registry.models import Account

    Account.objects.get().ranges.get_or_create(digits="44")
    made = list[object]()
    together(lambda _: made.append(make_number("alice", secret_of(PASSWORD), "442079460958").id))
    print(*made, sep="\n")  # in one thread: of those that print at one instant, lines run together


def log_in() -> None:
    from dashboard.protocol import secret_of
    from dashboard.registry.auth import authenticate
    from tests.registry.hashers import CountingHasher

    together(lambda _: authenticate("alice", secret_of(PASSWORD), "127.0.0.1"))
    print(CountingHasher.checks)


def together(work: Callable[[int], object]) -> None:
    """Run `work` in threads that start at the same moment; if one fails, so does the process."""
    from django.db import connection

    finished: list[int] = []
    barrier = threading.Barrier(THREADS)

    def run(thread: int) -> None:
        try:
            barrier.wait()
            work(thread)
            finished.append(thread)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(THREADS)]
    for started in threads:
        started.start()
    for started in threads:
        started.join()
    if len(finished) != THREADS:
        sys.exit("A thread failed, see above.")


def main() -> None:
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "e164web.settings"
    settings.PASSWORD_HASHERS = ["tests.registry.hashers.CountingHasher"]
    django.setup()
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["write", worker]:
            write(int(worker))
        case ["make"]:
            make()
        case ["log-in"]:
            log_in()


if __name__ == "__main__":
    main()

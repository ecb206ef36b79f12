"""A process that does what waits in the queue, as one of the server's workers does. Started by test_killed.py."""

import sys

import django
from django.conf import settings


def main() -> None:
    # The accounts of the tests have quick hashes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    from dashboard.services.bulk.running import run

    print("ready", flush=True)
    for line in sys.stdin:
        print("begun", flush=True)
        run.func(int(line))
        print("ended", flush=True)


if __name__ == "__main__":
    main()

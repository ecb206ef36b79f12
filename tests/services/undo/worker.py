"""A process that puts a number back, as one of the server's workers does. Started by test_killed.py.

Each line of the standard input is one wish, as JSON; "begun" and what came of it go to the standard output.
"""

import json
import sys
from typing import Any

import django
from django.conf import settings


def put_back(asked: dict[str, Any]) -> str:
    """Put a number back as it was, and say what came of each command."""
    from dashboard import access
    from dashboard.models import User
    from dashboard.services.undo import restore

    person = User.objects.get(pk=asked["person"])
    credential = access.credential(person, asked["credential"], access.EDIT)
    made = restore(person, credential, asked["number"], asked["moment"], seen=asked["seen"])
    return " ".join(change.outcome for change in made)


def main() -> None:
    # The accounts of the tests have quick hashes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print("begun", flush=True)
        print(put_back(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()

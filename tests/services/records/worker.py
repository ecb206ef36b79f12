"""A process that writes, as one of the server's workers does. Started by test_writer_processes.py.

Each line of the standard input is one write, as JSON; "begun" and what came of it go to the standard output.
"""

import json
import sys
from typing import Any

import django
from django.conf import settings


def write(asked: dict[str, Any]) -> str:
    """Do one write, and say what came of it in a word."""
    from dashboard import access
    from dashboard.models import User
    from dashboard.protocol import RecordData
    from dashboard.services.records import Conflict, Writer

    person = User.objects.get(pk=asked["person"])
    writer = Writer(person, access.credential(person, asked["credential"], access.EDIT), asked["number"])
    draft = RecordData(preference=asked["preference"], service="SIP", hostdata=asked["hostdata"])
    try:
        match asked["command"]:
            case "new":
                return writer.add(draft).outcome
            case "update":
                return writer.update(asked["record"], draft, seen=asked["seen"]).outcome
            case _:
                return writer.delete(asked["record"], seen=asked["seen"]).outcome
    except Conflict:
        return "conflict"


def main() -> None:
    # The accounts of the tests have quick hashes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print("begun", flush=True)
        print(write(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()

"""Counts the embedded registry's queries for short and long answers: `python -m tests.benchmarks.queries`."""

import json
import os
from urllib.parse import urlencode

import django

from tests.benchmarks.fill import fill

ADDRESS = "127.0.0.1"
SHORT, LONG = 10, 20_000  # numbers
MANY_RECORDS = 2_500  # more than the registry fetches at a time
PASSWORD = "of the accounts whose queries are counted"


def count(username: str, command: dict[str, str]) -> int:
    """The queries that one request takes, its answer read to the end."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dashboard.registry.handler import handle

    body = urlencode({"version": "1", "username": username, "password": PASSWORD, **command}).encode()
    handle(body, address=ADDRESS)  # the first request of a login checks its hash
    with CaptureQueriesContext(connection) as captured:
        for _piece in handle(body, address=ADDRESS).content:
            pass
    return len(captured)


def main() -> None:
    """Print the counts as JSON: for each command those of a short and of a long answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    from dashboard.registry.models import Number, Record

    few = fill("few", PASSWORD, SHORT)
    many = fill("many", PASSWORD, LONG)
    number = Number.objects.get(pk=many)
    Record.objects.bulk_create(
        Record(number=number, preference=place, service="SIP", hostdata=f"{place}@sip.example.org")
        for place in range(MANY_RECORDS)
    )
    counts = {
        "list": [count("few", {"command": "list"}), count("many", {"command": "list"})],
        "show": [count(user, {"command": "show", "id": str(pk)}) for user, pk in (("few", few), ("many", many))],
    }
    print(json.dumps(counts))


if __name__ == "__main__":
    main()

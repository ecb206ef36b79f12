"""Counts the queries of a turn of the publisher: `python -m tests.benchmarks.queue_queries`."""

import json
import os
import threading

import django

FEW, MANY = 30, 150  # mass changes, of numbers with two records each; a message holds 166 of them


def count(numbers: int) -> int:
    """The queries that it takes to publish so many changed numbers in one message."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from dashboard.registry.models import NameServer, Publication
    from dashboard.registry.publishing import queue
    from dashboard.registry.publishing.session import Session

    server = NameServer.objects.get()
    names = list(Publication.objects.order_by("-name").values_list("name", flat=True)[:numbers])
    with transaction.atomic():
        queue.enqueue(names)
    session = Session(server.pk, threading.Event())
    with CaptureQueriesContext(connection) as captured:
        session.turn()
    if queue.pending(server.pk).exists():
        raise SystemExit("the turn has not published everything")
    return len(captured)


def main() -> None:
    """Print the counts as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    print(json.dumps([count(FEW), count(MANY)]))


if __name__ == "__main__":
    main()

"""The publisher in turns, as `tests.benchmarks.turns` says: `python -m tests.benchmarks.publish_turns`.

The numbers are those of `fill_zone`. Putting them into the queue is not counted: a change does that in its own time.
"""

import os
import time

import django

from tests.benchmarks import turns
from tests.benchmarks.fill_zone import numbers


def turn(start: int, count: int) -> float:
    """Publish so many numbers as `manage.py publish --once` does; the seconds. Ends the process where any is left."""
    from dashboard.registry.models import NameServer
    from dashboard.registry.publishing import draining, queue

    with queue.locked():
        queue.enqueue(numbers(start, count))
    began = time.perf_counter()
    results = draining.drain(NameServer.objects.all())
    seconds = time.perf_counter() - began
    if not all(result.is_complete for result in results):
        raise SystemExit(" ".join(map(str, results)))
    return seconds


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    turns.serve(turn)

"""Has every number wait to be published, or counts: `python -m tests.benchmarks.wait_again all|count`.

Prints how many wait.
"""

import os
import sys

import django


def main() -> None:
    """In the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e164web.settings")
    django.setup()
    from dashboard.registry.models import NameServer
    from dashboard.registry.publishing import queue

    server = NameServer.objects.get()
    if sys.argv[1] == "all":
        with queue.locked():
            queue.enqueue_all(server.pk)
    print(queue.pending(server.pk).count())


if __name__ == "__main__":
    main()

"""A process that does a refresh, as a worker does. Started by test_killed.py.

Each line of the standard input is the key of a credential, as JSON; "begun" and "done" go to the standard output.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from dashboard.services.mirror.tasks import refresh

    print("ready", flush=True)
    for line in sys.stdin:
        print("begun", flush=True)
        refresh.func(json.loads(line))
        print("done", flush=True)


if __name__ == "__main__":
    main()

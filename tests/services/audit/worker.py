"""A process that notes events: started by tests, for each line of its input (JSON) as many as that says.

"hold" begins a transaction, notes an event in it, and leaves it open.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from django.db import transaction

    from dashboard.services.audit import note

    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked == "hold":
            with transaction.atomic():
                note("held", by=None)
                print("held", flush=True)
                sys.stdin.readline()
        else:
            for _ in range(asked):
                note("test", by=None)
            print("done", flush=True)


if __name__ == "__main__":
    main()

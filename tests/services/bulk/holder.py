"""A process that takes the lock of this name and keeps it. Started by test_killed.py."""

import json
import sys

import django


def main() -> None:
    django.setup()
    from dashboard.platform import locks

    print("ready", flush=True)
    for line in sys.stdin:
        with locks.held(json.loads(line), locks.at_once) as has_it:
            print("held" if has_it else "not held", flush=True)
            sys.stdin.readline()


if __name__ == "__main__":
    main()

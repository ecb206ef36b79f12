"""A process that does all waiting tasks for each line of its input, and says "done"."""

import sys

import django


def main() -> None:
    django.setup()
    from dashboard.services.background import tasks

    print("ready", flush=True)
    for _line in sys.stdin:
        with tasks.prolonged():
            tasks.run_waiting()
        print("done", flush=True)


if __name__ == "__main__":
    main()

"""What a running site counts for Prometheus, if it is asked to (E164WEB_METRICS): requests and commands.

All processes of a machine count into files of one folder, which `manage.py metrics` adds up. Labels have few values,
whoever asks for whatever: names of routes, of registries that administrators allow, of commands; never a number or a
person.
"""

import functools
import os
import platform
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram
    from prometheus_client.registry import Collector

FOLDER = "metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NONE = "none"
# Seconds: a page of our own, one that waits for a registry, and one that waits to the deadline.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0)


def is_asked_for() -> bool:
    """Whether anything is counted."""
    return bool(settings.E164WEB.metrics)


def request_ended(route: str, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered; `route` is the name of its address, empty for none."""
    method = method if method in METHODS else NONE
    _requests().labels(route or NONE, method, str(status)).observe(seconds)


def command_ended(registry: str, command: str, outcome: str) -> None:
    """Count a command that was sent to a registry, by its name and what came of it."""
    if is_asked_for():
        _commands().labels(registry, command, outcome).inc()


def added_up() -> "Collector":
    """What all processes of this machine have counted."""
    client()
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 -- needs the folder

    return MultiProcessCollector(None, str(folder()))  # type: ignore[no-untyped-call]


def folder() -> Path:
    """Where this machine counts. Machines may share the data folder, and each has processes of the same ids."""
    found: Path = settings.E164WEB.data_dir / FOLDER / (platform.node() or NONE)
    return found


def forget_the_dead() -> None:
    """Remove the files of processes that have ended. Raises OSError."""
    for path in folder().glob("*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdecimal() and not _lives(int(pid)):
            path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@functools.cache
def client() -> ModuleType:
    """The library, which looks for the folder when it is loaded, and costs memory where nobody wants figures."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder()))
    import prometheus_client  # noqa: PLC0415

    return prometheus_client


@functools.cache
def _requests() -> "Histogram":
    made: Histogram = client().Histogram(
        "e164web_request_seconds",
        "Requests that were answered, and how long that took.",
        ["route", "method", "status"],
        buckets=BUCKETS,
    )
    return made


@functools.cache
def _commands() -> "Counter":
    made: Counter = client().Counter(
        "e164web_commands",
        "Commands that were sent to registries, by what came of them.",
        ["registry", "command", "outcome"],
    )
    return made

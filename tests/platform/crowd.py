"""Threads that wait for servers, as pages do."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dashboard.platform import admission
from tests.programs import LIMIT


class Full(Exception):
    """There was no place."""


@contextmanager
def crowd(server: str, *people: int) -> Iterator[int]:
    """A thread for each of these people, which waits for the server until the end. How many found a place."""
    over = threading.Event()
    with ExitStack() as stack:
        stack.callback(over.set)
        yield sum(stack.enter_context(_one(server, person, over)) for person in people)


@contextmanager
def _one(server: str, person: int, over: threading.Event) -> Iterator[bool]:
    decided = threading.Event()
    found: list[bool] = []

    def wait() -> None:
        try:
            with admission.waiting(server, person, Full):
                found.append(True)
                decided.set()
                over.wait(LIMIT)
        except Full:
            decided.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert decided.wait(LIMIT)
    yield bool(found)
    over.set()
    thread.join(LIMIT)

"""A registry that hangs while forty pages ask for it: how long everybody else waits meanwhile."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from tests.benchmarks.browser import SIGN_IN, Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import FAR, NEAR, Scene
from tests.benchmarks.web import Connection, Page, get, post
from tests.faulty_registry.store import secret_of

PAGES = 40
SETTLE = 3.0  # seconds after which each of them waits or was told
TURNS = 12  # of each kind, on connections of their own, so that each worker has its share
SECONDS = 2.0
OK, FOUND, BUSY = 200, 302, 503


def others(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """What the others get, and who asks for the registry that hangs as well: the longest of some tries."""
    del effort
    near, far = scene.of(NEAR), scene.of(FAR)
    username, password = scene.embedded_login
    live = f"{far.number_pages[0]}add/"  # a form, which is read live whatever the mirror has
    ping = f"version=1&command=ping&username={username}&secret={secret_of(password)}"
    asked: list[tuple[str, Callable[[], bytes], int]] = [
        ("/healthz", lambda: get("/healthz"), OK),
        ("sign-in", lambda: _sign_in(scene), FOUND),
        ("/e164/api", lambda: post("/e164/api", ping), OK),
        ("a number of another registry", lambda: scene.page(near.number_pages[0]), OK),
        ("one more page of it, which is told", lambda: scene.page(live), BUSY),
    ]
    with _hanging(scene, far.process, scene.page(live)) as pages:
        for name, request, wanted in asked:
            times, statuses = zip(*[_timed(scene.port, request()) for _turn in range(TURNS)], strict=True)
            wrong = sum(status != wanted for status in statuses)
            yield Figure(
                name=f"while {PAGES} pages hang: {name}",
                measured=max(times) if not wrong else float("inf"),
                unit="s",
                target=SECONDS,
                of=f"the longest of {TURNS}; {sum(not page.done() for page in pages)} pages wait",
            )


@contextlib.contextmanager
def _hanging(scene: Scene, registry: int, request: bytes) -> "Iterator[list[Future[Page]]]":
    """The registry's process stands still: the kernel takes connections for it, and nobody answers."""
    os.kill(registry, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(PAGES) as tabs:
            pages = [tabs.submit(_load, scene.port, request) for _tab in range(PAGES)]
            try:
                time.sleep(SETTLE)
                yield pages
            finally:
                os.kill(registry, signal.SIGCONT)
    finally:
        os.kill(registry, signal.SIGCONT)


def _sign_in(scene: Scene) -> bytes:
    cookie, body = Person(scene.port).sign_in_form(scene.password)
    return post(SIGN_IN, body, {"Cookie": cookie})


def _timed(port: int, request: bytes) -> tuple[float, int]:
    began = time.perf_counter()
    status = _load(port, request).status
    return time.perf_counter() - began, status


def _load(port: int, request: bytes) -> Page:
    with Connection(port) as browser:
        return browser.fetch(request)

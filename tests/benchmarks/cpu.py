"""What a page costs the server: the processor time of all of the product's processes, from the kernel."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.browser import SIGN_IN, Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.latency import expect
from tests.benchmarks.processes import cpu_seconds
from tests.benchmarks.scene import NEAR, TEN_THOUSAND, Scene
from tests.benchmarks.web import BrokenReplyError, Connection, get, post

ROUNDS = 4  # of all pages in turn, so that a drifting machine does the same to each
FOUND = 302

SIGN_IN_MS, LIST_MS, NUMBER_MS = 18, 36, 40


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is asked for, and whose processor time counts."""

    name: str
    target: float | None
    requests: list[bytes]
    port: int
    processes: list[int]

    def spent(self, count: int) -> float:
        """Fetch it `count` times; the seconds that the server computed."""
        before = cpu_seconds(self.processes)
        with Connection(self.port) as browser:
            for turn in range(count):
                expect(browser, self.requests[turn % len(self.requests)])
        return cpu_seconds(self.processes) - before


def pages(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Processor time per page."""
    measured = list(_measured(scene))
    each = max(1, effort.cpu_pages // ROUNDS)
    seconds = [0.0] * len(measured)
    for turn in range(ROUNDS + 1):
        for place, page in enumerate(measured):
            spent = page.spent(each)
            if turn:  # the first round warms up
                seconds[place] += spent
    for page, spent in zip(measured, seconds, strict=True):
        cost = spent / (ROUNDS * each) * 1000
        yield Figure(name=page.name, measured=cost, unit="ms", target=page.target, of=f"{ROUNDS * each} pages")


def _measured(scene: Scene) -> Iterator[Page]:
    near = scene.of(NEAR)
    for name, target, requests in (
        ("sign-in page, server CPU", SIGN_IN_MS, [get(SIGN_IN)]),
        ("list of 10,000 numbers, server CPU", LIST_MS, [scene.page(scene.of(TEN_THOUSAND).list_page)]),
        ("number's page, server CPU", NUMBER_MS, [scene.page(path) for path in near.number_pages]),
        ("number's page of the embedded registry, server CPU", NUMBER_MS, [scene.page(scene.embedded_page)]),
    ):
        yield Page(name=name, target=target, requests=requests, port=scene.port, processes=scene.processes)
    yield Page(
        name="bare view, server CPU",
        target=None,
        requests=[get(f"/bare/{number_id}/") for number_id in near.number_ids],
        port=scene.bare_port,
        processes=scene.bare_processes,
    )


def sign_in(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Processor time of signing in, which is the slow hash for the most part: reported, without a target."""
    seconds = 0.0
    for _turn in range(effort.sign_ins):
        cookie, body = Person(scene.port).sign_in_form(scene.password)
        request = post(SIGN_IN, body, {"Cookie": cookie})
        before = cpu_seconds(scene.processes)
        with Connection(scene.port) as browser:
            page = browser.fetch(request)
        if page.status != FOUND:
            raise BrokenReplyError(f"signing in answered {page.status}")
        seconds += cpu_seconds(scene.processes) - before
    cost = seconds / effort.sign_ins * 1000
    yield Figure(name="signing in (POST), server CPU", measured=cost, unit="ms", of=f"{effort.sign_ins} times")

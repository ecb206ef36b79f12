"""What a page costs the server: the processor time of all of the product's processes, from the kernel."""

from collections.abc import Iterator

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


def pages(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Processor time per page."""
    measured = {
        "sign-in page, server CPU": (SIGN_IN_MS, [get(SIGN_IN)]),
        "list of 10,000 numbers, server CPU": (LIST_MS, [scene.page(scene.of(TEN_THOUSAND).list_page)]),
        "number's page, server CPU": (NUMBER_MS, [scene.page(path) for path in scene.of(NEAR).number_pages]),
        "number's page of the embedded registry, server CPU": (NUMBER_MS, [scene.page(scene.embedded_page)]),
    }
    each = max(1, effort.cpu_pages // ROUNDS)
    seconds = dict.fromkeys(measured, 0.0)
    for place in range(ROUNDS + 1):
        for name, (_, requests) in measured.items():
            spent = _spent(scene, requests, each)
            if place:  # the first round warms up
                seconds[name] += spent
    for name, (target, _) in measured.items():
        cost = seconds[name] / (ROUNDS * each) * 1000
        yield Figure(name=name, measured=cost, unit="ms", target=target, of=f"{ROUNDS * each} pages")


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


def _spent(scene: Scene, requests: list[bytes], count: int) -> float:
    before = cpu_seconds(scene.processes)
    with Connection(scene.port) as browser:
        for turn in range(count):
            expect(browser, requests[turn % len(requests)])
    return cpu_seconds(scene.processes) - before

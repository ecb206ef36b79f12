"""What a page costs the server: the processor time of all of the product's processes, from the kernel."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.benchmarks import predicting
from tests.benchmarks.browser import SIGN_IN, Person
from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.latency import expect
from tests.benchmarks.processes import cpu_seconds
from tests.benchmarks.scene import NEAR, TEN_THOUSAND, Scene
from tests.benchmarks.web import BrokenReplyError, Connection, get, post

EACH = 10  # pages of a kind at a time, and then of the next, so that a drifting machine does the same to each
FOUND = 302

NUMBER, BARE = "number's page, server CPU", "bare view, server CPU"
SIGN_IN_RATIO, NUMBER_RATIO = 2.5, 5
PREDICTION_SHARE = 10  # percent


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is asked for, whose processor time counts, and what each round of it took in ms a page.

    `limit` is how many times the bare view's time it may take, None where that says nothing.
    """

    name: str
    limit: float | None = None
    requests: list[bytes]
    port: int
    processes: list[int]
    times: list[float] = field(default_factory=list)

    def spend(self, start: int) -> float:
        """Fetch EACH of them, from the request at `start` on; the milliseconds that the server computed for one."""
        before = cpu_seconds(self.processes)
        with Connection(self.port) as browser:
            for turn in range(start, start + EACH):
                expect(browser, self.requests[turn % len(self.requests)])
        return (cpu_seconds(self.processes) - before) / EACH * 1000

    @property
    def median(self) -> float:
        """In ms."""
        return statistics.median(self.times)


def pages(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """Processor time per page, and how many times that of the view that does nothing but the bare call."""
    measured = [*_measured(scene), bare(scene)]
    yield from compared(measured, effort, warm_up=len(scene.of(NEAR).number_ids))
    (number,) = [page for page in measured if page.name == NUMBER]
    yield from _predictions(number.median, effort)


def compared(pages: Sequence[Page], effort: Effort, *, warm_up: int) -> Iterator[Figure]:
    """Spend processor time on each page in turn, the last of which is the bare view.

    Each of the numbers is asked for once before it counts: the first look writes what records it has.
    """
    for start in range(0, warm_up + effort.cpu_pages, EACH):
        for page in pages:
            spent = page.spend(start)
            if start >= warm_up:
                page.times.append(spent)
    base_times = pages[-1].times
    for page in pages:
        of = f"median of {len(page.times)} times {EACH} pages"
        yield Figure(name=page.name, measured=page.median, unit="ms", of=of)
        if page.limit:
            yield Figure(
                name=f"{page.name}, to a bare view",
                measured=statistics.median(mine / base for mine, base in zip(page.times, base_times, strict=True)),
                unit="times",
                target=page.limit,
                of=f"{len(page.times)} rounds in turn",
            )


def _predictions(page: float, effort: Effort) -> Iterator[Figure]:
    name = f"prediction of {predicting.RECORDS} records for {len(predicting.TELEPHONES)} systems"
    spent = predicting.median(effort.predictions)
    yield Figure(name=name, measured=spent, unit="ms", of=f"CPU, median of {effort.predictions} numbers")
    yield Figure(
        name=f"{name}, to a number's page",
        measured=100 * spent / page,
        unit="%",
        target=PREDICTION_SHARE,
        of="server CPU",
    )


def _measured(scene: Scene) -> Iterator[Page]:
    near = scene.of(NEAR)
    for name, limit, requests in (
        ("sign-in page, server CPU", SIGN_IN_RATIO, [get(SIGN_IN)]),
        (NUMBER, NUMBER_RATIO, [scene.page(path) for path in near.number_pages]),
        ("number's page of the embedded registry, server CPU", None, [scene.page(scene.embedded_page)]),
        ("list of 10,000 numbers, server CPU", None, [scene.page(scene.of(TEN_THOUSAND).list_page)]),
    ):
        yield Page(name=name, limit=limit, requests=requests, port=scene.port, processes=scene.processes)


def bare(scene: Scene) -> Page:
    """The view that does nothing but the bare call."""
    return Page(
        name=BARE,
        requests=[get(f"/bare/{number_id}/") for number_id in scene.of(NEAR).number_ids],
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

"""How much later a page comes than the bare call that it makes."""

from collections.abc import Iterator

from tests.benchmarks.effort import Effort
from tests.benchmarks.figures import Figure
from tests.benchmarks.interleave import Pair, timed
from tests.benchmarks.scene import HUNDRED_THOUSAND, NEAR, TEN_THOUSAND, Plan, Scene
from tests.benchmarks.web import BrokenReplyError, Connection

OK = 200
WARM_UP = 5
BLOCK = 50  # calls that are compared at a time

LIST_RATIO = 40
PAGE_BYTES = 50_000
CALL_RATIO = 1.3


def number_page(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """A number's page beside a bare `show`."""
    registry = scene.of(NEAR)
    bare, ids = registry.bare(), registry.number_ids
    requests = [scene.page(path) for path in registry.number_pages]
    with Connection(scene.port) as browser:
        pair = timed(
            lambda turn: expect(browser, requests[turn % len(requests)]),
            lambda turn: bare.show(ids[turn % len(ids)]),
            effort.number_turns,
            # Each number once before it counts: the first look writes how many records it has.
            len(requests),
        )
    yield _surplus("number's page, beyond a bare show", pair)


def list_pages(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """The lists of long accounts beside a bare `list`, and how large the pages are."""
    for plan, turns in ((TEN_THOUSAND, effort.list_turns), (HUNDRED_THOUSAND, effort.long_list_turns)):
        yield from _list_page(scene, plan, turns)


def _list_page(scene: Scene, plan: Plan, turns: int) -> Iterator[Figure]:
    registry = scene.of(plan)
    bare, request = registry.bare(), scene.page(registry.list_page)
    with Connection(scene.port) as browser:
        pair = timed(lambda _: expect(browser, request), lambda _: bare.list(), turns, WARM_UP)
        size = expect(browser, request)
    name = f"list of {plan.numbers:,} numbers"
    yield _surplus(f"{name}, beyond a bare list", pair)
    yield Figure(
        name=f"{name}, to a bare list", measured=pair.ratio(1), unit="times", target=LIST_RATIO, of=f"{turns} turns"
    )
    yield Figure(name=f"{name}, size of the page", measured=size / 1000, unit="kB", target=PAGE_BYTES / 1000)


def calls(scene: Scene, effort: Effort) -> Iterator[Figure]:
    """`show` through the product's client beside the bare call."""
    registry = scene.of(NEAR)
    client, bare, ids = registry.client(), registry.bare(), registry.number_ids
    pair = timed(
        lambda turn: client.show(ids[turn % len(ids)]),
        lambda turn: bare.show(ids[turn % len(ids)]),
        effort.calls,
        BLOCK,
    )
    yield Figure(
        name=f"{effort.calls:,} shows through the client, to bare calls",
        measured=pair.ratio(BLOCK),
        unit="times",
        target=CALL_RATIO,
        of="{:.2f} and {:.2f} ms a call".format(*pair.medians),
    )


def expect(browser: Connection, request: bytes) -> int:
    """Fetch a page that must be there; the size of its body. Raises BrokenReplyError."""
    page = browser.fetch(request)
    if page.status != OK:
        raise BrokenReplyError(f"status {page.status}: {page.body[:500].decode(errors='replace')}")
    return len(page.body)


def _surplus(name: str, pair: Pair) -> Figure:
    of = "medians {:.1f} and {:.1f} ms".format(*pair.medians)
    return Figure(name=name, measured=pair.surplus, unit="ms", of=of)

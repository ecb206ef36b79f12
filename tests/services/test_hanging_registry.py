"""One registry hangs, and forty pages wait for it: everybody else is served, and who asks for it too is told."""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.faulty_registry import FaultyRegistry
from tests.programs import LIMIT
from tests.services.product import PASSWORD, Person, people, running, until
from tests.web.views.pages import text_of

PAGES = 40
TOLD = "was not asked: it answers slowly, and as many pages as may wait for it do so already."


@dataclass
class Site:
    """The product with a registry that can hang, and one that stays sound."""

    somebody: Person
    others: Sequence[Person]
    sound: str  # the address of somebody's credential at the other registry
    pages: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2 * PAGES))

    @property
    def registry(self) -> FaultyRegistry:
        """The one that can hang."""
        return self.somebody.registry

    def load(self, visitors: Sequence[Person], pages: int = PAGES) -> "list[Future[requests.Response]]":
        """Load the form of a record in so many tabs, shared out among the visitors, each on its own connection."""
        return [self.pages.submit(_page_of, visitors[number % len(visitors)]) for number in range(pages)]

    @contextmanager
    def hanging(self, visitors: Sequence[Person]) -> "Iterator[list[Future[requests.Response]]]":
        """Forty pages of the registry that hangs, each of which waits or was told by now; healed at the end."""
        self.registry.fault("*", "hang")
        before = self.registry.requests
        loaded = self.load(visitors)
        until(lambda: self.registry.requests - before + sum(page.done() for page in loaded) >= PAGES)
        try:
            yield loaded
        finally:
            self.registry.heal()
            self.registry.drop_connections()
            for page in loaded:
                page.exception(timeout=LIMIT)


def _page_of(visitor: Person) -> requests.Response:
    """The form of a record, which is read live whatever the mirror has."""
    number_id, number = next(iter(visitor.registry.store.numbers.items()))
    address = f"{visitor.url}{visitor.credential}numbers/{number_id}/records/{next(iter(number.records))}/"
    return requests.get(address, cookies=visitor.session.cookies, timeout=LIMIT)


def _waiting(loaded: "list[Future[requests.Response]]") -> int:
    return sum(not page.done() for page in loaded)


# One process runs them all, and starts the product once.
pytestmark = pytest.mark.xdist_group("hanging registry")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data_dir = tmp_path_factory.mktemp("product")
    with (
        FaultyRegistry() as hanging,
        FaultyRegistry() as sound,
        running(data_dir, hanging, sound, WORKERS="2", DEADLINE=str(LIMIT)) as person,
    ):
        site = Site(person, people(person, data_dir, 10), person.add_credential("Elsewhere 0", sound))
        yield site
        site.pages.shutdown()


@pytest.fixture(params=["impatient", "many"])
def visitors(site: Site, request: pytest.FixtureRequest) -> Sequence[Person]:
    """One person who loads the same page again and again, or ten people."""
    until(site.somebody.is_up)
    return [site.somebody] if request.param == "impatient" else site.others


def test_all_others_are_served_while_pages_hang(site: Site, visitors: Sequence[Person]) -> None:
    with site.hanging(visitors) as loaded:
        waiting = _waiting(loaded)
        for _ in range(8):  # connections, so that each worker has its share
            newcomer = Person(site.somebody.url, site.registry, site.somebody.process)
            form = newcomer.form("/accounts/login/", "/accounts/login/")
            answers = [
                requests.get(f"{newcomer.url}/healthz", timeout=LIMIT).status_code,
                newcomer.post(form, login="admin", password=PASSWORD).status_code,
                _ping(newcomer.url).status_code,
                requests.get(
                    f"{newcomer.url}{site.sound}numbers/", cookies=site.somebody.session.cookies, timeout=LIMIT
                ).status_code,
            ]
            assert answers == [200, 302, 200, 200]
        assert _waiting(loaded) == waiting > 0


def test_who_asks_for_the_hanging_registry_too_is_told(site: Site, visitors: Sequence[Person]) -> None:
    with site.hanging(visitors) as loaded:
        waiting = _waiting(loaded)
        one_more = _page_of(visitors[0])
        assert one_more.status_code == 503
        assert TOLD in text_of(one_more)
        told = [page.result() for page in loaded if page.done()]
        assert {page.status_code for page in told} == {503}
        assert _waiting(loaded) == waiting > 0


def test_what_was_typed_is_kept_where_nothing_could_be_asked(site: Site) -> None:
    until(site.somebody.is_up)
    number = site.somebody.number(0)
    form = site.somebody.form(f"{number}add/", f"{number}add/")
    with site.hanging([site.somebody]):
        page = site.somebody.post(form, hostdata="typed@example.org")

    assert page.status_code == 503
    assert "What you entered is kept" in text_of(page)
    assert "typed@example.org" in page.text
    assert site.registry.count("new") == 0


def test_a_worker_that_is_killed_holds_no_place_any_more(site: Site, visitors: Sequence[Person]) -> None:
    with site.hanging(visitors) as loaded:
        assert _waiting(loaded) > 0
        for pid in site.somebody.workers():
            os.kill(pid, signal.SIGKILL)
        until(lambda: _waiting(loaded) == 0)
    until(site.somebody.is_up)
    with site.hanging(visitors) as again:
        assert _waiting(again) > 0
    assert _page_of(visitors[0]).status_code == 200


def test_a_burst_at_a_registry_that_is_only_far_away_is_no_crowd(site: Site, visitors: Sequence[Person]) -> None:
    until(site.somebody.is_up)
    site.registry.latency = 0.05
    try:
        assert {page.result().status_code for page in site.load(visitors, 64)} == {200}
    finally:
        site.registry.latency = 0


def test_a_registry_that_was_silent_again_and_again_is_left_alone_until_one_page_is_answered(tmp_path: Path) -> None:
    times = {"DEADLINE": "2.5", "CONNECT_TIMEOUT": "2.5"}  # above what makes a registry late
    with FaultyRegistry() as registry, running(tmp_path, registry, WORKERS="2", **times) as person:
        registry.fault("*", "hang")
        until(lambda: "left alone for some seconds" in text_of(_page_of(person)))
        registry.heal()
        asked = registry.requests
        assert [_page_of(person).status_code for _ in range(8)] == [503] * 8
        assert registry.requests == asked
        until(lambda: _page_of(person).status_code == 200)
        assert [_page_of(person).status_code for _ in range(8)] == [200] * 8


def _ping(url: str) -> requests.Response:
    command = {"version": "1", "command": "ping", "username": "nobody", "secret": "0" * 32}
    return requests.post(f"{url}/e164/api", data=command, timeout=LIMIT)

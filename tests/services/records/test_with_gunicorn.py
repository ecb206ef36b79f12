"""Writes in the running product: workers that are killed half-way, and clicks that arrive at the same instant."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
import requests

from tests.faulty_registry import FaultyRegistry
from tests.programs import LIMIT
from tests.services.product import Person, registry_id, running, until
from tests.web.views.pages import Form, form_to, text_of

CLICKS = 6
ROUNDS = 6

T = TypeVar("T")


# One process runs them all, and starts the product once.
pytestmark = pytest.mark.xdist_group("with gunicorn")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """The product as a user starts it, with a registry elsewhere that can be made to fail."""
    with FaultyRegistry(numbers=20) as registry, running(tmp_path_factory.mktemp("product"), registry) as person:
        yield person


@pytest.fixture
def healthy(product: Person) -> Person:
    """The same product before each test, with a registry that counts from nothing."""
    product.registry.heal()
    product.registry.latency = 0
    product.registry.counts.clear()
    until(product.is_up)
    return product


@pytest.mark.parametrize(
    ("place", "command", "kind", "outcome"),
    [
        (0, "update", "hang", "not applied"),
        (1, "update", "hang-after", "applied"),
        (2, "new", "hang-after", "applied"),
        (3, "deleteall", "hang", "not applied"),
    ],
)
def test_a_write_whose_worker_is_killed_stays_visible_and_can_be_settled(
    healthy: Person, place: int, command: str, kind: str, outcome: str
) -> None:
    forms = {
        "update": lambda: healthy.form(healthy.number(place), _record_address(healthy, place)),
        "new": lambda: healthy.form(f"{healthy.number(place)}add/", f"{healthy.number(place)}add/"),
        "deleteall": lambda: healthy.form(f"{healthy.number(place)}delete-all/", ""),
    }
    form = forms[command]()
    healthy.registry.fault(command, kind, times=1)
    digits = f"1200555010{place}"
    click = threading.Thread(target=_click_in_vain, args=(healthy, form, digits))
    click.start()
    until(lambda: healthy.registry.count(command) == 1)
    healthy.kill_workers()
    click.join(timeout=LIMIT)

    until(healthy.is_up)
    waiting = healthy.get("/history/?open=1")
    assert "sent" in text_of(waiting)
    assert "It is not known whether" in text_of(healthy.get(healthy.number(place)))
    change = re.findall(r'action="/history/(\d+)/settle/"', waiting.text)[0]
    assert healthy.post(form_to(waiting, f"/history/{change}/settle/")).headers["Location"] == "/history/"
    assert f"Checked. Its outcome: {outcome}." in text_of(healthy.get("/history/"))
    assert "No change matches" in text_of(healthy.get("/history/?open=1"))
    assert healthy.registry.count(command) == 1


@pytest.mark.parametrize("latency", [0, 0.05])
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall", "move"])
def test_clicks_at_the_same_instant_are_one_write(healthy: Person, command: str, latency: float) -> None:
    place = 4 + ["new", "update", "delete", "deleteall", "move"].index(command) + (5 if latency else 0)
    number, record = healthy.number(place), _record_address(healthy, place)
    form = {
        "new": lambda: healthy.form(f"{number}add/", f"{number}add/"),
        "update": lambda: healthy.form(number, record),
        "delete": lambda: healthy.form(f"{record}delete/", ""),
        "deleteall": lambda: healthy.form(f"{number}delete-all/", ""),
        "move": lambda: healthy.form(number, record),
    }[command]()
    typed = {"confirm": f"12005550{100 + place}"} if command == "deleteall" else {}
    if command in {"new", "update"}:
        typed = {"hostdata": "clicked@example.org"}
    if command == "move":
        form.action += "move/"
        typed = {"direction": "down"}
    # With latency the clicks meet before the first write, without it some come while it is being done.
    healthy.registry.latency = latency
    answers = _at_once(lambda: healthy.post(form, **typed))

    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, number)] * CLICKS
    assert healthy.registry.count("update" if command == "move" else command) == 1


@pytest.mark.parametrize("latency", [0, 0.02])
def test_of_several_people_who_save_the_same_record_one_is_the_first(healthy: Person, latency: float) -> None:
    place = 17 if latency else 16
    number, record = healthy.number(place), _record_address(healthy, place)
    healthy.registry.latency = latency
    for turn in range(ROUNDS):
        # Each has a page of their own, with what all of them see.
        forms = [healthy.form(number, record) for _ in range(CLICKS)]
        texts = [f"c{click}t{turn}@example.org" for click in range(CLICKS)]
        answers = _at_once(partial(_save_the_next, healthy, iter([*zip(forms, texts, strict=True)])))

        assert sorted(status for status, _ in answers) == [302, *[409] * (CLICKS - 1)]
        held = healthy.registry.store.records[healthy.records(place)[0]].hostdata
        assert (302, held) in answers
    assert healthy.registry.count("update") == ROUNDS


def _save_the_next(person: Person, waiting: Iterator[tuple[Form, str]]) -> tuple[int, str]:
    form, hostdata = next(waiting)
    return person.post(form, hostdata=hostdata).status_code, hostdata


def test_a_credential_that_is_added_twice_at_once_is_one(healthy: Person) -> None:
    form = healthy.form("/credentials/add/", "")
    typed = {
        "registry": registry_id(healthy.get("/credentials/add/"), "This registry"),
        "username": "twice",
        "password": "any",
        "label": "Twice",
        "keep": "1",  # there is no such account
    }
    answers = _at_once(lambda: healthy.post(form, **typed))

    assert sorted(answer.status_code for answer in answers) == [302, *[422] * (CLICKS - 1)]


def test_many_pages_at_once_are_served_without_a_fault(healthy: Person) -> None:
    number = healthy.number(15)
    answers = _at_once(
        lambda: healthy.session.get(healthy.url + number, cookies=healthy.session.cookies, timeout=LIMIT)
    )

    assert {answer.status_code for answer in answers} == {200}


def _record_address(person: Person, place: int) -> str:
    return f"{person.number(place)}records/{person.records(place)[0]}/"


def _at_once(click: Callable[[], T]) -> list[T]:
    ready = threading.Barrier(CLICKS)

    def wait_and_click(_: int) -> T:
        ready.wait(timeout=LIMIT)
        return click()

    with ThreadPoolExecutor(CLICKS) as pool:
        return list(pool.map(wait_and_click, range(CLICKS)))


def _click_in_vain(person: Person, form: Form, digits: str) -> None:
    with pytest.raises(requests.RequestException):
        person.post(form, hostdata="lost@example.org", confirm=digits)

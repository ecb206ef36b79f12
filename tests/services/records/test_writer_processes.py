"""Several processes and threads that write at one instant, and processes that are killed at any step of a write."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import Record
from dashboard.services.credentials.connection import connect
from dashboard.services.history import history_of, settle
from dashboard.services.numbers import NumberRecords, fingerprint, read_number
from tests.faulty_registry import FaultyRegistry
from tests.interop.publisher import until
from tests.programs import LIMIT
from tests.services.records import worker
from tests.workers import Worker, running

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = worker.__name__
WRITERS = 4
ROUNDS = 6


def outcome_of(writer: Worker) -> str:
    """What came of the write that it has begun."""
    assert writer.said() == "begun"
    return writer.said()


@dataclass(frozen=True)
class Place:
    """A number at a registry, and who writes to it."""

    person: User
    credential: Credential
    number_id: int

    def read(self) -> NumberRecords:
        return read_number(self.person, connect(self.person, self.credential), self.credential, self.number_id)

    def asked(self, command: str, record: Record, hostdata: str) -> dict[str, Any]:
        """A write by somebody who saw this record."""
        return {
            "person": self.person.pk,
            "credential": self.credential.pk,
            "number": self.number_id,
            "command": command,
            "record": record.id,
            "seen": fingerprint([record]),
            "preference": 77 if command == "new" else record.preference,
            "hostdata": hostdata,
        }


@pytest.fixture
def at_embedded(person: User, credential: Credential) -> Place:
    return Place(person, credential, connect(person, credential).list()[0].id)


@pytest.fixture
def at_remote(person: User, remote: Credential, number_id: int) -> Place:
    return Place(person, remote, number_id)


def compete(place: Place, together: Callable[[list[dict[str, Any]]], list[str]]) -> None:
    """Let several save the same record, as they all saw it, again and again: each time one of them does."""
    for turn in range(ROUNDS):
        record = place.read().records[0]
        texts = [f"w{writer}t{turn}@example.org" for writer in range(WRITERS)]
        outcomes = together([place.asked("update", record, text) for text in texts])

        assert sorted(outcomes) == ["applied", *["conflict"] * (WRITERS - 1)]
        assert place.read().record(record.id).hostdata == texts[outcomes.index("applied")]
    assert list(Change.objects.values_list("outcome", flat=True)) == [Outcome.APPLIED] * ROUNDS


def by_processes(place: Place) -> None:
    with running(WORKER, WRITERS) as workers:

        def together(writes: list[dict[str, Any]]) -> list[str]:
            for each, asked in zip(workers, writes, strict=True):
                each.ask(asked)
            return [outcome_of(each) for each in workers]

        compete(place, together)


def written_here(asked: dict[str, Any]) -> str:
    """Write in a thread of this process, with a connection of its own."""
    try:
        return worker.write(asked)
    finally:
        connection.close()


def by_threads(place: Place) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        compete(place, lambda writes: list(pool.map(written_here, writes)))


@pytest.mark.parametrize("latency", [0, 0.02])
@pytest.mark.parametrize("way", [by_processes, by_threads])
def test_of_several_who_save_the_same_record_one_is_the_first(
    at_remote: Place, registry: FaultyRegistry, way: Callable[[Place], None], latency: float
) -> None:
    registry.latency = latency
    way(at_remote)

    assert registry.count("update") == ROUNDS


@pytest.mark.parametrize("way", [by_processes, by_threads])
def test_so_it_is_with_the_registry_inside(at_embedded: Place, way: Callable[[Place], None]) -> None:
    way(at_embedded)


# --- killed at any step -------------------------------------------------------------------------------------------


def hang_at_the_read(registry: FaultyRegistry) -> Callable[[], bool]:
    registry.fault("show", "hang", times=1)
    return lambda: registry.count("show") == 1


def hang_before_sending(registry: FaultyRegistry) -> Callable[[], bool]:
    """Every reply ends its connection, and the next one, for the command, does not come about."""
    registry.framing = "close"
    answer = registry.store.answer

    def answer_the_last_time(form: dict[str, str]) -> Any:
        registry.handshake = "hang"
        return answer(form)

    registry.store.answer = answer_the_last_time  # type: ignore[method-assign]

    def is_there() -> bool:
        # Committed, and its connection taken by the registry: otherwise it would find a handshake that is good again.
        if not registry.spoilt or not Change.objects.filter(outcome=Outcome.SENT).exists():
            return False
        registry.store.answer = answer  # type: ignore[method-assign]
        return True

    return is_there


def hang_before_it_is_done(registry: FaultyRegistry) -> Callable[[], bool]:
    registry.fault("*", "hang", skip=1, times=1)
    return lambda: registry.requests == 2


def hang_when_it_is_done(registry: FaultyRegistry) -> Callable[[], bool]:
    registry.fault("*", "hang-after", skip=1, times=1)
    return lambda: registry.requests == 2


def hang_while_reading_back(registry: FaultyRegistry) -> Callable[[], bool]:
    registry.fault("*", "reset-after", skip=1, times=1)
    registry.fault("*", "hang", times=1, skip=1)
    return lambda: registry.requests == 3


STEPS: dict[str, tuple[Callable[[FaultyRegistry], Callable[[], bool]], int, str]] = {
    # Where it hangs; how often the command was sent by then; what reading back then says.
    "holding the lock": (hang_at_the_read, 0, ""),
    "committed": (hang_before_sending, 0, "not-applied"),
    "sent": (hang_before_it_is_done, 1, "not-applied"),
    "done": (hang_when_it_is_done, 1, "applied"),
    "reading back": (hang_while_reading_back, 1, "applied"),
}


@pytest.mark.parametrize("command", ["new", "update", "delete"])
@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_killed_leaves_the_number_free_and_what_was_sent_is_settled(
    at_remote: Place, registry: FaultyRegistry, step: str, command: str
) -> None:
    hang, sent, outcome = STEPS[step]
    first, second = at_remote.read().records
    registry.log.clear()
    registry.counts.clear()
    with running(WORKER, 1) as (victim,), ThreadPoolExecutor(1) as pool:
        is_there = hang(registry)
        victim.ask(at_remote.asked(command, first, "victim@example.org"))
        until(is_there)
        asked_so_far = registry.requests
        registry.handshake, registry.framing = "good", "length"
        next_one = pool.submit(written_here, at_remote.asked("update", second, "next@example.org"))
        assert (registry.requests, next_one.done()) == (asked_so_far, False)
        victim.kill()
        assert next_one.result(LIMIT) == "applied"

    left = history_of(at_remote.person, at_remote.credential, at_remote.number_id).open
    assert [(change.command, change.outcome) for change in left] == ([(command, "sent")] if outcome else [])
    for change in left:
        assert settle(at_remote.person, change).outcome == outcome
    assert at_remote.read().record(second.id).hostdata == "next@example.org"
    assert history_of(at_remote.person, at_remote.credential, at_remote.number_id).open == ()
    writes = [received.command for received in registry.log if received.command in {"new", "update", "delete"}]
    assert writes == [*[command] * sent, "update"]

"""Writing records: each write reads live first, insists on the review, is in the history, and is sent once."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from django.db import connection
from django.http import Http404

from dashboard.client import Client, NotSent, RegistryError
from dashboard.models import Change, Credential, Outcome, Team, User
from dashboard.platform import locks
from dashboard.protocol import Record, RecordData, RecordState
from dashboard.services.numbers import fingerprint
from dashboard.services.records import AlreadySubmitted, Conflict, Direction, Unacceptable, Writer
from tests.faulty_registry import FaultyRegistry
from tests.fixtures_people import share
from tests.programs import LIMIT

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")
SECRET = replace(DRAFT, hostdata="alice:secret@example.org")
DIGITS = "12005550100"
WRITES = {"new", "update", "delete", "deleteall"}
NAMES = ["update", "delete", "deleteall", "move"]
Make = Callable[..., Writer]
Writing = Callable[[Writer], object]


@pytest.fixture
def seen(registry: FaultyRegistry, connected: Client, number_id: int) -> list[Record]:
    """The two records as Alice saw them. What is asked from now on is counted anew."""
    shown = connected.show(number_id)
    registry.log.clear()
    return shown


@pytest.fixture
def writer(person: User, remote: Credential, number_id: int, seen: list[Record]) -> Make:
    """Writers for the number, each for one form."""

    def make(submission: uuid.UUID | None = None, number: int = number_id) -> Writer:
        return Writer(person, remote, number, submission)

    return make


@pytest.fixture
def writing(seen: list[Record]) -> dict[str, Writing]:
    """Each way to write what is there, by somebody who saw it as it was."""
    first = seen[0]
    mark = fingerprint([first])
    return {
        "update": lambda writer: writer.update(first.id, DRAFT, seen=mark),
        "delete": lambda writer: writer.delete(first.id, seen=mark),
        "deleteall": lambda writer: writer.delete_all(seen=fingerprint(seen), digits=DIGITS),
        "move": lambda writer: writer.move(first.id, Direction.DOWN, seen=mark),
        "new": lambda writer: writer.add(DRAFT),
    }


def asked(registry: FaultyRegistry) -> list[str]:
    return [received.command for received in registry.log]


def sent(registry: FaultyRegistry) -> list[str]:
    return [command for command in asked(registry) if command in WRITES]


def states(records: list[Record]) -> list[RecordState]:
    return [record.state for record in records]


def held(record_id: int, data: RecordData) -> RecordState:
    return RecordState(id=record_id, preference=data.preference, service=data.service, hostdata=data.hostdata)


# --- what is sent, and what the history keeps ---------------------------------------------------------------------


def test_adding_is_one_read_and_one_new(registry: FaultyRegistry, writer: Make, seen: list[Record]) -> None:
    change = writer().add(DRAFT)

    assert asked(registry) == ["show", "new"]
    assert registry.log[-1].variables["order"] == "100"
    assert (change.outcome, change.record_id) == (Outcome.APPLIED, max(registry.store.records))
    assert change.before == states(seen)
    assert change.after == [*states(seen), held(max(registry.store.records), DRAFT)]


def test_the_id_of_a_new_record_is_looked_for_where_the_registry_does_not_say_it(
    registry: FaultyRegistry, writer: Make
) -> None:
    registry.store.returns_new_id = False
    change = writer().add(DRAFT)

    assert asked(registry) == ["show", "new", "show"]
    assert change.record_id == max(registry.store.records)


def test_the_first_record_asks_what_it_changes_for_other_numbers_with_one_list(
    registry: FaultyRegistry, writer: Make, number_id: int
) -> None:
    registry.store.numbers[number_id].records.clear()
    change = writer().add(DRAFT)

    assert asked(registry) == ["show", "list", "new"]
    assert (change.before, change.number) == ([], DIGITS)


def test_changing_is_one_read_and_one_update(registry: FaultyRegistry, writer: Make, seen: list[Record]) -> None:
    first, second = seen
    change = writer().update(first.id, DRAFT, seen=fingerprint([first]))

    assert asked(registry) == ["show", "update"]
    assert change.before == states(seen)
    assert change.after == [held(first.id, DRAFT), second.state]
    assert (change.gone, change.come) == ([first.state], [held(first.id, DRAFT)])


def test_deleting_is_one_read_and_one_delete(registry: FaultyRegistry, writer: Make, seen: list[Record]) -> None:
    first, second = seen
    change = writer().delete(first.id, seen=fingerprint([first]))

    assert asked(registry) == ["show", "delete"]
    assert first.id not in registry.store.records
    assert (change.before, change.after) == (states(seen), [second.state])
    assert (change.gone, change.come) == ([first.state], [])


def test_deleting_all_is_one_read_and_one_deleteall(
    registry: FaultyRegistry, writer: Make, seen: list[Record]
) -> None:
    change = writer().delete_all(seen=fingerprint(seen), digits=DIGITS)

    assert asked(registry) == ["show", "deleteall"]
    assert (change.before, change.after, change.record_id) == (states(seen), [], None)


def test_moving_is_one_read_and_as_few_updates_as_there_need_be(
    registry: FaultyRegistry, writer: Make, seen: list[Record]
) -> None:
    first, second = seen
    (change,) = writer().move(first.id, Direction.DOWN, seen=fingerprint([first]))

    assert asked(registry) == ["show", "update"]
    assert (change.before, change.after) == (states(seen), [replace(first.state, preference=30), second.state])


def test_each_update_of_a_move_keeps_the_number_as_the_one_before_left_it(
    registry: FaultyRegistry, writer: Make, seen: list[Record], number_id: int
) -> None:
    registry.store.add_record(number_id, 20, "SIP", "third@example.org")
    made = writer().move(seen[0].id, Direction.DOWN, seen=fingerprint(seen[:1]))

    assert asked(registry) == ["show", "update", "update", "update"][: len(made) + 1]
    assert len(made) > 1
    for earlier, later in pairwise(made):
        assert later.before == earlier.after
    assert {state.id: state.preference for state in made[-1].after} == {
        record.id: int(record.preference)
        for record in registry.store.records.values()
        if record.number_id == number_id
    }


def test_moving_stops_at_the_first_update_that_was_not_applied(
    registry: FaultyRegistry, writer: Make, seen: list[Record], number_id: int
) -> None:
    registry.store.add_record(number_id, 20, "SIP", "third@example.org")
    registry.fault("update", "bad", skip=1)
    made = writer().move(seen[0].id, Direction.DOWN, seen=fingerprint(seen[:1]))

    assert [change.outcome for change in made] == [Outcome.APPLIED, Outcome.REFUSED]
    assert sent(registry) == ["update", "update"]


@pytest.mark.parametrize(("place", "direction"), [(0, Direction.UP), (1, Direction.DOWN)])
def test_moving_beyond_the_ends_does_nothing(
    registry: FaultyRegistry, writer: Make, seen: list[Record], place: int, direction: Direction
) -> None:
    record = seen[place]

    assert writer().move(record.id, direction, seen=fingerprint([record])) == []
    assert sent(registry) == []


def test_a_move_of_what_no_command_can_carry_sends_nothing(
    registry: FaultyRegistry, writer: Make, connected: Client, number_id: int
) -> None:
    registry.store.add_record(number_id, 20, "SIP", "   ")
    last = connected.show(number_id)[-1]
    with pytest.raises(NotSent, match="must not be blank"):
        writer().move(last.id, Direction.UP, seen=fingerprint([last]))

    assert sent(registry) == []
    assert not Change.objects.exists()


# --- nothing is sent ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, hostdata="two words"),
        replace(DRAFT, hostdata=f"{'x' * 300}@example.org"),
        replace(DRAFT, service="SIP,IAX2"),
        replace(DRAFT, preference=65_536),
        replace(DRAFT, service="x-fax", hostdata="a\nb"),
        SECRET,
    ],
)
@pytest.mark.parametrize("accepted", ["", "x"])
def test_a_draft_that_is_illegal_or_not_accepted_is_not_sent_by_any_door(
    registry: FaultyRegistry, writer: Make, seen: list[Record], draft: RecordData, accepted: str
) -> None:
    with pytest.raises(Unacceptable) as added:
        writer().add(draft, accepted=accepted)
    with pytest.raises(Unacceptable) as updated:
        writer().update(seen[0].id, draft, seen=fingerprint(seen[:1]), accepted=accepted)

    for refusal in (added.value, updated.value):
        assert refusal.review.errors or refusal.review.concerns
        assert str(refusal)
        assert refusal.found.records == seen
    assert sent(registry) == []
    assert not Change.objects.exists()


def test_a_concern_that_was_read_is_written(registry: FaultyRegistry, writer: Make, seen: list[Record]) -> None:
    with pytest.raises(Unacceptable) as refusal:
        writer().add(SECRET)
    digest = refusal.value.review.digest

    assert writer().add(SECRET, accepted=digest).outcome == Outcome.APPLIED
    with pytest.raises(Unacceptable):
        writer().add(
            replace(SECRET, preference=60, hostdata=f"a:b@{'x' * 60}.example.org{'.x' * 200}"), accepted=digest
        )
    other = writer().update(
        seen[0].id, replace(SECRET, hostdata="carol:secret@example.org"), seen=fingerprint(seen[:1]), accepted=digest
    )
    assert other.outcome == Outcome.APPLIED
    assert sent(registry) == ["new", "update"]


def test_an_answer_that_grows_too_large_between_two_looks_is_not_sent(
    registry: FaultyRegistry, writer: Make, number_id: int
) -> None:
    for place in range(30, 68):
        registry.store.add_record(number_id, place, "SIP", f"{'a' * 45}{place}@example.org")
    with pytest.raises(Unacceptable) as refusal:
        writer().add(replace(DRAFT, preference=99, hostdata=f"{'b' * 150}@example.org"), accepted="x")

    assert [problem.code for problem in refusal.value.review.errors] == ["answer-size"]
    assert sent(registry) == []


@pytest.mark.parametrize("digits", ["", "2005550100", "120055501000", "12005550101"])
def test_deleting_all_needs_the_digits_of_the_number(
    registry: FaultyRegistry, writer: Make, seen: list[Record], digits: str
) -> None:
    with pytest.raises(Unacceptable, match="not the number of this page"):
        writer().delete_all(seen=fingerprint(seen), digits=digits)

    assert sent(registry) == []
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_sent_where_a_record_changed_meanwhile(
    registry: FaultyRegistry, writer: Make, seen: list[Record], writing: dict[str, Writing], name: str
) -> None:
    registry.store.records[seen[0].id].hostdata = "theirs@example.org"
    with pytest.raises(Conflict) as conflict:
        writing[name](writer())

    assert conflict.value.found.record(seen[0].id).hostdata == "theirs@example.org"
    assert asked(registry) == ["show"]
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", ["update", "delete", "move"])
def test_what_somebody_did_to_another_record_is_no_conflict(
    registry: FaultyRegistry, writer: Make, seen: list[Record], writing: dict[str, Writing], name: str
) -> None:
    registry.store.records[seen[1].id].hostdata = "theirs@example.org"
    writing[name](writer())

    assert [change.outcome for change in Change.objects.all()] == [Outcome.APPLIED]


@pytest.mark.parametrize("name", NAMES)
def test_a_record_that_was_deleted_meanwhile_is_a_conflict(
    registry: FaultyRegistry,
    writer: Make,
    seen: list[Record],
    writing: dict[str, Writing],
    number_id: int,
    name: str,
) -> None:
    del registry.store.numbers[number_id].records[seen[0].id]
    with pytest.raises(Conflict) as conflict:
        writing[name](writer())

    assert conflict.value.found.records == seen[1:]
    assert sent(registry) == []


def test_a_record_that_never_was_there_is_not_found(
    registry: FaultyRegistry, writer: Make, seen: list[Record]
) -> None:
    missing, mark = 10**9, fingerprint(seen[:1])
    for write in (
        lambda: writer().update(missing, DRAFT, seen=mark),
        lambda: writer().delete(missing, seen=mark),
        lambda: writer().move(missing, Direction.UP, seen=mark),
        lambda: writer(number=missing).add(DRAFT),
        lambda: writer(number=missing).delete_all(seen=mark, digits=DIGITS),
    ):
        with pytest.raises(Http404):
            write()

    assert sent(registry) == []
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", [*NAMES, "new"])
def test_the_second_of_two_clicks_is_told_what_came_of_the_first(
    registry: FaultyRegistry, writer: Make, writing: dict[str, Writing], name: str
) -> None:
    token = uuid.uuid4()
    writing[name](writer(token))
    before = asked(registry)
    with pytest.raises(AlreadySubmitted) as again:
        writing[name](writer(token))

    assert again.value.change == Change.objects.get(submission=token)
    # The registry is not even asked.
    assert asked(registry) == before


def test_two_people_may_have_the_same_token(
    team: Team, editor: User, remote: Credential, registry: FaultyRegistry, writer: Make, number_id: int
) -> None:
    share(remote, team)
    token = uuid.uuid4()
    writer(token).add(DRAFT)
    Writer(editor, remote, number_id, token).add(replace(DRAFT, preference=60, hostdata="other@example.org"))

    assert sent(registry) == ["new", "new"]


def test_a_form_for_one_number_cannot_be_sent_for_another(
    registry: FaultyRegistry, writer: Make, number_id: int
) -> None:
    token = uuid.uuid4()
    writer(token).add(DRAFT)
    with pytest.raises(AlreadySubmitted):
        writer(token, number=registry.number_ids[1]).add(DRAFT)

    assert sent(registry) == ["new"]


@pytest.mark.parametrize("name", [*NAMES, "new"])
def test_nothing_is_sent_where_the_registry_cannot_be_read(
    registry: FaultyRegistry, writer: Make, writing: dict[str, Writing], name: str
) -> None:
    registry.fault("show", "html")
    with pytest.raises(RegistryError):
        writing[name](writer())

    assert sent(registry) == []
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_while_somebody_else_writes_to_the_number(
    registry: FaultyRegistry,
    remote: Credential,
    writer: Make,
    number_id: int,
    set_deadline: Callable[[float], None],
) -> None:
    set_deadline(0.2)
    with _somebody_holds(f"number {remote.registry_id} {number_id}"):
        with pytest.raises(NotSent, match="Somebody else is writing"):
            writer().add(DRAFT)
        assert asked(registry) == []
        writer(number=registry.number_ids[1]).add(DRAFT)

    assert writer().add(DRAFT).outcome == Outcome.APPLIED


@contextmanager
def _somebody_holds(name: str) -> Iterator[None]:
    """Another thread, with a connection of its own, holds a lock."""
    has_it, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.held(name, locks.at_once):
            has_it.set()
            done.wait(LIMIT)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert has_it.wait(LIMIT)
        try:
            yield
        finally:
            done.set()

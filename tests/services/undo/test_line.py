"""A number's life as a line of states, made from its history."""

import uuid
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.http import Http404

from dashboard.client import RegistryError
from dashboard.models import Credential, User
from dashboard.services.numbers import show_number
from dashboard.services.undo.differences import Kind
from dashboard.services.undo.line import PAGE_SIZE, Line, line_of
from dashboard.services.undo.moments import Life
from tests.faulty_registry import FaultyRegistry
from tests.services.undo.history import History, changed, record

A, B = record(1, "a@example.org"), record(2, "b@example.org", 20)
Make = Callable[[], Life]


@pytest.fixture
def life(person: User, remote: Credential, number_id: int) -> Make:
    """The number's life, with what the registry has by then."""
    return lambda: Life.of(person, remote, number_id)


def hosts(state: Any) -> list[str] | None:
    """Where the records of a state lead, by the letter that stands for it."""
    return None if state.records is None else [one.hostdata[0] for one in state.records]


def told(line: Line) -> list[tuple[str, list[str] | None]]:
    """Each entry by its command and the state that it left."""
    return [(entry.change.command, hosts(entry.state)) for entry in line.entries]


def test_each_write_that_took_effect_is_a_state(history: History, life: Make) -> None:
    history.change([], [A], command="new")
    history.change([A], changed([A], 1, "x@example.org"))
    history.change(changed([A], 1, "x@example.org"), [], command="delete")
    line = line_of(life())

    assert told(line) == [("delete", []), ("update", ["x"]), ("new", ["a"])]
    assert [[pair.kind for pair in entry.pairs] for entry in line.entries] == [
        [Kind.WENT],
        [Kind.CHANGED],
        [Kind.CAME],
    ]
    assert line.start is not None
    assert hosts(line.start) == []


def test_the_line_begins_with_what_the_registry_has_now(registry: FaultyRegistry, life: Make, number_id: int) -> None:
    line = line_of(life())

    assert line.entries == []
    assert line.start is None
    assert hosts(line.now) == ["5", "5"]
    assert line.now.callers is not None
    assert line.now.callers.can_call


def test_who_could_call_is_told_of_each_state(history: History, life: Make) -> None:
    history.change([A], [], command="delete")
    history.change([], [record(5, "c@example.org")], command="new")
    able = [entry.state.callers.can_call for entry in line_of(life()).entries if entry.state.callers]

    assert [bool(systems) for systems in able] == [True, False]


@pytest.mark.parametrize("outcome", ["refused", "not-applied"])
def test_what_did_not_take_effect_is_in_the_line_and_makes_no_state(
    history: History, life: Make, outcome: str
) -> None:
    history.change([A], [A, B], command="new", outcome=outcome)
    (entry,) = line_of(life()).entries

    assert (entry.applied, entry.pairs) == ([], [])
    assert [pair.after for pair in entry.tried] == [B]
    assert hosts(entry.state) == ["a"]


@pytest.mark.parametrize("outcome", ["sent", "unknown"])
def test_what_nobody_knows_leaves_a_gap(history: History, life: Make, outcome: str) -> None:
    change = history.change([A], [A, B], command="new", outcome=outcome)
    (entry,) = line_of(life()).entries

    assert entry.state.records is None
    assert life().comparison(str(change.pk)).pairs is None
    assert hosts(life().state(f"before-{change.pk}")) == ["a"]


def test_a_change_that_kept_only_its_own_record_leaves_a_gap(history: History, life: Make) -> None:
    change = history.change([A], changed([A], 1, "x@example.org"), is_whole=False)
    line = line_of(life())

    assert told(line) == [("update", None)]
    assert [pair.kind for pair in line.entries[0].pairs] == [Kind.CHANGED]
    assert line.start is not None
    assert hosts(line.start) is None
    assert life().state(f"before-{change.pk}").records is None


def test_what_was_sent_together_is_one_entry(history: History, life: Make) -> None:
    x, y = changed([A, B], 1, "x@example.org"), changed(changed([A, B], 1, "x@example.org"), 2, "y@example.org")
    history.together([A, B], x, y)
    (entry,) = line_of(life()).entries

    assert len(entry.made) == 2
    assert hosts(entry.state) == ["x", "y"]
    assert [pair.kind for pair in entry.pairs] == [Kind.CHANGED, Kind.CHANGED]


def test_of_what_was_sent_together_a_part_may_have_failed(history: History, life: Make) -> None:
    x, y = changed([A, B], 1, "x@example.org"), changed(changed([A, B], 1, "x@example.org"), 2, "y@example.org")
    made = history.together([A, B], x, y, outcomes=["applied", "refused"])
    (entry,) = line_of(life()).entries

    assert entry.applied == made[:1]
    assert hosts(entry.state) == ["x", "b"]
    assert [(pair.after or A).hostdata[0] for pair in entry.pairs] == ["x"]
    assert [(pair.after or A).hostdata[0] for pair in entry.tried] == ["y"]


def test_a_batch_of_another_number_is_not_taken_in(history: History, remote: Credential, life: Make) -> None:
    batch = uuid.uuid4()
    history.change([A], [B], batch=batch)
    History(remote, history.number_id + 1).change([A], [], batch=batch)

    assert [len(entry.made) for entry in line_of(life()).entries] == [1]


def test_what_was_seen_has_no_person_and_the_time_of_two_looks(history: History, life: Make) -> None:
    history.change([], [A], command="new")
    history.seen([A], [A, B])
    seen = line_of(life()).entries[0]

    assert seen.is_seen
    assert (seen.change.person, seen.change.user) == ("", None)
    assert seen.change.looked_at is not None
    assert seen.change.looked_at < seen.change.created_at
    assert [pair.after for pair in seen.pairs] == [B]


def test_what_nobody_saw_is_said_between_two_entries(history: History, life: Make) -> None:
    history.change([], [A], command="new")
    history.change([B], [], command="delete")
    newer, older = line_of(life()).entries

    assert sorted(pair.kind for pair in newer.elsewhere) == [Kind.CAME, Kind.WENT]
    assert older.elsewhere == ()


def test_a_registry_that_keeps_an_order_of_its_own_changed_nothing(history: History, life: Make) -> None:
    history.change([], [A], command="new")
    history.change([record(1, "a@example.org").placed(1, 7)], [], command="delete")

    assert [entry.elsewhere for entry in line_of(life()).entries] == [[], ()]


def test_a_long_line_is_paged_and_each_page_knows_the_state_before_it(history: History, life: Make) -> None:
    states = [[record(1, f"{number:04}@example.org")] for number in range(PAGE_SIZE * 2 + 2)]
    for before, after in pairwise(states):
        history.change(before, after)
    first, second, third = (line_of(life(), page) for page in "123")

    assert [len(line.entries) for line in (first, second, third)] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert all(not entry.elsewhere for line in (first, second, third) for entry in line.entries)
    assert (first.start, second.start) == (None, None)
    assert third.start is not None
    assert third.start.records == tuple(states[0])
    assert [entry.change.pk for entry in line_of(life(), "99").entries] == [third.entries[0].change.pk]


def test_a_page_of_a_long_line_costs_the_same_questions(
    history: History, life: Make, django_assert_max_num_queries: Any
) -> None:
    for _ in range(PAGE_SIZE):
        history.together([A, B], [A], [A, B], [B])
    with django_assert_max_num_queries(30):
        assert len(line_of(life()).entries) == PAGE_SIZE


def test_any_two_states_can_be_compared(history: History, life: Make) -> None:
    first = history.change([], [A], command="new")
    gone = history.change([A], [], command="delete")
    back = history.change([], [record(9, "x@example.org")], command="new", record_id=9, was_id=1)
    found = life()

    def kinds(*moments: str) -> list[str]:
        return [pair.kind.value for pair in found.comparison(*moments).pairs or ()]

    assert kinds(str(back.pk), str(first.pk)) == ["changed"]
    assert kinds(str(gone.pk), str(first.pk)) == ["went"]
    assert kinds(str(back.pk), f"before-{back.pk}") == ["came"]
    assert kinds("now", str(gone.pk)) == ["came", "came"]
    assert found.comparison(str(first.pk)).earlier.moment == str(first.pk)
    assert found.comparison("", str(first.pk)).later.is_now


@pytest.mark.parametrize("moment", ["0", "", "x", "-1", "before-", "before-0", "now ", "9" * 30, "１"])
def test_what_names_no_moment_is_not_found(history: History, life: Make, moment: str) -> None:
    history.change([], [A], command="new")
    with pytest.raises(Http404):
        life().state(moment)


def test_a_change_of_another_number_or_credential_is_no_moment_of_this_one(
    history: History, remote: Credential, credential: Credential, life: Make, number_id: int
) -> None:
    others = [
        History(remote, number_id + 1).change([], [A]),
        History(credential, number_id).change([], [A]),
    ]
    for change in others:
        with pytest.raises(Http404):
            life().state(str(change.pk))
    assert line_of(life()).entries == []


def test_the_line_is_there_while_the_registry_is_not(history: History, registry: FaultyRegistry, life: Make) -> None:
    history.change([], [A], command="new")
    registry.fault("show", "html")
    line = line_of(life())

    assert line.problem is not None
    assert told(line) == [("new", ["a"])]
    assert line.number.digits == "12005550100"
    assert line.now.records is None
    assert line.entries[0].state.callers is not None


def test_who_can_call_a_block_is_not_guessed_while_the_registry_is_not_there(
    history: History, registry: FaultyRegistry, life: Make
) -> None:
    history.change([], [record(1, "{rest}@example.org")], command="new")
    registry.fault("show", "html")

    assert line_of(life()).entries[0].state.callers is None


def test_the_line_outlives_the_number(history: History, registry: FaultyRegistry, life: Make, number_id: int) -> None:
    history.change([], [A], command="new")
    del registry.store.numbers[number_id]
    line = line_of(life())

    assert line.is_gone
    assert told(line) == [("new", ["a"])]


def test_of_a_number_of_which_nothing_is_known_nothing_is_told(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    with pytest.raises(Http404):
        Life.of(person, remote, 10**9)
    registry.fault("show", "html")
    with pytest.raises(RegistryError):
        Life.of(person, remote, number_id)
    registry.heal()
    assert show_number(person, remote, number_id).records

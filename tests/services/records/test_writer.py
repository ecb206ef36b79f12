"""Writing records: each reads live first, and sends nothing where somebody else was there meanwhile."""

import uuid
from typing import Any

import pytest

from dashboard.client import Client, RegistryError
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import Number, RecordData
from dashboard.services import records
from dashboard.services.history import AlreadySubmitted, Conflict, fingerprint
from dashboard.services.records import Direction
from tests.faulty_registry import FaultyRegistry

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")
WRITES = {"new", "update", "delete", "deleteall"}


@pytest.fixture
def number(number_id: int) -> Number:
    """The first number of the registry."""
    return Number(id=number_id, country="1", area="200", local="5550100")


@pytest.fixture
def seen(connected: Client, number_id: int) -> dict[int, str]:
    """The fingerprint of each record as Alice saw it."""
    return {record.id: fingerprint([record]) for record in connected.show(number_id)}


def _sent(registry: FaultyRegistry) -> list[str]:
    return [received.command for received in registry.log if received.command in WRITES]


def test_adding_sends_exactly_one_new_and_remembers_what_was_there(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, record_ids: list[int]
) -> None:
    change = records.add_record(person, remote, number, DRAFT)

    assert [received.command for received in registry.log] == ["show", "new"]
    assert change.outcome == Outcome.APPLIED
    assert change.record_id == max(registry.store.records)
    assert registry.log[-1].variables["order"] == "100"


def test_changing_sends_exactly_one_update(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str]
) -> None:
    record_id = min(seen)
    change = records.update_record(person, remote, number.id, record_id, DRAFT, seen[record_id])

    assert _sent(registry) == ["update"]
    assert change.before[0]["hostdata"] == "5550100.0@sip.example.org"
    assert change.after[0]["hostdata"] == "new@example.org"


def test_deleting_sends_exactly_one_delete(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str]
) -> None:
    record_id = min(seen)
    records.delete_record(person, remote, number.id, record_id, seen[record_id])

    assert _sent(registry) == ["delete"]
    assert record_id not in registry.store.records


def test_deleting_all_sends_exactly_one_deleteall(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number: Number
) -> None:
    change = records.delete_all_records(person, remote, number, fingerprint(connected.show(number.id)))

    assert _sent(registry) == ["deleteall"]
    assert len(change.before) == 2


def _write(
    name: str, person: User, remote: Credential, number: Number, record_id: int, seen: str, **rest: Any
) -> Any:
    match name:
        case "update":
            return records.update_record(person, remote, number.id, record_id, DRAFT, seen, **rest)
        case "delete":
            return records.delete_record(person, remote, number.id, record_id, seen, **rest)
        case "deleteall":
            return records.delete_all_records(person, remote, number, seen, **rest)
        case _:
            return records.move_record(person, remote, number.id, record_id, Direction.DOWN, seen, **rest)


@pytest.mark.parametrize("name", ["update", "delete", "deleteall", "move"])
def test_nothing_is_sent_where_a_record_changed_meanwhile(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str], name: str
) -> None:
    record_id = min(seen)
    registry.store.records[record_id].hostdata = "theirs@example.org"
    with pytest.raises(Conflict) as conflict:
        _write(name, person, remote, number, record_id, seen[record_id])

    assert "theirs@example.org" in {record.hostdata for record in conflict.value.now}
    assert _sent(registry) == []
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", ["update", "delete"])
def test_a_conflict_with_a_deletion_has_nothing_to_show(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str], name: str
) -> None:
    record_id = min(seen)
    del registry.store.records[record_id]
    del registry.store.numbers[number.id].records[record_id]
    with pytest.raises(Conflict) as conflict:
        _write(name, person, remote, number, record_id, seen[record_id])

    assert conflict.value.now == []
    assert _sent(registry) == []


@pytest.mark.parametrize("name", ["update", "delete", "deleteall", "move"])
def test_the_second_of_two_clicks_is_no_conflict_with_the_first(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number: Number,
    seen: dict[int, str],
    name: str,
) -> None:
    record_id, token = min(seen), uuid.uuid4()
    as_seen = fingerprint(connected.show(number.id)) if name == "deleteall" else seen[record_id]
    _write(name, person, remote, number, record_id, as_seen, submission=token)
    sent = _sent(registry)
    with pytest.raises(AlreadySubmitted):
        _write(name, person, remote, number, record_id, as_seen, submission=token)

    assert _sent(registry) == sent


@pytest.mark.parametrize("name", ["update", "delete", "deleteall", "move"])
def test_nothing_is_sent_where_the_registry_cannot_be_read(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str], name: str
) -> None:
    registry.fault("show", "html")
    registry.fault("getnaptr", "html")
    with pytest.raises(RegistryError):
        _write(name, person, remote, number, min(seen), seen[min(seen)])

    assert _sent(registry) == []
    assert not Change.objects.exists()


def test_moving_stops_at_the_first_update_that_was_not_applied(
    person: User, remote: Credential, registry: FaultyRegistry, number: Number, seen: dict[int, str]
) -> None:
    registry.store.add_record(number.id, 20, "SIP", "third@example.org")
    registry.fault("update", "bad", skip=1)
    made = records.move_record(person, remote, number.id, min(seen), Direction.DOWN, seen[min(seen)])

    assert [change.outcome for change in made] == [Outcome.APPLIED, Outcome.REFUSED]
    assert _sent(registry) == ["update", "update"]


@pytest.mark.parametrize(("place", "direction"), [(0, Direction.UP), (1, Direction.DOWN)])
def test_moving_beyond_the_ends_does_nothing(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number: Number,
    seen: dict[int, str],
    record_ids: list[int],
    place: int,
    direction: Direction,
) -> None:
    record_id = record_ids[place]

    assert records.move_record(person, remote, number.id, record_id, direction, seen[record_id]) == []
    assert _sent(registry) == []

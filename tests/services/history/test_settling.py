"""A write, from the click to what is known about it: committed first, sent once, settled by reply or by reading."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from dashboard.client import Client, Refused, RegistryError, ReplyLost
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import Delete, DeleteAll, New, Record, Update
from dashboard.services import history as changes
from dashboard.services.credentials.connection import connect
from dashboard.services.history import AlreadySubmitted, fingerprint, is_of, snapshot
from dashboard.services.history.changes import Write
from tests.faulty_registry import FaultyRegistry

NEW: dict[str, Any] = {"preference": 50, "service": "SIP", "hostdata": "new@example.org"}


def _entry(record_id: int | None, **values: Any) -> dict[str, Any]:
    return {"id": record_id, "order": 100, **NEW, **values}


def _send(
    person: User, credential: Credential, client: Client, command: Write, number_id: int, **values: Any
) -> Change:
    filled: dict[str, Any] = {"number_id": number_id, "number": "12005550100", "before": [], "after": []} | values
    return changes.send(person, credential, client, command, **filled)


def _update(person: User, credential: Credential, client: Client, number_id: int, record_id: int) -> Change:
    before = [snapshot(record) for record in client.show(number_id) if record.id == record_id]
    command = Update(id=record_id, **NEW)
    return _send(person, credential, client, command, number_id, before=before, after=[_entry(record_id)])


@pytest.mark.django_db(transaction=True)
def test_a_change_is_committed_before_its_command_goes_out(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    seen: list[list[str]] = []
    answer = registry.store.answer

    def look_and_answer(form: dict[str, str]) -> Any:
        if form["command"] == "update":
            # The registry's thread has a connection of its own, so it sees only what is committed.
            seen.append(list(Change.objects.values_list("outcome", flat=True)))
            connections.close_all()
        return answer(form)

    registry.store.answer = look_and_answer  # type: ignore[method-assign]
    _update(person, remote, connected, number_id, record_ids[0])

    assert seen == [["sent"]]


@pytest.mark.django_db(transaction=True)
def test_a_change_cannot_be_part_of_a_transaction_that_may_be_undone(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        _send(person, remote, connected, DeleteAll(id=number_id), number_id)

    assert registry.count("deleteall") == 0


def test_a_change_that_cannot_be_stored_is_not_sent(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    with pytest.raises(TypeError):
        _send(person, remote, connected, DeleteAll(id=number_id), number_id, before=[object()])

    assert registry.count("deleteall") == 0


def test_an_ok_is_applied(
    person: User, remote: Credential, connected: Client, number_id: int, record_ids: list[int]
) -> None:
    change = _update(person, remote, connected, number_id, record_ids[0])

    assert (change.outcome, change.words, change.is_open) == (Outcome.APPLIED, "", False)
    stored = Change.objects.get()
    assert (stored.person, stored.credential_label, stored.registry_name) == ("alice", "Remote", "Elsewhere")
    assert (stored.command, stored.number, stored.record_id) == ("update", "12005550100", record_ids[0])


def test_a_bad_is_refused_with_the_words_of_the_registry(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    registry.fault("update", "bad", error="Not today.")
    change = _update(person, remote, connected, number_id, record_ids[0])

    assert (change.outcome, change.words, change.is_open) == (Outcome.REFUSED, "Not today.\ncode: on-hold", False)


@pytest.mark.parametrize(("kind", "outcome"), [("reset-before", "not-applied"), ("reset-after", "applied")])
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_a_lost_reply_is_settled_by_reading_back(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
    command: str,
    kind: str,
    outcome: str,
) -> None:
    before = [snapshot(record) for record in connected.show(number_id)]
    sent: dict[str, tuple[Write, dict[str, Any]]] = {
        "new": (New(id=number_id, **NEW), {"before": before, "after": [_entry(None)]}),
        "update": (Update(id=record_ids[0], **NEW), {"before": before[:1], "after": [_entry(record_ids[0])]}),
        "delete": (Delete(id=record_ids[0]), {"before": before[:1]}),
        "deleteall": (DeleteAll(id=number_id), {"before": before}),
    }
    registry.fault(command, kind, times=1)
    write, values = sent[command]
    change = _send(person, remote, connected, write, number_id, **values)

    assert change.outcome == outcome
    assert registry.count(command) == 1
    if command == "new":
        assert (change.record_id is not None) == (outcome == "applied")
        assert change.after[0]["id"] == change.record_id


def test_new_is_told_from_a_record_that_was_there_before(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    twin = registry.store.add_record(number_id, 50, "SIP", "new@example.org")
    before = [snapshot(record) for record in connected.show(number_id)]
    registry.fault("new", "reset-before", times=1)
    command = New(id=number_id, **NEW)
    change = _send(person, remote, connected, command, number_id, before=before, after=[_entry(None)])

    assert twin in {entry["id"] for entry in before}
    assert change.outcome == Outcome.NOT_APPLIED


def test_a_delete_all_that_was_done_half_is_unknown_and_closed(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    before = [snapshot(record) for record in connected.show(number_id)]
    registry.fault("deleteall", "reset-before", times=1)
    del registry.store.numbers[number_id].records[record_ids[0]]
    change = _send(person, remote, connected, DeleteAll(id=number_id), number_id, before=before)

    assert (change.outcome, change.is_open) == (Outcome.UNKNOWN, False)


def test_a_record_that_somebody_changed_to_something_else_is_unknown(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    registry.fault("update", "reset-before", times=1)
    registry.store.records[record_ids[0]].hostdata = "theirs@example.org"
    command = Update(id=record_ids[0], **NEW)
    before = [_entry(record_ids[0], hostdata="before@example.org")]
    change = _send(person, remote, connected, command, number_id, before=before, after=[_entry(record_ids[0])])

    assert change.outcome == Outcome.UNKNOWN


def test_a_change_stays_open_when_it_cannot_be_read_back(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    registry.fault("update", "reset-after", times=1)
    registry.fault("getnaptr", "html")
    change = _update(person, remote, connected, number_id, record_ids[0])

    assert (change.outcome, change.is_open) == (Outcome.UNKNOWN, True)
    assert change.words == (
        "The connection to 127.0.0.1 broke before its reply was complete. "
        "127.0.0.1 answered with a web page instead of a reply."
    )
    assert changes.open_changes(remote, number_id) == [change]


@pytest.mark.django_db(transaction=True)
def test_not_knowing_does_not_undo_what_somebody_found_out_meanwhile(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    answer = registry.store.answer

    def settle_and_answer(form: dict[str, str]) -> Any:
        if form["command"] == "getnaptr":
            Change.objects.update(outcome=Outcome.APPLIED, settled_at=timezone.now())
            connections.close_all()
        return answer(form)

    registry.store.answer = settle_and_answer  # type: ignore[method-assign]
    registry.fault("update", "reset-after")
    registry.fault("getnaptr", "html")
    _update(person, remote, connected, number_id, record_ids[0])

    stored = Change.objects.get()
    assert (stored.outcome, stored.is_open) == (Outcome.APPLIED, False)


def test_half_of_the_deadline_is_kept_for_reading_back(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    set_deadline: Callable[[float], None],
    number_id: int,
    record_ids: list[int],
) -> None:
    set_deadline(1)
    registry.fault("update", "hang-after")
    change = _update(person, remote, connect(person, remote), number_id, record_ids[0])

    assert change.outcome == Outcome.APPLIED
    assert change.words.startswith("127.0.0.1 did not answer in time.")


def test_the_same_submission_is_sent_once(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    token = uuid.uuid4()
    first = _send(person, remote, connected, DeleteAll(id=number_id), number_id, submission=token)
    with pytest.raises(AlreadySubmitted) as again:
        _send(person, remote, connected, DeleteAll(id=number_id), number_id, submission=token)

    assert again.value.change == first
    assert registry.count("deleteall") == 1
    assert changes.find_submitted(person, token) == first


def test_two_people_may_have_the_same_token(
    person: User, stranger: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    token = uuid.uuid4()
    _send(person, remote, connected, DeleteAll(id=number_id), number_id, submission=token)
    _send(stranger, remote, connected, DeleteAll(id=number_id), number_id, submission=token)

    assert registry.count("deleteall") == 2
    assert changes.find_submitted(stranger, uuid.uuid4()) is None


def test_a_number_of_absurd_length_does_not_keep_a_change_from_being_stored(
    person: User, remote: Credential, connected: Client, number_id: int
) -> None:
    _send(person, remote, connected, DeleteAll(id=number_id), number_id, number="1" * 500)

    change = Change.objects.get()
    assert len(change.number) == Change._meta.get_field("number").max_length


def test_a_fingerprint_notices_every_field_but_not_the_order_of_rows(connected: Client, number_id: int) -> None:
    first, second = connected.show(number_id)
    others = [
        Record(**{**_fields(first), name: value})
        for name, value in [("id", 1), ("order", 1), ("preference", 1), ("service", "x"), ("hostdata", "x")]
    ]

    assert fingerprint([first, second]) == fingerprint([second, first])
    assert len({fingerprint([record]) for record in [first, second, *others]}) == 7
    assert is_of(fingerprint([first]), first.id)
    assert not is_of(fingerprint([first]), second.id)
    assert not is_of(fingerprint([]), 0)


def test_a_record_is_gone_only_when_show_is_without_it(
    registry: FaultyRegistry, connected: Client, number_id: int, record_ids: list[int]
) -> None:
    registry.fault("getnaptr", "bad")
    with pytest.raises(Refused):
        changes.record_now(connected, number_id, record_ids[0])
    del registry.store.numbers[number_id].records[record_ids[0]]

    assert changes.record_now(connected, number_id, record_ids[0]) is None


def test_settling_raises_what_kept_the_registry_from_answering(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    connected: Client,
    number_id: int,
    record_ids: list[int],
) -> None:
    change = _update(person, remote, connected, number_id, record_ids[0])
    Change.objects.update(outcome=Outcome.SENT, settled_at=None)
    change.refresh_from_db()
    registry.fault("getnaptr", "garbage")

    with pytest.raises(ReplyLost):
        changes.settle(person, change)
    change.refresh_from_db()
    assert change.is_open


def test_settling_a_number_that_was_taken_away_leaves_it_open(
    person: User, remote: Credential, registry: FaultyRegistry, connected: Client, number_id: int
) -> None:
    change = _send(person, remote, connected, DeleteAll(id=number_id), number_id)
    Change.objects.update(outcome=Outcome.SENT, settled_at=None)
    change.refresh_from_db()
    del registry.store.numbers[number_id]

    with pytest.raises(RegistryError):
        changes.settle(person, change)
    change.refresh_from_db()
    assert change.is_open


def _fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Record.__dataclass_fields__}

"""A write, from the writer to what is known about it: committed first, sent once, settled by reply or by reading."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from dashboard.client import Client, Refused, RegistryError, ReplyLost
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import RecordData
from dashboard.services import history
from dashboard.services.numbers import fingerprint
from dashboard.services.records import Writer
from tests.faulty_registry import FaultyRegistry

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")
Write = Callable[[str], Change]


@pytest.fixture
def write(person: User, remote: Credential, connected: Client, number_id: int, record_ids: list[int]) -> Write:
    """Write to the first number as it was when the test began."""
    shown = connected.show(number_id)
    mark = fingerprint(shown[:1])

    def write_(command: str) -> Change:
        writer = Writer(person, remote, number_id)
        match command:
            case "new":
                return writer.add(DRAFT)
            case "update":
                return writer.update(record_ids[0], DRAFT, seen=mark)
            case "delete":
                return writer.delete(record_ids[0], seen=mark)
            case _:
                return writer.delete_all(seen=fingerprint(shown), digits="12005550100")

    return write_


def during(registry: FaultyRegistry, command: str, act: Callable[[], object]) -> None:
    """Do something when the registry gets a command, before it carries it out."""
    answer = registry.store.answer

    def act_and_answer(form: dict[str, str]) -> Any:
        if form["command"] == command:
            act()
            # The registry's thread has a connection of its own, so it sees only what is committed.
            connections.close_all()
        return answer(form)

    registry.store.answer = act_and_answer  # type: ignore[method-assign]


def left_open(change: Change) -> Change:
    """The same change as a process that was killed leaves it."""
    Change.objects.filter(pk=change.pk).update(outcome=Outcome.SENT, settled_at=None, words="")
    return Change.objects.get(pk=change.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_a_change_is_committed_before_its_command_goes_out(
    registry: FaultyRegistry, write: Write, command: str
) -> None:
    seen: list[list[str]] = []
    during(registry, command, lambda: seen.append(list(Change.objects.values_list("outcome", flat=True))))
    write(command)

    assert seen == [["sent"]]


@pytest.mark.django_db(transaction=True)
def test_a_change_cannot_be_part_of_a_transaction_that_may_be_undone(registry: FaultyRegistry, write: Write) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        write("deleteall")

    assert registry.count("deleteall") == 0


def test_a_change_that_cannot_be_stored_is_not_sent(
    registry: FaultyRegistry, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Change, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        write("deleteall")

    assert registry.count("deleteall") == 0


def test_an_ok_is_applied(write: Write, record_ids: list[int]) -> None:
    change = write("update")

    assert (change.outcome, change.words, change.is_open) == (Outcome.APPLIED, "", False)
    stored = Change.objects.get()
    assert (stored.person, stored.credential_label, stored.registry_name) == ("alice", "Remote", "Elsewhere")
    assert (stored.command, stored.number, stored.record_id) == ("update", "12005550100", record_ids[0])
    assert (stored.before, stored.after, stored.is_whole) == (change.before, change.after, True)


def test_a_bad_is_refused_with_the_words_of_the_registry(registry: FaultyRegistry, write: Write) -> None:
    registry.fault("update", "bad", error="Not today.")
    change = write("update")

    assert (change.outcome, change.words, change.is_open) == (Outcome.REFUSED, "Not today.\ncode: on-hold", False)


@pytest.mark.parametrize(("kind", "outcome"), [("reset-before", "not-applied"), ("reset-after", "applied")])
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_a_lost_reply_is_settled_by_reading_back(
    registry: FaultyRegistry, write: Write, command: str, kind: str, outcome: str
) -> None:
    registry.fault(command, kind, times=1)
    change = write(command)

    assert change.outcome == outcome
    assert registry.count(command) == 1
    if command == "new":
        assert (change.record_id is not None) == (outcome == "applied")
        assert change.after[-1].id == change.record_id


@pytest.mark.parametrize(("kind", "outcome"), [("reset-before", "not-applied"), ("reset-after", "applied")])
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_what_a_crash_left_open_is_settled_by_reading_back(
    person: User, remote: Credential, registry: FaultyRegistry, write: Write, command: str, kind: str, outcome: str
) -> None:
    registry.fault(command, kind, times=1)
    change = left_open(write(command))
    assert history.history_of(person, remote, change.number_id).open == (change,)

    assert history.settle(person, change).outcome == outcome
    assert history.history_of(person, remote, change.number_id).open == ()
    assert registry.count(command) == 1


def test_new_is_told_from_a_record_that_was_there_before(
    person: User, registry: FaultyRegistry, write: Write, number_id: int
) -> None:
    twin = registry.store.add_record(number_id, 60, "SIP", "old@example.org")
    registry.fault("new", "reset-before", times=1)
    change = left_open(write("new"))
    registry.store.records[twin].preference, registry.store.records[twin].hostdata = "50", "new@example.org"

    assert twin in {record.id for record in change.before}
    assert history.settle(person, change).outcome == Outcome.NOT_APPLIED


def test_a_delete_all_that_was_done_half_is_unknown_and_closed(
    registry: FaultyRegistry, write: Write, number_id: int, record_ids: list[int]
) -> None:
    registry.fault("deleteall", "reset-before", times=1)
    change = left_open(write("deleteall"))
    del registry.store.numbers[number_id].records[record_ids[0]]
    assert change.user is not None
    history.settle(change.user, change)

    assert (change.outcome, change.is_open) == (Outcome.UNKNOWN, False)


def test_a_record_that_somebody_changed_to_something_else_is_unknown(
    person: User, registry: FaultyRegistry, write: Write, record_ids: list[int]
) -> None:
    change = left_open(write("update"))
    registry.store.records[record_ids[0]].hostdata = "theirs@example.org"

    assert history.settle(person, change).outcome == Outcome.UNKNOWN


def test_a_record_that_is_gone_leaves_an_update_unknown(
    person: User, registry: FaultyRegistry, write: Write, number_id: int, record_ids: list[int]
) -> None:
    change = left_open(write("update"))
    del registry.store.records[record_ids[0]]
    del registry.store.numbers[number_id].records[record_ids[0]]

    assert history.settle(person, change).outcome == Outcome.UNKNOWN


def test_a_registry_may_keep_names_of_services_in_its_own_case(
    person: User, registry: FaultyRegistry, write: Write, record_ids: list[int]
) -> None:
    change = left_open(write("update"))
    registry.store.records[record_ids[0]].service = "sip"

    assert history.settle(person, change).outcome == Outcome.APPLIED


def test_a_change_stays_open_when_it_cannot_be_read_back(
    person: User, remote: Credential, registry: FaultyRegistry, write: Write, number_id: int
) -> None:
    registry.fault("update", "reset-after", times=1)
    registry.fault("getnaptr", "html")
    change = write("update")

    assert (change.outcome, change.is_open) == (Outcome.UNKNOWN, True)
    assert change.words == (
        "The connection to 127.0.0.1 broke before its reply was complete. "
        "127.0.0.1 answered with a web page instead of a reply."
    )
    assert history.history_of(person, remote, number_id).open == (change,)


@pytest.mark.django_db(transaction=True)
def test_not_knowing_does_not_undo_what_somebody_found_out_meanwhile(registry: FaultyRegistry, write: Write) -> None:
    during(
        registry,
        "getnaptr",
        lambda: Change.objects.update(outcome=Outcome.APPLIED, settled_at=timezone.now()),
    )
    registry.fault("update", "reset-after")
    registry.fault("getnaptr", "html")
    write("update")

    stored = Change.objects.get()
    assert (stored.outcome, stored.is_open) == (Outcome.APPLIED, False)


def test_half_of_the_deadline_is_kept_for_reading_back(
    registry: FaultyRegistry, set_deadline: Callable[[float], None], write: Write
) -> None:
    set_deadline(1)
    registry.fault("update", "hang-after")
    change = write("update")

    assert change.outcome == Outcome.APPLIED
    assert change.words.startswith("127.0.0.1 did not answer in time.")


def test_a_number_of_absurd_length_does_not_keep_a_change_from_being_stored(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    registry.store.numbers[number_id].local = "1" * 90
    Writer(person, remote, number_id).add(DRAFT)

    change = Change.objects.get()
    assert len(change.number) == Change._meta.get_field("number").max_length


def test_a_record_is_gone_only_when_show_is_without_it(person: User, registry: FaultyRegistry, write: Write) -> None:
    change = left_open(write("update"))
    registry.fault("getnaptr", "bad")

    with pytest.raises(Refused):
        history.settle(person, change)
    assert Change.objects.get().is_open


def test_settling_raises_what_kept_the_registry_from_answering(
    person: User, registry: FaultyRegistry, write: Write
) -> None:
    change = left_open(write("update"))
    registry.fault("getnaptr", "garbage")

    with pytest.raises(ReplyLost):
        history.settle(person, change)
    assert Change.objects.get().is_open


def test_settling_a_number_that_was_taken_away_leaves_it_open(
    person: User, registry: FaultyRegistry, write: Write, number_id: int
) -> None:
    change = left_open(write("deleteall"))
    del registry.store.numbers[number_id]

    with pytest.raises(RegistryError):
        history.settle(person, change)
    assert Change.objects.get().is_open


def test_what_is_settled_is_not_asked_for_again(person: User, registry: FaultyRegistry, write: Write) -> None:
    change = write("update")
    asked = registry.requests

    assert history.settle(person, change) == change
    assert registry.requests == asked

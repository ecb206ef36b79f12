"""Changes are taken back as ordinary changes, and nothing of others goes with them silently."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard import access
from dashboard.models import Change, Credential, Membership, Outcome, Role, Share, Team, User
from dashboard.models.change import Command
from dashboard.protocol import RecordData
from dashboard.services.numbers import NumberRecords, fingerprint, show_number
from dashboard.services.records import Conflict, Direction, Writer, plan_set
from dashboard.services.undo import NotUndoable, plan_undo, undo
from tests.faulty_registry import FaultyRegistry
from tests.services.undo.history import History

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")
Undo = Callable[..., list[Change]]


@pytest.fixture
def shown(person: User, remote: Credential, number_id: int) -> Callable[[], NumberRecords]:
    """The number as it is now."""
    return lambda: show_number(person, remote, number_id)


@pytest.fixture
def taken_back(person: User) -> Undo:
    """Take a change back as the plan shows it."""

    def take_back(change: Change, *, with_theirs: bool = False) -> list[Change]:
        plan = plan_undo(person, change, with_theirs=with_theirs)
        seen, accepted = plan.found.fingerprint, plan.review.digest
        return undo(person, change, seen=seen, accepted=accepted, with_theirs=with_theirs)

    return take_back


def held(registry: FaultyRegistry, number_id: int) -> list[tuple[str, str, str]]:
    """What the registry has, without ids."""
    records = registry.store.numbers[number_id].records.values()
    return sorted((record.preference, record.service, record.hostdata) for record in records)


def written(writer: Writer, command: str, shown: NumberRecords) -> Change:
    first = shown.records[0]
    match command:
        case "new":
            return writer.add(DRAFT)
        case "update":
            return writer.update(first.id, DRAFT, seen=fingerprint([first]))
        case "delete":
            return writer.delete(first.id, seen=fingerprint([first]))
        case _:
            return writer.delete_all(seen=shown.fingerprint, digits=shown.number.digits)


@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_a_change_is_undone_and_its_undo_too(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
    command: str,
) -> None:
    first = held(registry, number_id)
    change = written(Writer(person, remote, number_id), command, shown())
    second = held(registry, number_id)
    assert first != second

    made = taken_back(change)
    assert held(registry, number_id) == first
    assert {each.undoes for each in made} == {change}
    assert {each.outcome for each in made} == {Outcome.APPLIED}

    taken_back(made[0])
    assert held(registry, number_id) == second


def test_a_move_that_took_several_commands_is_undone_as_one(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    for each in registry.store.numbers[number_id].records.values():
        each.preference = "0"
    first, record = held(registry, number_id), shown().records[1]
    made = Writer(person, remote, number_id).move(record.id, Direction.UP, seen=fingerprint([record]))
    assert len(made) == 2
    assert len({change.batch for change in made}) == 1

    assert len(taken_back(made[1])) == 2
    assert held(registry, number_id) == first


def test_a_record_is_not_taken_for_one_that_came_beside_it(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    """A set names an id for something else, and what that id says without one: nothing came back from there."""
    first, *others = shown().states
    wanted = [DRAFT.placed(first.id), first.placed(None), *others]
    Writer(person, remote, number_id).carry_out(
        lambda found: plan_set(found.states, wanted), seen=shown().fingerprint, accepted=""
    )
    before = held(registry, number_id)
    mark = fingerprint([shown().record(first.id or 0)])
    other = RecordData(preference=70, service="SIP", hostdata="other@example.org")
    change = Writer(person, remote, number_id).update(first.id or 0, other, seen=mark)

    taken_back(change)
    assert held(registry, number_id) == before


def test_a_registry_that_keeps_an_order_of_its_own_is_not_taken_for_others(
    history: History, registry: FaultyRegistry, shown: Callable[[], NumberRecords], taken_back: Undo, number_id: int
) -> None:
    before = held(registry, number_id)
    first, *others = shown().states
    change = history.change(
        [first, *others], [replace(first, preference=77, order=first.order + 1), *others], record_id=first.id
    )
    registry.store.records[first.id or 0].preference = "77"

    taken_back(change)
    assert held(registry, number_id) == before


def test_a_registry_that_keeps_names_in_its_own_case_is_not_taken_for_others(
    history: History, registry: FaultyRegistry, shown: Callable[[], NumberRecords], taken_back: Undo, number_id: int
) -> None:
    first, *others = shown().states
    left = replace(first, service=first.service.upper(), hostdata="new@example.org")
    change = history.change([first, *others], [left, *others], record_id=first.id)
    there = registry.store.records[first.id or 0]
    # Somebody else moved it besides.
    there.service, there.hostdata, there.preference = first.service.lower(), "new@example.org", "77"

    taken_back(change)
    assert (there.hostdata, there.preference) == (first.hostdata, "77")


def test_an_undo_costs_its_commands_and_one_read(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, shown: Callable[[], NumberRecords]
) -> None:
    change = written(Writer(person, remote, number_id), "delete", shown())
    seen = plan_undo(person, change).found.fingerprint
    before = dict(registry.counts)
    undo(person, change, seen=seen)

    asked = {name: count - before.get(name, 0) for name, count in registry.counts.items()}
    assert {name: count for name, count in asked.items() if count} == {"show": 1, "new": 1}


def test_a_record_is_followed_across_its_ids(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    first, record = held(registry, number_id), shown().records[0]
    writer = Writer(person, remote, number_id)
    updated = writer.update(record.id, DRAFT, seen=fingerprint([record]))
    for _ in range(2):
        now = next(one for one in shown().records if one.hostdata == DRAFT.hostdata)
        deleted = Writer(person, remote, number_id).delete(now.id, seen=fingerprint([now]))
        taken_back(deleted)
    now = next(one for one in shown().records if one.hostdata == DRAFT.hostdata)
    assert now.id != record.id
    assert access.identities(remote, number_id)[record.id] == now.id

    [change] = taken_back(updated)
    assert (change.command, change.record_id) == (Command.UPDATE, now.id)
    assert held(registry, number_id) == first


def test_after_a_delete_all_only_what_it_took_comes_back_and_a_colleagues_record_stays(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    first = held(registry, number_id)
    change = written(Writer(person, remote, number_id), "deleteall", shown())
    registry.store.add_record(number_id, 5, "SIP", "colleague@example.org")

    assert {each.command for each in taken_back(change)} == {Command.NEW}
    assert held(registry, number_id) == sorted([*first, ("5", "SIP", "colleague@example.org")])


def test_what_others_did_to_the_same_record_is_shown_and_stays(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    record_ids: list[int],
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    change = written(Writer(person, remote, number_id), "update", shown())
    registry.store.records[record_ids[0]].hostdata = "colleague@example.org"
    plan = plan_undo(person, change)

    [theirs] = plan.theirs
    assert theirs.left is not None
    assert theirs.now is not None
    assert theirs.wanted is not None
    assert theirs.by is not None
    assert (theirs.left.hostdata, theirs.now.hostdata) == (DRAFT.hostdata, "colleague@example.org")
    assert theirs.by.command == Command.SEEN
    assert plan.steps == []
    assert taken_back(change) == []
    assert registry.store.records[record_ids[0]].hostdata == "colleague@example.org"

    taken_back(change, with_theirs=True)
    assert registry.store.records[record_ids[0]].hostdata == theirs.wanted.hostdata


def test_a_colleagues_move_of_the_same_record_stays_when_its_host_data_is_undone(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    record_ids: list[int],
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    record = shown().record(record_ids[0])
    draft = RecordData(preference=record.preference, service=record.service, hostdata="new@example.org")
    change = Writer(person, remote, number_id).update(record.id, draft, seen=fingerprint([record]))
    registry.store.records[record.id].preference = "77"

    [made] = taken_back(change)
    assert made.outcome == Outcome.APPLIED
    now = registry.store.records[record.id]
    assert (now.preference, now.hostdata) == ("77", record.hostdata)


def test_a_record_that_a_colleague_deleted_comes_back_only_where_that_is_said(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    first = held(registry, number_id)
    change = written(Writer(person, remote, number_id), "update", shown())
    record = next(one for one in shown().records if one.hostdata == DRAFT.hostdata)
    deleted = Writer(person, remote, number_id).delete(record.id, seen=fingerprint([record]))
    plan = plan_undo(person, change)

    assert [(each.now, each.by) for each in plan.theirs] == [(None, deleted)]
    assert taken_back(change) == []
    taken_back(change, with_theirs=True)
    assert held(registry, number_id) == first


@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_what_is_so_already_sends_nothing(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
    command: str,
) -> None:
    change = written(Writer(person, remote, number_id), command, shown())
    taken_back(change)
    counts = {name: registry.count(name) for name in ("new", "update", "delete", "deleteall")}

    assert plan_undo(person, change).is_so_already
    assert taken_back(change) == []
    assert {name: registry.count(name) for name in counts} == counts


def test_a_record_that_somebody_added_again_by_hand_is_there_already(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    record_ids: list[int],
    shown: Callable[[], NumberRecords],
) -> None:
    gone = registry.store.records[record_ids[0]]
    change = written(Writer(person, remote, number_id), "delete", shown())
    registry.store.add_record(number_id, gone.preference, gone.service, gone.hostdata)
    assert plan_undo(person, change).is_so_already


def test_what_changed_elsewhere_can_be_undone_too(
    registry: FaultyRegistry,
    number_id: int,
    record_ids: list[int],
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    shown()
    first = held(registry, number_id)
    registry.store.records[record_ids[0]].hostdata = "elsewhere@example.org"
    registry.store.add_record(number_id, 9, "SIP", "another@example.org")
    shown()
    taken_back(Change.objects.get(command=Command.SEEN))
    assert held(registry, number_id) == first


def test_a_record_of_which_the_registry_never_said_the_id_is_found_by_what_it_says(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    taken_back: Undo,
) -> None:
    first = held(registry, number_id)
    change = Writer(person, remote, number_id).add(DRAFT)
    nameless = [record.placed(None) if record.id == change.record_id else record for record in change.after]
    Change.objects.filter(pk=change.pk).update(record_id=None, after=nameless)
    taken_back(Change.objects.get())
    assert held(registry, number_id) == first


def test_what_changed_since_the_preview_is_a_conflict_and_sends_nothing(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, shown: Callable[[], NumberRecords]
) -> None:
    change = written(Writer(person, remote, number_id), "update", shown())
    seen = plan_undo(person, change).found.fingerprint
    registry.store.add_record(number_id, 5, "SIP", "colleague@example.org")
    updates = registry.count("update")
    with pytest.raises(Conflict):
        undo(person, change, seen=seen)
    assert registry.count("update") == updates


def test_a_part_that_fails_is_explained_and_can_be_continued(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    shown: Callable[[], NumberRecords],
    taken_back: Undo,
) -> None:
    first = held(registry, number_id)
    change = written(Writer(person, remote, number_id), "deleteall", shown())
    registry.fault("new", "bad", skip=1)
    made = taken_back(change)
    assert [each.outcome for each in made] == [Outcome.APPLIED, Outcome.REFUSED]

    registry.heal()
    assert len(plan_undo(person, change).steps) == 1
    taken_back(change)
    assert held(registry, number_id) == first


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.REFUSED, Outcome.NOT_APPLIED, Outcome.UNKNOWN])
def test_what_did_not_take_effect_cannot_be_undone(
    person: User, remote: Credential, number_id: int, outcome: Outcome
) -> None:
    change = Change.objects.create(
        user=person, credential=remote, command=Command.NEW, number_id=number_id, number="1", outcome=outcome
    )
    with pytest.raises(NotUndoable):
        plan_undo(person, change)


def test_who_may_only_look_undoes_nothing(
    person: User, stranger: User, remote: Credential, number_id: int, team: Team, shown: Callable[[], NumberRecords]
) -> None:
    change = written(Writer(person, remote, number_id), "update", shown())
    with pytest.raises(Http404):
        undo(stranger, change, seen="")
    Membership.objects.create(team=team, user=stranger, role=Role.VIEWER)
    Share.objects.create(team=team, credential=remote, role=Role.EDITOR)
    with pytest.raises(PermissionDenied):
        undo(stranger, change, seen="")


def test_a_change_whose_credential_was_removed_cannot_be_undone(
    person: User, remote: Credential, number_id: int, shown: Callable[[], NumberRecords]
) -> None:
    written(Writer(person, remote, number_id), "update", shown())
    remote.delete()
    with pytest.raises(Http404):
        plan_undo(person, Change.objects.get())

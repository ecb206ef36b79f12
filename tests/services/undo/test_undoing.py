"""Changes are taken back as ordinary changes, and nothing of others goes with them silently."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboard import access
from dashboard.models import Change, Membership, Outcome, Role, Share, Team, User
from dashboard.models.change import Command
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint
from dashboard.services.records import Conflict, Direction, plan_set
from dashboard.services.undo import NotUndoable, plan_undo, undo
from tests.far import Far
from tests.services.undo.history import History

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")
Undo = Callable[..., list[Change]]


@pytest.fixture
def taken_back(far: Far) -> Undo:
    """Take a change back as the plan shows it."""

    def take_back(change: Change, *, with_theirs: bool = False) -> list[Change]:
        plan = plan_undo(far.person, change, with_theirs=with_theirs)
        seen, accepted = plan.found.fingerprint, plan.review.digest
        return undo(far.person, change, seen=seen, accepted=accepted, with_theirs=with_theirs)

    return take_back


def written(far: Far, command: str) -> Change:
    first = far.shown().records[0]
    match command:
        case "new":
            return far.writer().add(DRAFT)
        case "update":
            return far.writer().update(first.id, DRAFT, seen=fingerprint([first]))
        case "delete":
            return far.writer().delete(first.id, seen=fingerprint([first]))
        case _:
            return far.writer().delete_all(seen=far.shown().fingerprint, digits=far.digits)


@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_a_change_is_undone_and_its_undo_too(far: Far, taken_back: Undo, command: str) -> None:
    first = far.held()
    change = written(far, command)
    second = far.held()
    assert first != second

    made = taken_back(change)
    assert far.held() == first
    assert {each.undoes for each in made} == {change}
    assert {each.outcome for each in made} == {Outcome.APPLIED}

    taken_back(made[0])
    assert far.held() == second


def test_a_move_that_took_several_commands_is_undone_as_one(far: Far, taken_back: Undo) -> None:
    for each in far.registry.store.numbers[far.number].records.values():
        each.preference = "0"
    first, record = far.held(), far.shown().records[1]
    made = far.writer().move(record.id, Direction.UP, seen=fingerprint([record]))
    assert len(made) == 2
    assert len({change.batch for change in made}) == 1

    assert len(taken_back(made[1])) == 2
    assert far.held() == first


def test_a_record_is_not_taken_for_one_that_came_beside_it(far: Far, taken_back: Undo) -> None:
    """A set names an id for something else, and what that id says without one: nothing came back from there."""
    first, *others = far.shown().states
    wanted = [DRAFT.placed(first.id), first.placed(None), *others]
    far.writer().carry_out(lambda found: plan_set(found.states, wanted), seen=far.shown().fingerprint, accepted="")
    before = far.held()
    mark = fingerprint([far.shown().record(first.id or 0)])
    other = RecordData(preference=70, service="SIP", hostdata="other@example.org")
    change = far.writer().update(first.id or 0, other, seen=mark)

    taken_back(change)
    assert far.held() == before


def test_a_registry_that_keeps_an_order_of_its_own_is_not_taken_for_others(
    far: Far, history: History, taken_back: Undo
) -> None:
    before = far.held()
    first, *others = far.shown().states
    change = history.change(
        [first, *others], [replace(first, preference=77, order=first.order + 1), *others], record_id=first.id
    )
    far.registry.store.records[first.id or 0].preference = "77"

    taken_back(change)
    assert far.held() == before


def test_a_registry_that_keeps_names_in_its_own_case_is_not_taken_for_others(
    far: Far, history: History, taken_back: Undo
) -> None:
    first, *others = far.shown().states
    left = replace(first, service=first.service.upper(), hostdata="new@example.org")
    change = history.change([first, *others], [left, *others], record_id=first.id)
    there = far.registry.store.records[first.id or 0]
    # Somebody else moved it besides.
    there.service, there.hostdata, there.preference = first.service.lower(), "new@example.org", "77"

    taken_back(change)
    assert (there.hostdata, there.preference) == (first.hostdata, "77")


def test_an_undo_costs_its_commands_and_one_read(far: Far) -> None:
    change = written(far, "delete")
    seen = plan_undo(far.person, change).found.fingerprint
    before = dict(far.registry.counts)
    undo(far.person, change, seen=seen)

    asked = {name: count - before.get(name, 0) for name, count in far.registry.counts.items()}
    assert {name: count for name, count in asked.items() if count} == {"show": 1, "new": 1}


def test_a_record_is_followed_across_its_ids(far: Far, taken_back: Undo) -> None:
    first, record = far.held(), far.shown().records[0]
    writer = far.writer()
    updated = writer.update(record.id, DRAFT, seen=fingerprint([record]))
    for _ in range(2):
        now = next(one for one in far.shown().records if one.hostdata == DRAFT.hostdata)
        deleted = far.writer().delete(now.id, seen=fingerprint([now]))
        taken_back(deleted)
    now = next(one for one in far.shown().records if one.hostdata == DRAFT.hostdata)
    assert now.id != record.id
    assert access.identities(far.credential, far.number)[record.id] == now.id

    [change] = taken_back(updated)
    assert (change.command, change.record_id) == (Command.UPDATE, now.id)
    assert far.held() == first


def test_after_a_delete_all_only_what_it_took_comes_back_and_a_colleagues_record_stays(
    far: Far, taken_back: Undo
) -> None:
    first = far.held()
    change = written(far, "deleteall")
    far.add(5, "colleague@example.org")

    assert {each.command for each in taken_back(change)} == {Command.NEW}
    assert far.held() == sorted([*first, ("5", "SIP", "colleague@example.org")])


def test_what_others_did_to_the_same_record_is_shown_and_stays(far: Far, taken_back: Undo) -> None:
    change = written(far, "update")
    far.registry.store.records[far.records[0]].hostdata = "colleague@example.org"
    plan = plan_undo(far.person, change)

    [theirs] = plan.theirs
    assert theirs.left is not None
    assert theirs.now is not None
    assert theirs.wanted is not None
    assert theirs.by is not None
    assert (theirs.left.hostdata, theirs.now.hostdata) == (DRAFT.hostdata, "colleague@example.org")
    assert theirs.by.command == Command.SEEN
    assert plan.steps == []
    assert taken_back(change) == []
    assert far.registry.store.records[far.records[0]].hostdata == "colleague@example.org"

    taken_back(change, with_theirs=True)
    assert far.registry.store.records[far.records[0]].hostdata == theirs.wanted.hostdata


def test_a_colleagues_move_of_the_same_record_stays_when_its_host_data_is_undone(far: Far, taken_back: Undo) -> None:
    record = far.shown().record(far.records[0])
    draft = RecordData(preference=record.preference, service=record.service, hostdata="new@example.org")
    change = far.writer().update(record.id, draft, seen=fingerprint([record]))
    far.registry.store.records[record.id].preference = "77"

    [made] = taken_back(change)
    assert made.outcome == Outcome.APPLIED
    now = far.registry.store.records[record.id]
    assert (now.preference, now.hostdata) == ("77", record.hostdata)


def test_a_record_that_a_colleague_deleted_comes_back_only_where_that_is_said(far: Far, taken_back: Undo) -> None:
    first = far.held()
    change = written(far, "update")
    record = next(one for one in far.shown().records if one.hostdata == DRAFT.hostdata)
    deleted = far.writer().delete(record.id, seen=fingerprint([record]))
    plan = plan_undo(far.person, change)

    assert [(each.now, each.by) for each in plan.theirs] == [(None, deleted)]
    assert taken_back(change) == []
    taken_back(change, with_theirs=True)
    assert far.held() == first


@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
def test_what_is_so_already_sends_nothing(far: Far, taken_back: Undo, command: str) -> None:
    change = written(far, command)
    taken_back(change)
    counts = {name: far.registry.count(name) for name in ("new", "update", "delete", "deleteall")}

    assert plan_undo(far.person, change).is_so_already
    assert taken_back(change) == []
    assert {name: far.registry.count(name) for name in counts} == counts


def test_a_record_that_somebody_added_again_by_hand_is_there_already(far: Far) -> None:
    gone = far.registry.store.records[far.records[0]]
    change = written(far, "delete")
    far.registry.store.add_record(far.number, gone.preference, gone.service, gone.hostdata)
    assert plan_undo(far.person, change).is_so_already


def test_what_changed_elsewhere_can_be_undone_too(far: Far, taken_back: Undo) -> None:
    far.shown()
    first = far.held()
    far.registry.store.records[far.records[0]].hostdata = "elsewhere@example.org"
    far.add(9, "another@example.org")
    far.shown()
    taken_back(Change.objects.get(command=Command.SEEN))
    assert far.held() == first


def test_a_record_of_which_the_registry_never_said_the_id_is_found_by_what_it_says(
    far: Far, taken_back: Undo
) -> None:
    first = far.held()
    change = far.writer().add(DRAFT)
    nameless = [record.placed(None) if record.id == change.record_id else record for record in change.after]
    Change.objects.filter(pk=change.pk).update(record_id=None, after=nameless)
    taken_back(Change.objects.get())
    assert far.held() == first


def test_what_changed_since_the_preview_is_a_conflict_and_sends_nothing(far: Far) -> None:
    change = written(far, "update")
    seen = plan_undo(far.person, change).found.fingerprint
    far.add(5, "colleague@example.org")
    updates = far.registry.count("update")
    with pytest.raises(Conflict):
        undo(far.person, change, seen=seen)
    assert far.registry.count("update") == updates


def test_a_part_that_fails_is_explained_and_can_be_continued(far: Far, taken_back: Undo) -> None:
    first = far.held()
    change = written(far, "deleteall")
    far.registry.fault("new", "bad", skip=1)
    made = taken_back(change)
    assert [each.outcome for each in made] == [Outcome.APPLIED, Outcome.REFUSED]

    far.registry.heal()
    assert len(plan_undo(far.person, change).steps) == 1
    taken_back(change)
    assert far.held() == first


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.REFUSED, Outcome.NOT_APPLIED, Outcome.UNKNOWN])
def test_what_did_not_take_effect_cannot_be_undone(far: Far, outcome: Outcome) -> None:
    change = Change.objects.create(
        user=far.person,
        credential=far.credential,
        command=Command.NEW,
        number_id=far.number,
        number="1",
        outcome=outcome,
    )
    with pytest.raises(NotUndoable):
        plan_undo(far.person, change)


def test_who_may_only_look_undoes_nothing(far: Far, stranger: User, team: Team) -> None:
    change = written(far, "update")
    with pytest.raises(Http404):
        undo(stranger, change, seen="")
    Membership.objects.create(team=team, user=stranger, role=Role.VIEWER)
    Share.objects.create(team=team, credential=far.credential, role=Role.EDITOR)
    with pytest.raises(PermissionDenied):
        undo(stranger, change, seen="")


def test_a_change_whose_credential_was_removed_cannot_be_undone(far: Far) -> None:
    written(far, "update")
    far.credential.delete()
    with pytest.raises(Http404):
        plan_undo(far.person, Change.objects.get())

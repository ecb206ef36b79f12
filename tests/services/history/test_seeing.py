"""What changed elsewhere is noticed when a number is read, and goes into its history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import Change, Credential, MirroredNumber, Outcome, User
from dashboard.models.change import Command
from dashboard.protocol import RecordData
from dashboard.services import history
from dashboard.services.credentials.connection import connect
from dashboard.services.dns import look_at_ids
from dashboard.services.numbers import fingerprint, look, read_number, show_number
from dashboard.services.records import Writer
from tests.faulty_registry import FaultyRegistry

DRAFT = RecordData(preference=50, service="sip", hostdata="new@example.org")


def seen() -> list[Change]:
    return list(Change.objects.filter(command=Command.SEEN).order_by("pk"))


def change_elsewhere(registry: FaultyRegistry, record_id: int, hostdata: str) -> None:
    registry.store.records[record_id].hostdata = hostdata


def test_what_another_program_changed_is_in_the_history_with_both_states(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    first = show_number(person, remote, number_id)
    change_elsewhere(registry, record_ids[0], "elsewhere@example.org")
    second = show_number(person, remote, number_id)

    [change] = seen()
    assert change.before == first.states
    assert change.after == second.states
    assert (change.user, change.person, change.outcome) == (None, "", Outcome.APPLIED)
    assert change.number == first.number.digits


def test_the_time_of_both_looks_is_kept(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    began = timezone.now()
    show_number(person, remote, number_id)
    between = timezone.now()
    change_elsewhere(registry, record_ids[0], "elsewhere@example.org")
    show_number(person, remote, number_id)

    [change] = seen()
    assert change.looked_at is not None
    assert began <= change.looked_at <= between <= change.created_at


def test_a_check_of_the_dns_notices_it_too(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    look_at_ids(person, remote, [number_id])
    change_elsewhere(registry, record_ids[0], "elsewhere@example.org")
    look_at_ids(person, remote, [number_id])

    [change] = seen()
    assert "elsewhere@example.org" in [record.hostdata for record in change.after]


def test_looking_again_at_what_has_not_changed_notes_nothing(
    person: User, remote: Credential, number_id: int
) -> None:
    for _ in range(3):
        show_number(person, remote, number_id)
    assert not Change.objects.exists()


def test_a_look_is_noted_anew_after_a_while_so_that_the_time_before_a_change_is_known(
    person: User, remote: Credential, number_id: int
) -> None:
    show_number(person, remote, number_id)
    long_ago = timezone.now() - timedelta(hours=1)
    MirroredNumber.objects.update(seen_at=long_ago)
    show_number(person, remote, number_id)
    assert MirroredNumber.objects.filter(seen_at__gt=long_ago + timedelta(minutes=50)).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["new", "update", "delete", "deleteall"])
@pytest.mark.parametrize("says_the_id", [True, False])
def test_our_own_writes_are_not_seen_as_made_elsewhere(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    record_ids: list[int],
    command: str,
    says_the_id: bool,
) -> None:
    registry.store.returns_new_id = says_the_id
    shown = show_number(person, remote, number_id)
    writer, mark = Writer(person, remote, number_id), fingerprint([shown.record(record_ids[0])])
    match command:
        case "new":
            writer.add(DRAFT)
        case "update":
            writer.update(record_ids[0], DRAFT, seen=mark)
        case "delete":
            writer.delete(record_ids[0], seen=mark)
        case _:
            writer.delete_all(seen=shown.fingerprint, digits=shown.number.digits)
    show_number(person, remote, number_id)

    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_change_elsewhere_just_before_a_write_is_noted_before_it(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    show_number(person, remote, number_id)
    change_elsewhere(registry, record_ids[1], "elsewhere@example.org")
    change = Writer(person, remote, number_id).add(DRAFT)

    [noticed] = seen()
    assert noticed.pk < change.pk
    assert noticed.after == change.before


@pytest.mark.django_db(transaction=True)
def test_while_an_outcome_is_open_nothing_is_told_apart_and_afterwards_it_is(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, record_ids: list[int]
) -> None:
    show_number(person, remote, number_id)
    registry.fault("update", "reset-after")
    registry.fault("getnaptr", "reset-before")
    shown = read_number(person, connect(person, remote), remote, number_id)
    change = Writer(person, remote, number_id).update(
        record_ids[0], DRAFT, seen=fingerprint([shown.record(record_ids[0])])
    )
    assert change.is_open
    change_elsewhere(registry, record_ids[1], "elsewhere@example.org")
    show_number(person, remote, number_id)
    assert seen() == []

    registry.heal()
    history.settle(person, change)
    show_number(person, remote, number_id)
    [noticed] = seen()
    before, after = ({record.hostdata for record in records} for records in (noticed.before, noticed.after))
    assert before & after == {DRAFT.hostdata}
    assert after - before == {"elsewhere@example.org"}


def test_a_page_that_was_read_before_a_write_says_nothing_against_it(
    person: User, remote: Credential, number_id: int, record_ids: list[int], registry: FaultyRegistry
) -> None:
    before = timezone.now()
    old = read_number(person, connect(person, remote), remote, number_id)
    change_elsewhere(registry, record_ids[0], "newer@example.org")
    show_number(person, remote, number_id)
    look(remote, old, before)

    assert seen() == []
    assert MirroredNumber.objects.get().records[0].hostdata == "newer@example.org"


def test_who_settles_second_changes_nothing(
    person: User, remote: Credential, number_id: int, registry: FaultyRegistry
) -> None:
    change = Change.objects.create(
        user=person, person="alice", credential=remote, command=Command.NEW, number_id=number_id, number="1"
    )
    same = Change.objects.get(pk=change.pk)
    history.settled(change, Outcome.REFUSED, "No.")
    assert history.settled(same, Outcome.APPLIED, "Yes.").words == "No."
    assert Change.objects.get().outcome == Outcome.REFUSED

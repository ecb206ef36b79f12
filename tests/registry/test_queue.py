"""No change without its place in the queue: in the same transaction, for every name server, in a few statements."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dashboard.nameservers import Address
from dashboard.registry import store, zones
from dashboard.registry.models import Account, NameServer, Number, Publication, Record, Zone
from dashboard.registry.models.name_server import MASS, SINGLE
from dashboard.registry.publishing import pace, queue
from tests.registry.conftest import make_account, make_number
from tests.registry.publishing import KEY, bulk, make_server, make_zone, waiting

NUMBER = "16045550123"


@pytest.fixture
def server(db: None) -> NameServer:
    return make_server()


def settle() -> None:
    """As if all had been sent."""
    for server in NameServer.objects.all():
        while taken := queue.take(server.pk, 10_000):
            queue.confirm(taken)
    assert waiting() == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: store.create_record(record.number, preference=1, service="SIP", hostdata="a@example.org"),
        lambda record: store.update_record(record, {"preference": 1}),
        store.delete_record,
        lambda record: store.delete_all(record.number),
        lambda record: store.delete_number(record.number),
    ],
)
def test_every_change_of_a_number_waits_to_be_sent_to_every_server(
    server: NameServer, record: Record, change: Callable[[Record], object]
) -> None:
    make_server(Address("127.0.0.2", 1))
    settle()
    change(record)
    assert sorted(Publication.objects.values_list("name", flat=True)) == [NUMBER, NUMBER]
    assert waiting() == {NUMBER}
    assert all(row.is_pending for row in Publication.objects.all())


def test_a_change_that_is_undone_leaves_no_place_in_the_queue(server: NameServer, record: Record) -> None:
    settle()
    with transaction.atomic():
        store.update_record(record, {"preference": 1})
        transaction.set_rollback(True)
    assert waiting() == set()


def test_a_number_that_gets_other_digits_is_sent_under_both_names(server: NameServer, number: Number) -> None:
    settle()
    number.local = "5550199"
    store.save_number(number)
    assert waiting() == {NUMBER, "16045550199"}


def test_a_number_that_becomes_a_block_is_sent_under_both_names(server: NameServer, number: Number) -> None:
    settle()
    number.is_block = True
    store.save_number(number)
    assert waiting() == {NUMBER, f"{NUMBER}*"}


def test_a_number_that_gets_a_callers_name_is_sent(server: NameServer, number: Number) -> None:
    settle()
    number.caller_name = "Alice"
    store.save_number(number)
    assert waiting() == {NUMBER}


def test_a_number_that_goes_to_another_account_is_not_sent(server: NameServer, number: Number) -> None:
    settle()
    number.account = make_account("bob")
    store.save_number(number)
    assert waiting() == set()


def test_a_new_server_gets_every_number_in_a_constant_number_of_queries(
    alice: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bulk(alice, 1_500)
    make_number(alice, "49", "", "30")
    Number.objects.filter(digits="4930").update(is_block=True)
    make_zone()
    with django_assert_max_num_queries(27):
        make_server()
    names = waiting()
    assert len(names) == 1_501
    assert "4930*" in names


@pytest.mark.parametrize("values", [{"ttl": 600}, {"publishes_caller_names": True}, {"suffix": "tel.test"}])
def test_a_change_of_the_zone_sends_every_number(
    server: NameServer, record: Record, values: dict[str, object]
) -> None:
    settle()
    make_zone(**values)
    assert waiting() == {NUMBER}


@pytest.mark.parametrize("values", [{"hostmaster": "x@example.org"}, {"max_digits": 14}, {"negative_ttl": 100}, {}])
def test_what_is_in_no_record_sends_nothing(server: NameServer, record: Record, values: dict[str, object]) -> None:
    settle()
    make_zone(**values)
    assert waiting() == set()


def test_under_another_suffix_the_names_of_deleted_numbers_are_not_ours(server: NameServer, record: Record) -> None:
    store.delete_number(record.number)
    settle()
    make_zone(suffix="tel.test")
    assert not Publication.objects.exists()


def test_a_server_at_another_address_gets_everything(server: NameServer, record: Record) -> None:
    settle()
    server.address = "127.0.0.9:5300"
    zones.save_name_server(server, KEY)
    assert waiting() == {NUMBER}


def test_a_disabled_server_gets_everything_later(server: NameServer, record: Record) -> None:
    settle()
    NameServer.objects.update(is_enabled=False)
    store.delete_record(record)
    assert waiting() == {NUMBER}


def test_a_change_while_its_number_is_on_its_way_is_sent_once_more(server: NameServer, record: Record) -> None:
    taken = queue.take(server.pk, 10)
    store.update_record(record, {"preference": 1})
    queue.confirm(taken)
    assert waiting() == {NUMBER}


def test_what_is_put_off_waits_unless_it_changes(server: NameServer, record: Record) -> None:
    (row,) = queue.take(server.pk, 10)
    queue.postpone(row, "It is wrong.", timedelta(hours=1))
    assert queue.take(server.pk, 10) == []
    assert (waiting(), Publication.objects.get().problem) == ({NUMBER}, "It is wrong.")
    store.update_record(record, {"preference": 1})
    (row,) = queue.take(server.pk, 10)
    assert (row.attempts, row.problem) == (0, "")


def test_who_changes_a_number_that_is_being_put_off_wants_it_sent_now(server: NameServer, record: Record) -> None:
    (row,) = queue.take(server.pk, 10)
    store.update_record(record, {"preference": 1})
    queue.postpone(row, "It was wrong.", timedelta(hours=1))
    assert len(queue.take(server.pk, 10)) == 1


def test_the_oldest_change_is_sent_first(server: NameServer, alice: Account) -> None:
    first, second = make_number(alice, "49", "", "30"), make_number(alice, "43", "", "1")
    Publication.objects.filter(name=first.name).update(since=timezone.now() + timedelta(seconds=-1))
    assert [row.name for row in queue.take(server.pk, 1)] == [first.name]
    Publication.objects.filter(name=second.name).update(since=timezone.now() + timedelta(seconds=-2))
    assert [row.name for row in queue.take(server.pk, 1)] == [second.name]


def test_the_look_into_the_queue_reads_only_what_waits(server: NameServer, alice: Account) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL plans by the size of tables
    plan = queue.due(server.pk).filter(rank=SINGLE).order_by("since", "pk").explain()
    assert "registry_publication_turn" in plan


def test_every_change_gives_the_zone_another_revision(record: Record) -> None:
    before = Zone.current().revision
    store.update_record(record, {"preference": 1})
    assert Zone.current().revision != before


def test_more_names_than_a_statement_takes_are_enqueued_too(server: NameServer) -> None:
    with transaction.atomic():
        queue.enqueue_at(server.pk, [f"49{number}" for number in range(2_500)])
    assert len(waiting()) == 2_500


def ranks() -> dict[str, int]:
    return dict(Publication.objects.values_list("name", "rank"))


def test_a_single_change_is_sent_before_the_many_that_came_first(server: NameServer, record: Record) -> None:
    with transaction.atomic():
        queue.enqueue([f"49{number}" for number in range(1_000)])
    store.update_record(record, {"preference": 1})
    assert queue.single_is_due(server.pk)
    assert [row.name for row in queue.take(server.pk, 5)] == [NUMBER]


def test_who_changes_many_numbers_one_by_one_has_them_sent_after_single_changes(
    server: NameServer, alice: Account, bobs_record: Record
) -> None:
    numbers = [make_number(alice, "1", "604", f"{local:07d}") for local in range(pace.FEW + 5)]
    assert [ranks()[number.name] for number in numbers] == [SINGLE] * pace.FEW + [MASS] * 5
    store.update_record(bobs_record, {"preference": 1})
    assert ranks()[bobs_record.number.name] == SINGLE


def test_a_few_seconds_after_many_changes_one_is_single_again(server: NameServer, record: Record) -> None:
    settle()
    account, now = record.number.account, timezone.now()
    Account.objects.filter(pk=account.pk).update(busy_until=now + pace.EVERY * pace.FEW)
    store.update_record(record, {"preference": 1})
    assert ranks() == {NUMBER: MASS}
    Account.objects.filter(pk=account.pk).update(busy_until=now + pace.EVERY * (pace.FEW - 1))
    store.update_record(record, {"preference": 2})
    assert ranks() == {NUMBER: SINGLE}
    store.update_record(record, {"preference": 3})
    assert ranks() == {NUMBER: SINGLE}  # which it still waits as


def test_what_waits_as_a_single_change_stays_that_when_everything_is_sent(
    server: NameServer, record: Record, alice: Account
) -> None:
    bulk(alice, 100)
    queue.enqueue_all(server.pk)
    queue.enqueue_ours(server.pk)
    found = ranks()
    assert found.pop(NUMBER) == SINGLE
    assert set(found.values()) == {MASS}
    settle()
    queue.enqueue_all(server.pk)
    assert ranks()[NUMBER] == MASS
    settle()
    queue.enqueue_ours(server.pk)
    assert ranks()[NUMBER] == MASS


def test_where_nothing_single_waits_the_many_are_sent_and_the_other_way_round(
    server: NameServer, record: Record
) -> None:
    assert [row.name for row in queue.take(server.pk, 5, rank=MASS)] == [NUMBER]
    settle()
    with transaction.atomic():
        queue.enqueue([f"49{number}" for number in range(100)])
    assert not queue.single_is_due(server.pk)
    assert len(queue.take(server.pk, 500)) == 100

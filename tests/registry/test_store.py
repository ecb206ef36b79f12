"""The one place that writes: what it keeps true, also when two write at once."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from dashboard.protocol import DEFAULT_ORDER
from dashboard.registry import store
from dashboard.registry.models import Account, Number, Record
from tests.registry.conftest import make_account, make_number


def test_a_new_record_has_the_order_of_all_records(number: Number) -> None:
    record = store.create_record(number, preference=0, service="SIP", hostdata="a@example.org")
    assert Record.objects.get() == record
    assert record.order == DEFAULT_ORDER


def test_an_update_touches_only_what_it_names(record: Record) -> None:
    stale = Record.objects.get(pk=record.pk)
    store.update_record(record, {"hostdata": "new@example.org"})
    store.update_record(stale, {"preference": 7})
    record.refresh_from_db()
    assert (record.preference, record.hostdata) == (7, "new@example.org")


def test_an_empty_update_of_a_record_that_is_there_is_fine(record: Record) -> None:
    store.update_record(record, {})


@pytest.mark.parametrize(
    "change",
    [
        lambda record: store.update_record(record, {"preference": 1}),
        lambda record: store.update_record(record, {}),
        store.delete_record,
    ],
)
def test_a_record_that_is_gone_meanwhile_is_said_to_be_gone(record: Record, change: Callable[[Record], None]) -> None:
    Record.objects.filter(pk=record.pk).delete()
    with pytest.raises(Record.DoesNotExist):
        change(record)


@pytest.mark.parametrize(
    "change",
    [
        lambda number: store.create_record(number, preference=1, service="SIP", hostdata="a@example.org"),
        store.delete_all,
        store.delete_number,
    ],
)
def test_a_number_that_is_gone_meanwhile_is_said_to_be_gone(
    number: Number, change: Callable[[Number], object]
) -> None:
    Number.objects.filter(pk=number.pk).delete()
    with pytest.raises(Number.DoesNotExist):
        change(number)


def test_a_number_that_went_to_another_account_meanwhile_is_not_changed(record: Record) -> None:
    stale = Record.objects.select_related("number").get(pk=record.pk)
    Number.objects.update(account=make_account("bob"))
    with pytest.raises(Number.DoesNotExist):
        store.delete_record(stale)
    assert Record.objects.exists()


def test_delete_all_says_how_many_it_deleted(number: Number, record: Record, second_record: Record) -> None:
    assert store.delete_all(number) == 2
    assert store.delete_all(number) == 0


def test_deleting_a_number_deletes_its_records(number: Number, record: Record, bobs_record: Record) -> None:
    store.delete_number(number)
    assert list(Number.objects.all()) == [bobs_record.number]
    assert list(Record.objects.all()) == [bobs_record]


def test_saving_a_number_joins_its_digits_anew(number: Number) -> None:
    number.area, number.local = "", "6045550199"
    store.save_number(number)
    assert Number.objects.get().digits == "16045550199"


def test_a_number_can_be_given_to_another_account(number: Number) -> None:
    number.account = make_account("bob")
    store.save_number(number)
    assert Number.objects.get().account.username == "bob"


def test_two_accounts_cannot_have_one_number(number: Number) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_number(make_account("bob"), "1", "60", "45550123")


@pytest.mark.parametrize(
    ("values", "failure"),
    [
        ({"preference": 70_000}, IntegrityError),
        ({"hostdata": "new@example.org", "preference": 70_000}, store.NotPublishable),
        ({"hostdata": "a b@example.org", "preference": 7}, store.NotPublishable),
        ({"service": "GONE", "preference": 7}, store.NotPublishable),
        ({"service": "TEL", "hostdata": "+16045550123"}, store.NotPublishable),
    ],
)
def test_a_change_that_fails_leaves_nothing_behind(
    number: Number, record: Record, values: store.RecordValues, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        store.update_record(record, values)
    now = Record.objects.get()
    assert (now.preference, now.service, now.hostdata) == (10, "SIP", "alice@example.org")


def test_what_no_naptr_can_carry_is_not_stored(number: Number) -> None:
    with pytest.raises(store.NotPublishable, match="holds a blank"):
        store.create_record(number, preference=10, service="SIP", hostdata="a b@example.org")
    assert not Record.objects.exists()


def test_what_was_stored_before_a_rule_was_made_may_change_elsewhere(number: Number, record: Record) -> None:
    Record.objects.update(hostdata="a b@example.org")
    store.update_record(record, {"preference": 7, "hostdata": "a b@example.org"})
    assert Record.objects.get().preference == 7
    with pytest.raises(store.NotPublishable):
        store.update_record(record, {"hostdata": "c d@example.org"})


@pytest.mark.parametrize(("field", "value"), [("order", 101), ("preference", 65_536), ("preference", -1)])
def test_the_database_itself_refuses_a_record_out_of_range(record: Record, field: str, value: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.update(**{field: value})


def test_the_database_itself_refuses_digits_that_are_not_those_of_the_fields(number: Number) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Number.objects.update(digits="4930")


def test_an_account_with_numbers_cannot_be_deleted(number: Number, alice: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        alice.delete()

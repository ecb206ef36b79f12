"""What a new installation shows."""

import pytest

from dashboard.enum import check_draft, find_service
from dashboard.protocol import RecordData, secret_of
from dashboard.registry import store, zones
from dashboard.registry.auth import authenticate
from dashboard.registry.layout import why_not_published
from dashboard.registry.models import Account, Number, Publication, Record, Zone
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.content import every_content
from dashboard.registry.samples import make_sample_account
from tests.registry.conftest import make_number
from tests.registry.publishing import make_server, make_zone, waiting

pytestmark = pytest.mark.django_db


def contents() -> list[tuple[object, ...]]:
    return list(Record.objects.order_by("pk").values_list("number__digits", "preference", "service", "hostdata"))


def test_there_are_three_numbers_in_three_countries_and_five_records() -> None:
    account = make_sample_account("sample", "first password")
    assert account.numbers.count() == 3
    assert account.numbers.values("country").distinct().count() == 3
    assert Record.objects.count() == 5
    assert all(number.records.exists() for number in account.numbers.all())


def test_the_account_can_log_in() -> None:
    account = make_sample_account("sample", "first password")
    assert authenticate("sample", secret_of("first password"), "127.0.0.1") == account


def test_a_second_time_changes_the_password_and_nothing_else() -> None:
    first = make_sample_account("sample", "first password")
    Record.objects.filter(service="IAX2").delete()
    before = contents()
    assert make_sample_account("sample", "second password") == first
    assert contents() == before
    assert Account.objects.count() == 1
    assert authenticate("sample", secret_of("second password"), "127.0.0.1") == first


def test_a_number_that_somebody_has_stays_with_them() -> None:
    owner = Account.objects.create(username="owner")
    Number.objects.create(account=owner, country="44", area="20", local="79460958")
    account = make_sample_account("sample", "password")
    assert account.numbers.count() == 2
    assert owner.numbers.count() == 1


def test_they_are_never_published_however_they_come_and_change() -> None:
    server = make_server()
    account = make_sample_account("sample", "password")
    record = Record.objects.filter(number__digits="16045550123").first()
    assert record is not None
    store.update_record(record, {"hostdata": "other@example.org"})
    assert not Publication.objects.exists()
    for publish_all in (zones.send_everything, lambda row: queue.start_over(row.pk)):
        publish_all(server)
        assert not Publication.objects.exists()
    make_zone(ttl=600)
    make_zone(suffix="other.test")
    assert not Publication.objects.exists()
    assert [*every_content(Zone.current())] == []
    assert "sample" in why_not_published(record.number)
    assert zones.unpublished(10) == ([], 0)
    store.delete_number(account.numbers.get(digits="16045550123"))
    assert not Publication.objects.exists()


def test_one_that_gets_other_digits_is_somebodys_own() -> None:
    make_server()
    number = make_sample_account("sample", "password").numbers.get(digits="16045550123")
    number.local = "9586111"
    store.save_number(number)
    assert waiting() == {"16049586111"}
    assert not Number.objects.get(pk=number.pk).is_sample


def test_numbers_that_the_account_gets_later_are_published() -> None:
    make_server()
    make_number(make_sample_account("sample", "password"), "1", "604", "9586111")
    assert waiting() == {"16049586111"}


def test_the_numbers_and_records_are_legal_and_safe() -> None:
    make_sample_account("sample", "password")
    for number in Number.objects.all():
        number.full_clean()
        for record in number.records.all():
            record.full_clean()
            assert find_service(record.service)
            draft = RecordData(preference=record.preference, service=record.service, hostdata=record.hostdata)
            assert not [problem for problem in check_draft(draft, number.digits) if problem.is_error]

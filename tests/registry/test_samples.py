"""What a new installation shows."""

import pytest

from dashboard.enum import check_draft, find_service
from dashboard.protocol import RecordData, secret_of
from dashboard.registry.auth import authenticate
from dashboard.registry.models import Account, Number, Record
from dashboard.registry.samples import make_sample_account

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


def test_the_numbers_and_records_are_legal_and_safe() -> None:
    make_sample_account("sample", "password")
    for number in Number.objects.all():
        number.full_clean()
        for record in number.records.all():
            record.full_clean()
            assert find_service(record.service)
            draft = RecordData(preference=record.preference, service=record.service, hostdata=record.hostdata)
            assert not [problem for problem in check_draft(draft, number.digits) if problem.is_error]

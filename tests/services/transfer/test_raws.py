"""NAPTR records that are no service with host data are kept as raw ones, by administrators, at our own registry."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from dashboard.models import AuditEvent, Credential, Import, Job, JobNumber, JobState, Mirror, Result, User
from dashboard.registry import store
from dashboard.registry.models import Account, Number, Range, RawRecord
from dashboard.services import bulk
from dashboard.services.background.tasks import run_waiting
from dashboard.services.bulk.running import run
from dashboard.services.mirror import refresh_here
from tests.services.transfer.conftest import imported, numbers_of

BLOCK = "442079*"
SUFFIX = "9.7.0.2.4.4.e164.arpa."
TO_ONE = r"!^(.*)$!sip:\1@pbx.example.org!"
RAW = f'*.{SUFFIX} NAPTR 100 10 "u" "E2U+sip" "{TO_ONE.replace(chr(92), chr(92) * 2)}" .\n'
MAIL = f'*.{SUFFIX} NAPTR 100 20 "u" "E2U+email:mailto" "!^.*$!mailto:a@example.org!" .\n'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator(person: User) -> User:
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.fixture
def block(credential: Credential, account: Account) -> Number:
    """A block without records, which the mirror knows."""
    made = Number(account=account, country="44", area="20", local="79", is_block=True)
    store.save_number(made)
    refreshed(credential)
    return made


def refreshed(credential: Credential) -> None:
    list(refresh_here(credential))


def preview(person: User, credential: Credential, text: str = RAW + MAIL, **options: object) -> Import:
    return imported(person, credential, text, name="x.zone", keeps_raw=True, **options)


def carried_out(person: User, kept: Import) -> JobNumber:
    """The only number of an import that was started and has ended."""
    bulk.start(person, kept.job_id or 0, has_read=True)
    run_waiting()
    (number,) = numbers_of(kept)
    return number


def raws(number: Number) -> list[str]:
    return [raw.regexp for raw in number.raws.all()]


def test_an_administrator_keeps_what_has_no_other_form_and_it_is_shown_before(
    administrator: User, credential: Credential, block: Number
) -> None:
    kept = preview(administrator, credential)

    (number,) = numbers_of(kept)
    assert (number.digits, number.result, number.raws_before) == (BLOCK, Result.WAITING, [])
    assert [one.regexp for one in number.raws_after or ()] == [TO_ONE]
    assert [one.hostdata for one in number.after] == ["a@example.org"]
    assert raws(block) == []

    done = carried_out(administrator, kept)

    assert (done.result, done.raws_done) == (Result.DONE, True)
    assert raws(block) == [TO_ONE]
    assert [one.hostdata for one in block.records.all()] == ["a@example.org"]
    event = AuditEvent.objects.get(event="raw-records.kept")
    assert (event.by_name, "+442079*: 100 10" in event.words) == ("alice", True)
    (again,) = numbers_of(preview(administrator, credential))
    assert again.result == Result.SAME


def test_raw_records_that_are_there_stay_also_where_the_others_are_replaced(
    administrator: User, credential: Credential, block: Number
) -> None:
    store.save_raw(RawRecord(number=block, regexp=TO_ONE.replace("pbx", "old")))
    store.create_record(block, preference=1, service="SIP", hostdata="a@old.example.org")
    refreshed(credential)

    carried_out(administrator, preview(administrator, credential, replaces=True))

    assert len(raws(block)) == 2
    assert [one.service for one in block.records.all()] == ["MAILTO"]


def test_what_becomes_unsafe_by_a_raw_record_is_said_and_must_be_read(
    administrator: User, credential: Credential, block: Number
) -> None:
    kept = preview(administrator, credential, RAW.replace("E2U+sip", "E2U+sip+h323") + RAW.replace('"u"', '"s"'))

    (number,) = numbers_of(kept)
    assert any("makes Asterisk drop" in one for one in number.concerns)
    assert any("one service" in one for one in number.concerns)
    with pytest.raises(bulk.Unread):
        bulk.start(administrator, kept.job_id or 0)


def test_what_no_registry_could_publish_is_left_out_and_says_why(
    administrator: User, credential: Credential, block: Number
) -> None:
    (number,) = numbers_of(preview(administrator, credential, RAW.replace("\\\\1", "\\\\2")))

    assert number.result == Result.CANNOT
    assert "could not be published either: “\\2” wants group 2" in number.words


def test_a_raw_record_stands_where_it_stood_among_the_others(
    administrator: User, credential: Credential, block: Number
) -> None:
    def ordered(raw: int, mail: int) -> JobNumber:
        text = RAW.replace(" 100 10 ", f" {raw} 10 ") + MAIL.replace(" 100 20 ", f" {mail} 20 ")
        (number,) = numbers_of(preview(administrator, credential, text))
        return number

    assert [one.order for one in ordered(7, 7).raws_after or ()] == [100]
    assert [one.order for one in ordered(5, 7).raws_after or ()] == [5]
    assert "several orders" in ordered(7, 5).words


def test_who_is_no_administrator_keeps_none_and_a_started_job_asks_again(
    administrator: User, credential: Credential, block: Number
) -> None:
    kept = preview(administrator, credential)
    User.objects.filter(pk=administrator.pk).update(is_superuser=False)
    someone = User.objects.get(pk=administrator.pk)

    for refused in (lambda: bulk.start(someone, kept.job_id or 0), lambda: preview(someone, credential)):
        with pytest.raises(PermissionDenied, match="Only administrators who may add raw records"):
            refused()
    someone.user_permissions.add(Permission.objects.get(codename="add_rawrecord"))
    bulk.start(User.objects.get(pk=someone.pk), kept.job_id or 0, has_read=True)
    someone.user_permissions.clear()
    run_waiting()

    (number,) = numbers_of(kept)
    assert (number.result, raws(block)) == (Result.FAILED, [])
    assert number.words.startswith("Only administrators")


def test_another_registry_keeps_none(administrator: User, remote: Credential) -> None:
    with pytest.raises(PermissionDenied, match="keeps no raw records"):
        preview(administrator, remote)


@pytest.mark.parametrize("meanwhile", ["raw", "record"])
def test_what_somebody_else_changed_meanwhile_is_a_conflict_and_nothing_is_done(
    administrator: User, credential: Credential, block: Number, meanwhile: str
) -> None:
    kept = preview(administrator, credential)
    if meanwhile == "raw":
        store.save_raw(RawRecord(number=block, regexp=TO_ONE.replace("pbx", "old")))
    else:
        store.create_record(block, preference=1, service="SIP", hostdata="a@old.example.org")
    before = raws(block), list(block.records.values_list("hostdata"))

    assert carried_out(administrator, kept).result == Result.CONFLICT
    assert (raws(block), list(block.records.values_list("hostdata"))) == before


def test_an_undo_takes_away_what_the_job_brought_and_its_undo_brings_it_back(
    administrator: User, credential: Credential, block: Number
) -> None:
    store.save_raw(RawRecord(number=block, regexp=TO_ONE.replace("pbx", "old")))
    kept = preview(administrator, credential, RAW)
    carried_out(administrator, kept)

    def undone(pk: int) -> int:
        job = bulk.undo(administrator, pk)
        run_waiting()
        bulk.start(administrator, job.pk, has_read=True)
        run_waiting()
        assert JobNumber.objects.get(job=job).result == Result.DONE
        return job.pk

    first = undone(kept.job_id or 0)
    assert raws(block) == [TO_ONE.replace("pbx", "old")]
    undone(first)
    assert set(raws(block)) == {TO_ONE, TO_ONE.replace("pbx", "old")}


def test_a_number_of_a_block_is_held_against_what_callers_get_of_the_block(
    administrator: User, credential: Credential, block: Number, account: Account
) -> None:
    store.save_raw(RawRecord(number=block, regexp=TO_ONE))
    store.save_number(Number(account=account, country="44", area="20", local="79123456"))
    refreshed(credential)

    (number,) = numbers_of(imported(administrator, credential, MAIL.replace("*.", "6.5.4.3.2.1."), name="x.zone"))

    assert "kamailio" in number.worse


class Killed(BaseException):
    """As if the process were gone: nothing catches it."""


@pytest.mark.parametrize("steps", range(6))
def test_whatever_step_a_process_dies_at_nothing_is_done_twice_or_forgotten(
    administrator: User, credential: Credential, account: Account, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    Range.objects.create(account=account, digits="44")
    refreshed(credential)
    kept = preview(administrator, credential, makes=True)
    bulk.start(administrator, kept.job_id or 0, has_read=True)
    stored = list[int]()

    def dying(model: type[Model]) -> None:
        save: Callable[..., None] = model.save

        def saved(*args: object, **options: object) -> None:
            if len(stored) == steps:
                raise Killed
            stored.append(1)
            save(*args, **options)

        monkeypatch.setattr(model, "save", saved)

    for model in (Number, RawRecord, JobNumber, AuditEvent):
        dying(model)
    with pytest.raises(Killed):
        run.func(kept.job_id or 0)
    monkeypatch.undo()
    run_waiting()

    (number,) = numbers_of(kept)
    made = Number.objects.get(digits="442079")
    assert (number.result, raws(made)) == (Result.DONE, [TO_ONE])
    assert [one.hostdata for one in made.records.all()] == ["a@example.org"]
    assert AuditEvent.objects.filter(event="raw-records.kept").count() == 1
    assert Job.objects.get(pk=kept.job_id or 0).state == JobState.FINISHED


def test_an_account_is_refreshed_after_numbers_were_made(
    administrator: User, credential: Credential, account: Account
) -> None:
    Range.objects.create(account=account, digits="44")
    refreshed(credential)
    kept = preview(administrator, credential, makes=True)
    before = Mirror.objects.get(credential=credential).finished_at

    carried_out(administrator, kept)

    mirror = Mirror.objects.get(credential=credential)
    assert (mirror.finished_at != before, mirror.wanted_at) == (True, None)

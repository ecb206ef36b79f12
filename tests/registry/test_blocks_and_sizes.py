"""Blocks in the protocol, and answers that telephone systems could not read."""

from dashboard.protocol import decode_reply, numbers_in, record_in, records_in
from dashboard.registry import store
from dashboard.registry.models import Number, Record
from tests.registry.conftest import Call
from tests.registry.test_commands import code_of


def test_a_block_is_listed_and_shown_with_a_star(call: Call, number: Number, record: Record) -> None:
    number.is_block = True
    store.save_number(number)
    (listed,) = numbers_in(decode_reply(call("list")))
    assert (listed.local, listed.digits) == ("5550123*", "16045550123")
    (shown,) = records_in(decode_reply(call("show", id=number.pk)))
    assert shown.local == "5550123*"
    assert record_in(decode_reply(call("getnaptr", id=record.pk))).local == "5550123*"


def large(preference: int) -> dict[str, object]:
    return {
        "order": 100,
        "preference": preference,
        "service": "SIP",
        "hostdata": f"{'x' * 150}{preference}@example.org",
    }


def test_an_answer_that_telephone_systems_cannot_read_is_refused(call: Call, number: Number) -> None:
    replies = [call("new", id=number.pk, **large(preference)) for preference in range(30)]
    refused = [reply for reply in replies if b"BAD" in reply]
    assert refused
    assert code_of(refused[0]) == "hostdata"
    assert b"telephone+systems+read+4096+at+most" in refused[0]
    assert number.records.count() == 30 - len(refused)

    records = list(number.records.all())
    replies = [call("update", id=record.pk, hostdata=f"{'y' * 225}@example.org") for record in records]
    assert b"BAD" in replies[-1]
    record = records[-1]
    record.refresh_from_db()
    assert "x" in record.hostdata
    # What makes it no larger may go on.
    assert b"BAD" not in call("update", id=record.pk, preference=1_000)
    assert b"BAD" not in call("delete", id=record.pk, confirm="y")


def test_an_answer_that_is_too_large_already_may_shrink(call: Call, number: Number) -> None:
    for preference in range(40):
        values = large(preference)
        hostdata = str(values["hostdata"])
        store.create_record(number, preference=preference, service="SIP", hostdata=hostdata, is_checked=True)
    record = number.records.first()
    assert record
    assert b"BAD" not in call("update", id=record.pk, hostdata="a@example.org")
    assert b"BAD" in call("new", id=number.pk, **large(99))

"""Who can call a number as its records are and as they would be."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.protocol import Number, Record, RecordData
from dashboard.services.numbers import NumberRecords
from dashboard.services.numbers.formatting import is_block
from dashboard.services.records.callers import Callers, prospect, prospect_without
from dashboard.telephones import TELEPHONES, Worsening

NUMBER = Number(id=1, country="1", area="604", local="5550100")
BLOCK = Number(id=2, country="1", area="604", local="555*")
SIP = "alice@example.org"


def record(place: int, service: str = "SIP", hostdata: str = SIP, *, order: int = 100) -> Record:
    """The record with the id and preference `place`."""
    return Record(
        id=place,
        country="1",
        area="604",
        local="5550100",
        order=order,
        preference=place,
        service=service,
        hostdata=hostdata,
    )


def draft(service: str = "SIP", hostdata: str = "bob@example.org", preference: int = 50) -> RecordData:
    return RecordData(preference=preference, service=service, hostdata=hostdata)


def uris(callers: Callers) -> dict[str, tuple[str, ...]]:
    """What each telephone system dials."""
    return {prediction.telephone.name: prediction.uris for prediction in callers.predictions}


def found(*records: Record) -> NumberRecords:
    """The number with these records."""
    return NumberRecords(number=NUMBER, records=list(records))


def codes(losses: Sequence[Worsening]) -> dict[str, str]:
    """What is worse, for each telephone system."""
    return {loss.telephone.name: loss.code for loss in losses}


def test_every_system_says_what_it_dials() -> None:
    callers = Callers(NUMBER, (record(1), record(2, "IAX2", "pbx.example.org/1")))

    assert uris(callers)["kamailio"] == ("sip:alice@example.org",)
    assert uris(callers)["yate"] == ("sip:alice@example.org", "iax2:pbx.example.org/1")
    assert callers.digits == "16045550100"
    assert len(callers.can_call) == len(TELEPHONES)


def test_a_block_is_looked_at_by_one_of_its_numbers() -> None:
    callers = Callers(BLOCK, (record(1),))

    assert callers.digits == "16045550000"
    assert uris(callers)["freepbx"] == ("sip:alice@example.org",)
    assert is_block(BLOCK)
    assert not is_block(NUMBER)


def test_a_long_block_is_looked_at_by_a_longer_number() -> None:
    block = Number(id=1, country="1", area="", local="60455501001234*")

    assert Callers(block, (record(1),)).digits == "1604555010012340"


def test_what_is_not_in_the_dns_is_there_without_a_verdict() -> None:
    callers = Callers(NUMBER, (record(1, "x-fax", "123"), record(2), record(3, hostdata="two words")))

    assert [way.naptr is not None for way in callers.ways] == [False, True, False]
    assert all(len(prediction.verdicts) == 1 for prediction in callers.predictions)


def test_other_systems_than_before_are_said() -> None:
    before = record(10)
    lost = codes(prospect(found(before), draft("IAX2", "pbx.example.org/1"), before).losses)

    assert lost["kamailio"] == lost["asterisk"] == "number"
    assert "yate" not in lost  # it gets to what replaces the other


def test_a_way_that_others_than_the_edited_record_gave_is_lost_where_it_goes() -> None:
    first, second = record(10), record(20, hostdata="second@example.org")
    lost = codes(prospect_without(found(first, second), [second]).losses)

    assert set(lost.values()) == {"uri"}


def test_a_draft_has_its_place_among_the_others() -> None:
    first, second = record(10), record(20)
    shown = found(first, second)

    assert prospect(shown, draft(preference=15)).place == 1
    assert prospect(shown, draft(preference=20)).place == 2
    assert prospect(shown, draft(preference=5), second).place == 0
    assert len(prospect(shown, draft(), second).callers.ways) == 2


def test_deleting_says_who_can_no_longer_call() -> None:
    first, second = record(10), record(20, "IAX2", "pbx.example.org/1")
    coming = prospect_without(found(first, second), [first])

    assert {prediction.telephone.name for prediction in coming.callers.can_call} == {"yate", "freepbx"}
    assert {loss.code for loss in coming.losses} == {"number", "uri"}
    assert prospect_without(found(first, second), [first, second]).callers.can_call == []


def test_a_block_is_looked_at_by_the_number_that_one_chooses() -> None:
    block = NumberRecords(number=BLOCK, records=[record(1, hostdata="{rest}@gw.example.org;n={number}")])

    for dialled in ("+1 604 555 0123", "16045550123"):
        callers = Callers.of(replace(block, dialled=dialled))
        assert callers.digits == "16045550123"
        assert callers.ways[0].uri == "sip:0123@gw.example.org;n=16045550123"
        assert set(uris(callers).values()) == {("sip:0123@gw.example.org;n=16045550123",)}
    for outside in ("", "+44 20 7946 0148", "1604555", "x"):
        assert Callers.of(replace(block, dialled=outside)).digits == "16045550000"
    coming = prospect(replace(block, dialled="16045550199"), draft(hostdata="{rest}@other.example.org"))
    assert coming.callers.ways[1].uri == "sip:0199@other.example.org"
    assert Callers.of(replace(found(record(1)), dialled="16045550199")).digits == NUMBER.digits

"""Who can call a number as its records are and as they would be, and what deserves a second look."""

import pytest

from dashboard.enum import MAX_ANSWER, UDP_ANSWER, NaptrDraft
from dashboard.protocol import Number, Record
from dashboard.services.numbers.formatting import is_block
from dashboard.services.records.callers import (
    Callers,
    concerns,
    digest,
    looked_at,
    prospect,
    prospect_without,
    too_large,
)
from dashboard.telephones import TELEPHONES

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


def draft(service: str = "SIP", hostdata: str = "bob@example.org", preference: int = 50) -> NaptrDraft:
    return NaptrDraft(preference=preference, service=service, hostdata=hostdata)


def uris(callers: Callers) -> dict[str, tuple[str, ...]]:
    """What each telephone system dials."""
    return {prediction.telephone.name: prediction.uris for prediction in callers.predictions}


def many(count: int, length: int = 40) -> list[Record]:
    """Records that make large answers."""
    return [record(place, hostdata=f"{'a' * length}{place}@example.org") for place in range(1, count + 1)]


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
    assert looked_at(Number(id=1, country="1", area="", local="60455501001234*")) == "1604555010012340"


def test_what_is_not_in_the_dns_is_there_without_a_verdict() -> None:
    callers = Callers(NUMBER, (record(1, "x-fax", "123"), record(2), record(3, hostdata="two words")))

    assert [way.naptr is not None for way in callers.ways] == [False, True, False]
    assert all(len(prediction.verdicts) == 1 for prediction in callers.predictions)


def test_other_systems_than_before_are_said_and_not_held_up() -> None:
    records = [record(10)]
    coming = prospect(NUMBER, records, draft("IAX2", "pbx.example.org/1"), record_id=10)

    lost = {loss.telephone.name: loss.code for loss in coming.losses}
    assert lost["kamailio"] == lost["asterisk"] == "number"
    assert lost["yate"] == "uri"
    assert concerns(NUMBER, records, draft("IAX2", "pbx.example.org/1"), record=records[0]) == []


def test_a_draft_has_its_place_among_the_others() -> None:
    records = [record(10), record(20)]

    assert prospect(NUMBER, records, draft(preference=15), record_id=None).place == 1
    assert prospect(NUMBER, records, draft(preference=20), record_id=None).place == 2
    assert prospect(NUMBER, records, draft(preference=5), record_id=20).place == 0
    assert len(prospect(NUMBER, records, draft(), record_id=20).callers.ways) == 2


def test_deleting_says_who_can_no_longer_call() -> None:
    records = [record(10), record(20, "IAX2", "pbx.example.org/1")]
    coming = prospect_without(NUMBER, records, records[:1])

    assert {prediction.telephone.name for prediction in coming.callers.can_call} == {"yate", "freepbx"}
    assert {loss.code for loss in coming.losses} == {"number", "uri"}
    assert prospect_without(NUMBER, records, records).callers.can_call == []


def test_a_password_deserves_a_second_look_once() -> None:
    first = record(10)
    secret = draft(hostdata="alice:secret@example.org")

    assert [problem.code for problem in concerns(NUMBER, [first], secret, record=first)] == ["password"]
    kept = record(10, hostdata="alice:secret@example.org")
    assert concerns(NUMBER, [kept], draft(hostdata=kept.hostdata, preference=99), record=kept) == []


def test_an_answer_that_leaves_udp_deserves_a_second_look_when_it_grows() -> None:
    small, large = many(12), many(14)

    assert Callers(NUMBER, tuple(small)).size <= UDP_ANSWER < Callers(NUMBER, tuple(large)).size
    assert not Callers(NUMBER, tuple(small)).is_large
    assert Callers(NUMBER, tuple(large)).is_large
    (problem,) = concerns(NUMBER, small, draft(hostdata="b" * 200 + "@example.org"), record=None)
    assert (problem.field, problem.code, problem.severity) == ("hostdata", "answer-size", "warning")
    assert f"{UDP_ANSWER}" in str(problem)
    assert concerns(NUMBER, large, draft(hostdata="short@e.org", preference=1), record=large[0]) == []


@pytest.mark.parametrize(("count", "refused"), [(41, False), (42, True)])
def test_an_answer_that_asterisk_cannot_read_is_refused(count: int, refused: bool) -> None:
    records = many(count)
    coming = prospect(NUMBER, records, draft(hostdata="b" * 100 + "@example.org"), record_id=None)

    problem = too_large(Callers(NUMBER, tuple(records)), coming.callers)
    assert (problem is not None) == refused == (coming.callers.size > MAX_ANSWER)


def test_an_answer_that_is_too_large_already_may_shrink() -> None:
    records = many(60)
    smaller = prospect(NUMBER, records, draft(hostdata="b@e.org", preference=1), record_id=1)

    assert smaller.callers.size > MAX_ANSWER
    assert too_large(Callers(NUMBER, tuple(records)), smaller.callers) is None


def test_other_sentences_have_another_digest() -> None:
    first = record(10)
    one = concerns(NUMBER, [first], draft(hostdata="alice:secret@example.org"), record=first)
    two = concerns(NUMBER, many(12), draft(hostdata="b" * 200 + "@example.org"), record=None)

    assert len({digest(one), digest(two), digest([]), digest([*one, *two])}) == 4
    assert digest(one) == digest(list(one))

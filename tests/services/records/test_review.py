"""What is wrong with a draft, what deserves a second look, and what is only worth knowing."""

from dataclasses import replace

import pytest

from dashboard.enum import MAX_ANSWER, UDP_ANSWER, Problem
from dashboard.protocol import Number, Record, RecordData
from dashboard.services.numbers import NumberRecords
from dashboard.services.records import Review, review
from dashboard.services.records.callers import Callers, prospect
from dashboard.telephones import TELEPHONES, Worsening

NUMBER = Number(id=7, country="1", area="604", local="5550100")
SIP = RecordData(preference=50, service="SIP", hostdata="bob@example.org")
LONG = replace(SIP, hostdata=f"{'b' * 200}@example.org")
LOSSES = ("number", "breaks", "uri")
HIDES = Problem("number", "hides", "Others are no longer answered.", severity="warning")
HOLES = Problem("number", "holes", "Others are still not answered.", severity="warning")


def record(place: int, service: str = "SIP", hostdata: str = "alice@example.org") -> Record:
    """The record with the id and preference `place`."""
    return Record(
        id=place,
        country="1",
        area="604",
        local="5550100",
        order=100,
        preference=place,
        service=service,
        hostdata=hostdata,
    )


def found(*records: Record) -> NumberRecords:
    return NumberRecords(number=NUMBER, records=list(records))


def many(count: int, length: int = 40) -> NumberRecords:
    """A number with a large answer."""
    return found(*(record(place, hostdata=f"{'a' * length}{place}@example.org") for place in range(1, count + 1)))


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]


def test_there_is_nothing_to_say_of_a_sound_draft() -> None:
    assert review(found(), SIP) == Review()
    assert review(found(record(1)), SIP, record(1)) == Review()
    assert review(found(), SIP).is_accepted("")


def test_the_first_record_of_a_number_with_a_trunk_prefix_deserves_a_second_look() -> None:
    number = Number(id=7, country="44", area="020", local="79460958")
    verdict = review(replace(found(), number=number, meant="+44 20 7946 0958"), SIP)

    assert codes(verdict.concerns) == [("number", "trunk-prefix")]
    assert str(verdict.concerns[0]).startswith("The number +44 020 79460958 is not in use as it is")
    assert "+44 20 7946 0958 was probably meant" in str(verdict.concerns[0])
    assert verdict.about_others == []
    assert verdict.is_accepted(verdict.digest)
    assert not review(replace(found(record(1)), meant="+44 20 7946 0958"), SIP).concerns


@pytest.mark.parametrize("replaced", [None, record(1)])
@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        (replace(SIP, preference=-1), "preference", "range"),
        (replace(SIP, preference=65_536), "preference", "range"),
        (replace(SIP, service=""), "service", "empty"),
        (replace(SIP, service="SIP,IAX2"), "service", "name"),
        (replace(SIP, service="S\tP"), "service", "name"),
        (replace(SIP, service="F" * 101, hostdata="x"), "service", "too-long"),
        (replace(SIP, hostdata=""), "hostdata", "empty"),
        (replace(SIP, hostdata="a\x1bb@example.org"), "hostdata", "control"),
        (replace(SIP, service="x-fax", hostdata="a\r\nb"), "hostdata", "control"),
        (replace(SIP, service="x-fax", hostdata="   "), "hostdata", "blank"),
        (replace(SIP, service="x-fax", hostdata="x" * 256), "hostdata", "too-long"),
        (replace(SIP, service="TEL", hostdata="+16045550100"), "hostdata", "tel-loop"),
        (replace(SIP, hostdata=f"{'x' * 300}@example.org"), "hostdata", "too-long"),
    ],
)
def test_what_cannot_be_a_record_is_an_error_at_its_field(
    draft: RecordData, field: str, code: str, replaced: Record | None
) -> None:
    verdict = review(found(record(1), record(2, "MAILTO")), draft, replaced)

    assert codes(verdict.errors) == [(field, code)]
    assert not verdict.is_accepted("")
    assert not verdict.is_accepted(verdict.digest)


def test_the_same_record_twice_is_an_error_and_the_record_itself_is_not_another() -> None:
    twin = record(1).data

    assert codes(review(found(record(1)), twin).errors) == [("hostdata", "identical")]
    assert review(found(record(1)), twin, record(1)).errors == ()
    assert codes(review(found(record(1), record(2)), twin, record(2)).errors) == [("hostdata", "identical")]


def test_a_service_that_nobody_knows_may_be_written() -> None:
    old = record(1, "OLD-THING", "the <old> one, behind a comma")

    assert review(found(old), replace(old.data, preference=5), old) == Review()
    assert review(found(), old.data) == Review()


def test_a_shared_preference_is_worth_knowing() -> None:
    verdict = review(found(record(50)), replace(SIP, preference=50))

    assert (verdict.errors, verdict.concerns, codes(verdict.notes)) == ((), (), [("preference", "duplicate")])
    assert verdict.is_accepted("")


def test_a_password_is_a_concern_once() -> None:
    secret = replace(SIP, hostdata="alice:secret@example.org")
    kept = record(10, hostdata=secret.hostdata)

    assert codes(review(found(), secret).concerns) == [("hostdata", "password")]
    assert codes(review(found(record(10)), secret, record(10)).concerns) == [("hostdata", "password")]
    assert review(found(kept), replace(secret, preference=99), kept).concerns == ()
    assert codes(review(found(kept), replace(secret, hostdata="al:other@example.org"), kept).concerns) == [
        ("hostdata", "password")
    ]


def test_what_breaks_a_number_for_a_system_is_a_concern_and_other_losses_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing that the forms' rules let through does so with the systems that are known now.
    losses = [Worsening(telephone, code, f"{code}.") for telephone, code in zip(TELEPHONES, LOSSES, strict=False)]

    monkeypatch.setattr("dashboard.services.records.callers.worse", lambda *_: losses)

    assert codes(review(found(), SIP).concerns) == [("hostdata", "breaks")]


def test_other_systems_than_before_are_no_concern() -> None:
    before = record(10)

    assert review(found(before), replace(SIP, service="IAX2", hostdata="pbx.example.org/1"), before).concerns == ()


def test_an_answer_that_leaves_udp_is_a_concern_when_it_grows() -> None:
    small, large = many(12), many(14)
    (concern,) = review(small, LONG).concerns

    assert Callers.of(small).size <= UDP_ANSWER < Callers.of(large).size
    assert (concern.field, concern.code, concern.severity) == ("hostdata", "answer-size", "warning")
    assert f"{UDP_ANSWER}" in str(concern)
    shorter = replace(SIP, hostdata="short@e.org", preference=1)
    assert review(large, shorter, large.records[0]).concerns == ()


@pytest.mark.parametrize(("count", "is_refused"), [(41, False), (42, True)])
def test_an_answer_that_asterisk_cannot_read_is_an_error(count: int, is_refused: bool) -> None:
    before, draft = many(count), replace(SIP, hostdata=f"{'b' * 100}@example.org")
    verdict = review(before, draft)

    assert is_refused == (prospect(before, draft).callers.size > MAX_ANSWER)
    assert codes(verdict.errors) == ([("hostdata", "answer-size")] if is_refused else [])
    assert codes(verdict.concerns) == ([] if is_refused else [("hostdata", "answer-size")])


def test_an_answer_that_is_too_large_already_may_shrink_but_not_grow() -> None:
    before = many(60)
    first = before.records[0]

    assert Callers.of(before).size > MAX_ANSWER
    assert review(before, replace(SIP, hostdata="b@e.org", preference=1), first) == Review()
    assert codes(review(before, replace(LONG, preference=1), first).errors) == [("hostdata", "answer-size")]


def test_what_hides_other_numbers_is_a_concern_and_other_effects_are_notes() -> None:
    verdict = review(found(), SIP, effect=[HIDES, HOLES])

    assert (verdict.concerns, verdict.notes) == ((HIDES,), (HOLES,))


def test_only_somebody_who_read_these_sentences_has_accepted_them() -> None:
    one = review(found(), replace(SIP, hostdata="alice:secret@example.org"))
    two = review(many(12), LONG)
    both = Review(concerns=(*one.concerns, *two.concerns))

    assert len({verdict.digest for verdict in (one, two, both, Review())}) == 4
    assert one.is_accepted(one.digest)
    for accepted in ("", two.digest, both.digest, Review().digest):
        assert not one.is_accepted(accepted)
    assert one.digest == review(found(), replace(SIP, hostdata="carol:hidden@example.org")).digest


@pytest.mark.parametrize(
    ("hostdata", "code"),
    [
        ("alice", "bare-word"),
        ("example.org", "host-alone"),
        ("a@b", "bare-word"),
        ("alice@192.168.0.1", "private-address"),
        ("alice@pbx.invalid", "reserved-name"),
    ],
)
def test_what_can_hardly_be_meant_needs_a_second_look_when_a_draft_brings_it(hostdata: str, code: str) -> None:
    draft, kept = replace(SIP, hostdata=hostdata), record(10, hostdata=hostdata)
    added, edited = review(found(), draft), review(found(record(10)), draft, record(10))

    for verdict in (added, edited):
        assert codes(verdict.concerns) == [("hostdata", code)]
        assert not verdict.is_accepted("")
        assert verdict.is_accepted(verdict.digest)
    assert review(found(kept), replace(draft, preference=99), kept).concerns == ()


@pytest.mark.parametrize("hostdata", ["alice@example.org", "sip:alice@example.org", "SIP:alice@EXAMPLE.org."])
def test_the_same_target_at_another_place_needs_a_second_look(hostdata: str) -> None:
    again = replace(SIP, hostdata=hostdata)

    assert codes(review(found(record(1)), again).concerns) == [("hostdata", "same-target")]
    other = record(2, hostdata="carol@example.org")
    assert codes(review(found(record(1), other), replace(again, preference=2), other).concerns) == [
        ("hostdata", "same-target")
    ]
    assert review(found(record(1)), replace(again, service="XMPP", hostdata="alice@example.org")).concerns == ()


def test_a_block_may_say_which_number_was_dialled() -> None:
    block = Number(id=8, country="1", area="604", local="555*")
    draft = replace(SIP, hostdata="{number}@gw.example.org")
    ours = NumberRecords(number=block, records=[])

    assert review(ours, draft) == Review()
    assert codes(review(found(), draft).errors) == [("hostdata", "placeholder")]
    assert codes(review(replace(ours, is_embedded=False), draft).concerns) == [("hostdata", "placeholder-foreign")]
    assert codes(review(ours, replace(SIP, hostdata="\\1@gw.example.org")).concerns) == [
        ("hostdata", "back-reference")
    ]
    assert codes(review(ours, replace(SIP, service="TEL", hostdata="+{number}")).errors) == [("hostdata", "tel-loop")]

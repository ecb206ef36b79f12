"""The smallest set of commands from one set of records to another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.client import NotSent
from dashboard.models.change import Command
from dashboard.protocol import MAX_UINT16, RecordState
from dashboard.services.records import Step, plan_set
from dashboard.services.records.planning import after_all

CONTENT = st.builds(
    RecordState,
    id=st.none(),
    order=st.sampled_from([100, 50]),
    preference=st.sampled_from([10, 20]),
    service=st.sampled_from(["SIP", "MAILTO"]),
    hostdata=st.sampled_from(["a@example.org", "b@example.org"]),
)


@st.composite
def records(draw: st.DrawFn) -> list[RecordState]:
    ids = draw(st.lists(st.integers(1, 8), unique=True, max_size=6))
    return [replace(draw(CONTENT), id=each) for each in ids]


def said(these: Sequence[RecordState]) -> Counter[tuple[int, int, str, str]]:
    return Counter((one.order, one.preference, one.service, one.hostdata) for one in these)


def sip(record_id: int | None, hostdata: str = "a@example.org", preference: int = 10) -> RecordState:
    return RecordState(id=record_id, preference=preference, service="SIP", hostdata=hostdata)


@given(records(), records())
def test_a_plan_leads_from_any_records_to_any_others(now: list[RecordState], wanted: list[RecordState]) -> None:
    assert said(after_all(now, plan_set(now, wanted))) == said(wanted)


@given(records(), records())
def test_no_plan_has_fewer_commands_but_those_that_take_away_what_stays(
    now: list[RecordState], wanted: list[RecordState]
) -> None:
    kept = (said(now) & said(wanted)).total()
    least = max(len(now), len(wanted)) - kept
    assert len(plan_set(now, wanted)) == (1 if not wanted and now else least)


@given(records(), records())
def test_what_says_already_what_is_wanted_is_not_touched(now: list[RecordState], wanted: list[RecordState]) -> None:
    touched = [step.before for step in plan_set(now, wanted) if step.before is not None]
    left = [record for record in now if record not in touched]
    assert said(left) >= said(now) & said(wanted) or not wanted


def test_a_record_keeps_its_id_where_only_its_content_changes() -> None:
    steps = plan_set([sip(1), sip(2, "b@example.org")], [sip(1, "c@example.org"), sip(2, "b@example.org")])
    assert steps == [Step(before=sip(1), after=sip(1, "c@example.org"))]


def test_a_record_is_known_by_the_id_that_it_has_now() -> None:
    steps = plan_set([sip(9), sip(7, "b@example.org")], [sip(5, "c@example.org"), sip(7, "b@example.org")], {5: 9})
    assert steps == [Step(before=sip(9), after=sip(9, "c@example.org"))]


def test_a_record_that_comes_back_says_which_id_it_had() -> None:
    assert plan_set([], [sip(5)]) == [Step(after=sip(None), was_id=5)]


def test_a_record_comes_back_from_the_last_id_that_it_had() -> None:
    assert plan_set([], [sip(5)], {5: 9}) == [Step(after=sip(None), was_id=9)]


def test_no_record_comes_back_from_an_id_that_another_has() -> None:
    """What 5 says now is wanted beside what it is to say, so that stays 5, and the other comes."""
    steps = plan_set([sip(5)], [sip(5, "b@example.org"), sip(None)])
    assert steps == [Step(after=sip(None, "b@example.org"))]
    assert plan_set([sip(9)], [sip(5, "b@example.org"), sip(9)], {5: 9}) == steps


def test_a_number_that_is_to_have_nothing_is_emptied_with_one_command() -> None:
    steps = plan_set([sip(1), sip(2, "b@example.org")], [])
    assert [step.kind for step in steps] == [Command.DELETEALL]


def test_the_last_record_is_deleted_by_itself() -> None:
    assert [step.kind for step in plan_set([sip(1)], [])] == [Command.DELETE]


def test_records_of_one_service_replace_each_other() -> None:
    mail = RecordState(id=1, preference=10, service="MAILTO", hostdata="old@example.org")
    steps = plan_set(
        [mail, sip(2)], [sip(None, "new@example.org"), replace(mail, id=None, hostdata="new@example.org")]
    )
    assert {(step.before and step.before.id, step.after and step.after.service) for step in steps} == {
        (1, "MAILTO"),
        (2, "SIP"),
    }


def test_a_record_that_no_command_can_carry_is_named_before_anything_is_sent() -> None:
    with pytest.raises(NotSent):
        Step(after=sip(None, preference=MAX_UINT16 + 1)).command(1)

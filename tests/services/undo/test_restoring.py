"""A number put back as it was at a moment of its line."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from dashboard.client import RegistryError
from dashboard.models import Change, Outcome
from dashboard.models.change import Command
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint
from dashboard.services.records import AlreadySubmitted, Conflict, Unacceptable
from dashboard.services.undo import NotRestorable, RestorePlan, plan_restore, restore
from tests.far import Far
from tests.services.undo.history import History, record

WRITES = {"new", "update", "delete", "deleteall"}


@pytest.fixture
def plan(far: Far) -> Callable[[str], RestorePlan]:
    """What it would do to put the number back."""
    return lambda moment: plan_restore(far.person, far.credential, far.number, moment)


@pytest.fixture
def put_back(far: Far) -> Callable[..., list[Change]]:
    """Put the number back as it was, as somebody does who saw it as it is now."""

    def put_back_(moment: str, **values: Any) -> list[Change]:
        seen = plan_restore(far.person, far.credential, far.number, moment).found.fingerprint
        return restore(far.person, far.credential, far.number, moment, **{"seen": seen} | values)

    return put_back_


@pytest.fixture
def busy_day(far: Far) -> Change:
    """The two records, of which one is changed and one deleted, and a third comes. Returns the first change."""
    first, second = far.shown().records
    draft = RecordData(preference=10, service="SIP", hostdata="later@example.org")
    change = far.writer().update(first.id, draft, seen=fingerprint([first]))
    far.writer().delete(second.id, seen=fingerprint([second]))
    far.writer().add(RecordData(preference=90, service="MAILTO", hostdata="third@example.org"))
    return change


def test_a_number_is_put_back_with_as_few_commands_as_there_need_be(
    far: Far, busy_day: Change, put_back: Callable[..., list[Change]]
) -> None:
    then = sorted(one.hostdata for one in busy_day.before)
    far.registry.log.clear()
    made = put_back(f"before-{busy_day.pk}")

    assert sorted(far.hostdata()) == then
    assert far.writes() == ["update", "update"]
    assert {change.outcome for change in made} == {Outcome.APPLIED}
    assert len({change.batch for change in made}) == 1


def test_it_costs_its_commands_and_one_read(far: Far, busy_day: Change, plan: Callable[[str], RestorePlan]) -> None:
    moment = str(busy_day.pk)
    seen = plan(moment).found.fingerprint
    far.registry.log.clear()
    restore(far.person, far.credential, far.number, moment, seen=seen)

    assert [received.command for received in far.registry.log] == ["show", "update"]


def test_a_record_that_comes_back_is_followed_across_its_ids(
    far: Far, put_back: Callable[..., list[Change]], plan: Callable[[str], RestorePlan]
) -> None:
    second = far.shown().records[1]
    gone = far.writer().delete(second.id, seen=fingerprint([second]))
    (back,) = put_back(f"before-{gone.pk}")
    assert (back.command, back.was_id) == (Command.NEW, second.id)
    assert back.record_id is not None
    draft = RecordData(preference=30, service="SIP", hostdata="moved@example.org")
    now = far.shown().records
    far.writer().update(back.record_id, draft, seen=fingerprint([one for one in now if one.id == back.record_id]))

    (step,) = plan(f"before-{gone.pk}").steps
    assert step.before is not None
    assert (step.kind, step.before.id) == (Command.UPDATE, back.record_id)


def test_the_plan_says_who_can_call_now_and_who_could_then(far: Far, plan: Callable[[str], RestorePlan]) -> None:
    shown = far.shown().records
    gone = far.writer().delete_all(seen=fingerprint(shown), digits="12005550100")
    found = plan(f"before-{gone.pk}")

    assert found.prospect.before.can_call == []
    assert found.prospect.callers.can_call
    assert [step.after and step.after.data for step in found.steps] == [one.data for one in shown]


def test_what_is_so_already_sends_nothing(
    far: Far, busy_day: Change, put_back: Callable[..., list[Change]], plan: Callable[[str], RestorePlan]
) -> None:
    last = Change.objects.order_by("pk").last()
    assert last is not None
    far.registry.log.clear()

    assert plan(str(last.pk)).is_so_already
    assert put_back(str(last.pk)) == []
    assert far.writes() == []


def test_what_somebody_changed_since_the_plan_is_a_conflict(
    far: Far, busy_day: Change, plan: Callable[[str], RestorePlan]
) -> None:
    seen = plan(str(busy_day.pk)).found.fingerprint
    far.add(60, "theirs@example.org")
    far.registry.log.clear()
    with pytest.raises(Conflict):
        restore(far.person, far.credential, far.number, str(busy_day.pk), seen=seen)

    assert far.writes() == []


def test_a_part_that_is_refused_is_in_the_history_and_can_be_continued(
    far: Far, busy_day: Change, put_back: Callable[..., list[Change]], plan: Callable[[str], RestorePlan]
) -> None:
    moment = f"before-{busy_day.pk}"
    far.registry.fault("update", "bad", times=1, skip=1, error="Not now.")
    made = put_back(moment)

    assert [change.outcome for change in made] == [Outcome.APPLIED, Outcome.REFUSED]
    assert made[1].words.startswith("Not now.")
    left = plan(moment)
    assert len(left.steps) == 1
    put_back(moment)
    assert plan(moment).is_so_already
    assert sorted(far.hostdata()) == sorted(one.hostdata for one in busy_day.before)


def test_what_is_unsafe_needs_a_second_look(
    far: Far, put_back: Callable[..., list[Change]], plan: Callable[[str], RestorePlan], history: History
) -> None:
    old = history.change([record(1, "alice:secret@example.org")], [], command="delete")
    moment = f"before-{old.pk}"
    with pytest.raises(Unacceptable) as refusal:
        put_back(moment)
    assert refusal.value.review.digest == plan(moment).review.digest
    put_back(moment, accepted=plan(moment).review.digest)

    assert sorted(far.hostdata()) == ["alice:secret@example.org"]


def test_the_same_form_twice_is_sent_once(far: Far, busy_day: Change, put_back: Callable[..., list[Change]]) -> None:
    token = uuid.uuid4()
    put_back(str(busy_day.pk), submission=token, reason="the old PBX is back")
    far.registry.log.clear()
    with pytest.raises(AlreadySubmitted) as again:
        put_back(str(busy_day.pk), submission=token)

    assert again.value.change.reason == "the old PBX is back"
    assert far.writes() == []


@pytest.mark.parametrize("moment", ["now", "0", "before-0", "", "x"])
def test_what_names_no_moment_cannot_be_put_back(far: Far, moment: str) -> None:
    with pytest.raises(Http404):
        restore(far.person, far.credential, far.number, moment, seen="x")


def test_what_nobody_knows_cannot_be_put_back(far: Far, history: History, plan: Callable[[str], RestorePlan]) -> None:
    change = history.change([record(1, "a@example.org")], [], is_whole=False)
    with pytest.raises(NotRestorable):
        plan(str(change.pk))
    seen = fingerprint(far.shown().records)
    with pytest.raises(NotRestorable):
        restore(far.person, far.credential, far.number, str(change.pk), seen=seen)

    assert far.writes() == []


def test_a_registry_that_does_not_answer_is_said(
    far: Far, history: History, plan: Callable[[str], RestorePlan]
) -> None:
    change = history.change([record(1, "a@example.org")], [])
    far.registry.fault("show", "html")
    with pytest.raises(RegistryError):
        plan(str(change.pk))
    far.registry.heal()
    del far.registry.store.numbers[far.number]
    with pytest.raises(NotRestorable):
        plan(str(change.pk))

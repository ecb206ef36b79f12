"""A process that is killed while it puts a number back: the history says how far it came, and it can be continued."""

from collections.abc import Callable

import pytest

from dashboard.models import Change, Outcome
from dashboard.protocol import RecordData
from dashboard.services.history import history_of, settle
from dashboard.services.numbers import fingerprint
from dashboard.services.undo import Life, plan_restore, plan_undo, restore, undo
from dashboard.services.undo.line import line_of
from tests.far import Far
from tests.interop.publisher import until
from tests.services.undo import worker
from tests.workers import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(far: Far) -> str:
    """Both records are changed. Returns the moment before that."""
    made = []
    for record in far.shown().records:
        draft = RecordData(preference=record.preference, service="SIP", hostdata=f"new{record.id}@example.org")
        made.append(far.writer().update(record.id, draft, seen=fingerprint([record])))
    return f"before-{made[0].pk}"


@pytest.fixture
def killed(far: Far, day: str) -> Callable[[str], None]:
    """Let a process put the number back, and kill it while the second command is at the registry."""

    def kill(fault: str) -> None:
        seen = plan_restore(far.person, far.credential, far.number, day).found.fingerprint
        before = far.registry.count("update")
        far.registry.fault("update", fault, skip=1, times=1)
        asked = {
            "person": far.person.pk,
            "credential": far.credential.pk,
            "number": far.number,
            "moment": day,
            "seen": seen,
        }
        with running(worker.__name__, 1) as (victim,):
            victim.ask(asked)
            until(lambda: far.registry.count("update") == before + 2)
            victim.kill()

    return kill


@pytest.mark.parametrize(("fault", "outcome"), [("hang", Outcome.NOT_APPLIED), ("hang-after", Outcome.APPLIED)])
def test_what_was_left_half_done_is_told_and_continued(
    far: Far, day: str, killed: Callable[[str], None], fault: str, outcome: Outcome
) -> None:
    then = sorted(one.hostdata for one in Change.objects.order_by("pk")[0].before)
    killed(fault)

    entry = line_of(Life.of(far.person, far.credential, far.number)).entries[0]
    assert [change.outcome for change in entry.made] == [Outcome.APPLIED, Outcome.SENT]
    assert len(entry.pairs) == len(entry.tried) == 1
    assert entry.state.records is None
    (left,) = history_of(far.person, far.credential, far.number).open
    assert settle(far.person, left).outcome == outcome

    plan = plan_restore(far.person, far.credential, far.number, day)
    assert len(plan.steps) == (1 if outcome == Outcome.NOT_APPLIED else 0)
    restore(far.person, far.credential, far.number, day, seen=plan.found.fingerprint)
    assert sorted(far.hostdata()) == then
    # Each command went out once more at most: nothing was done twice.
    assert far.registry.count("update") == 4 + len(plan.steps)


def test_what_was_left_half_done_can_be_taken_back(far: Far, killed: Callable[[str], None]) -> None:
    before = sorted(far.hostdata())
    killed("hang")
    first = line_of(Life.of(far.person, far.credential, far.number)).entries[0].applied[0]
    plan = plan_undo(far.person, first)

    assert len(plan.steps) == 1
    undo(far.person, first, seen=plan.found.fingerprint)
    assert sorted(far.hostdata()) == before

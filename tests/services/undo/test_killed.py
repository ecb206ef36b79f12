"""A process that is killed while it puts a number back: the history says how far it came, and it can be continued."""

from collections.abc import Callable

import pytest

from dashboard.client import Client
from dashboard.models import Change, Credential, Outcome, User
from dashboard.protocol import RecordData
from dashboard.services.history import history_of, settle
from dashboard.services.numbers import fingerprint
from dashboard.services.records import Writer
from dashboard.services.undo import Life, plan_restore, plan_undo, restore, undo
from tests.faulty_registry import FaultyRegistry
from tests.interop.publisher import until
from tests.services.undo import worker
from tests.workers import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(person: User, remote: Credential, connected: Client, number_id: int) -> str:
    """Both records are changed. Returns the moment before that."""
    made = []
    for record in connected.show(number_id):
        draft = RecordData(preference=record.preference, service="SIP", hostdata=f"new{record.id}@example.org")
        made.append(Writer(person, remote, number_id).update(record.id, draft, seen=fingerprint([record])))
    return f"before-{made[0].pk}"


@pytest.fixture
def killed(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int, day: str
) -> Callable[[str], None]:
    """Let a process put the number back, and kill it while the second command is at the registry."""

    def kill(fault: str) -> None:
        seen = plan_restore(person, remote, number_id, day).found.fingerprint
        before = registry.count("update")
        registry.fault("update", fault, skip=1, times=1)
        asked = {"person": person.pk, "credential": remote.pk, "number": number_id, "moment": day, "seen": seen}
        with running(worker.__name__, 1) as (victim,):
            victim.ask(asked)
            until(lambda: registry.count("update") == before + 2)
            victim.kill()

    return kill


def held(registry: FaultyRegistry, number_id: int) -> list[str]:
    return sorted(one.hostdata for one in registry.store.numbers[number_id].records.values())


@pytest.mark.parametrize(("fault", "outcome"), [("hang", Outcome.NOT_APPLIED), ("hang-after", Outcome.APPLIED)])
def test_what_was_left_half_done_is_told_and_continued(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    day: str,
    killed: Callable[[str], None],
    fault: str,
    outcome: Outcome,
) -> None:
    then = sorted(one.hostdata for one in Change.objects.order_by("pk")[0].before)
    killed(fault)

    entry = Life.of(person, remote, number_id).line().entries[0]
    assert [change.outcome for change in entry.made] == [Outcome.APPLIED, Outcome.SENT]
    assert len(entry.pairs) == len(entry.tried) == 1
    assert entry.state.records is None
    (left,) = history_of(person, remote, number_id).open
    assert settle(person, left).outcome == outcome

    plan = plan_restore(person, remote, number_id, day)
    assert len(plan.steps) == (1 if outcome == Outcome.NOT_APPLIED else 0)
    restore(person, remote, number_id, day, seen=plan.found.fingerprint)
    assert held(registry, number_id) == then
    # Each command went out once more at most: nothing was done twice.
    assert registry.count("update") == 4 + len(plan.steps)


def test_what_was_left_half_done_can_be_taken_back(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    killed: Callable[[str], None],
) -> None:
    before = held(registry, number_id)
    killed("hang")
    first = Life.of(person, remote, number_id).line().entries[0].applied[0]
    plan = plan_undo(person, first)

    assert len(plan.steps) == 1
    undo(person, first, seen=plan.found.fingerprint)
    assert held(registry, number_id) == before

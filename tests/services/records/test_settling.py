"""A write is settled for a person only once it cannot be under way any more."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from dashboard.client import NotSent
from dashboard.models import Change, Credential, Outcome, User
from dashboard.platform import locks
from dashboard.protocol import RecordData
from dashboard.services.numbers import fingerprint, see_number
from dashboard.services.records import Writer, number_lock, settle
from tests.faulty_registry import FaultyRegistry
from tests.programs import LIMIT

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = RecordData(preference=50, service="SIP", hostdata="new@example.org")


def test_a_write_that_is_under_way_is_waited_for(
    person: User, remote: Credential, registry: FaultyRegistry, number_id: int
) -> None:
    record = see_number(person, remote, number_id).records[0]
    answer, settled = registry.store.answer, list[Future[Change]]()

    def settle_it() -> Change:
        try:
            return settle(person, Change.objects.get())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:

        def answer_late(form: dict[str, str]) -> Any:
            if form["command"] == "update":
                settled.append(pool.submit(settle_it))
                # As long as a registry takes that somebody else can ask what it has meanwhile.
                threading.Event().wait(1)
            return answer(form)

        registry.store.answer = answer_late  # type: ignore[method-assign]
        change = Writer(person, remote, number_id).update(record.id, DRAFT, seen=fingerprint([record]))
        assert settled[0].result(LIMIT).outcome == Outcome.APPLIED

    assert change.outcome == Outcome.APPLIED
    assert Change.objects.get().outcome == Outcome.APPLIED


def test_who_asks_while_a_write_takes_long_is_told_to_try_again(
    person: User,
    remote: Credential,
    registry: FaultyRegistry,
    number_id: int,
    set_deadline: Callable[[float], None],
) -> None:
    change = Writer(person, remote, number_id).add(DRAFT)
    Change.objects.filter(pk=change.pk).update(outcome=Outcome.SENT, settled_at=None)
    change.refresh_from_db()
    set_deadline(0.2)
    has_it, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.held(number_lock(remote, number_id), locks.at_once):
            has_it.set()
            done.wait(LIMIT)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert has_it.wait(LIMIT)
        try:
            with pytest.raises(NotSent, match="Somebody else is writing"):
                settle(person, change)
        finally:
            done.set()
    assert settle(person, change).outcome == Outcome.APPLIED

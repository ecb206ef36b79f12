"""Several processes that serve one token count together."""

import pytest

from dashboard.models import User
from dashboard.services.tokens.limits import STEPS
from tests.fixtures_tokens import token_of
from tests.workers import running

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES, EACH, RATE = 4, 300, 600  # the default of E164WEB_API_RATE


def test_four_processes_let_no_more_through_together_than_one(person: User) -> None:
    token, _ = token_of(person)
    with running("tests.services.tokens.worker", PROCESSES) as workers:
        for minute in (1_000_000, 1_000_001):
            for each in workers:
                each.ask([token.pk, minute * 60.0, EACH])
            passed = sum(int(each.said()) for each in workers)
            # Each may end with a step of which it has not handed out all.
            assert RATE - PROCESSES * (RATE // STEPS) <= passed <= RATE

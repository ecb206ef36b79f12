"""Processes that refresh the same mirror, and are killed at it."""

import pytest

from dashboard.models import Credential, Mirror, MirroredNumber
from dashboard.services import mirror
from tests.faulty_registry import FaultyRegistry
from tests.interop.publisher import until
from tests.services.mirror import worker
from tests.services.mirror.conftest import rows
from tests.workers import running

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = 300


def test_of_two_one_refreshes_and_when_it_is_killed_the_other_goes_on_where_it_was(
    remote: Credential, registry: FaultyRegistry
) -> None:
    for place in range(NUMBERS - 3):
        registry.store.add_number(registry.username, "1", "200", f"777{place:04}")
    registry.latency = 0.02
    mirror.want(remote)
    with running(worker.__name__, 2) as (victim, heir):
        victim.ask(remote.pk)
        assert victim.said() == "begun"
        until(lambda: registry.count("show") > 0)
        heir.ask(remote.pk)
        assert [heir.said(), heir.said()] == ["begun", "done"]  # the victim has the lock
        until(lambda: Mirror.objects.get().done >= 100)
        victim.kill()
        seen = MirroredNumber.objects.filter(seen_at__isnull=False).count()
        asked = registry.count("show")
        assert 100 <= seen < NUMBERS

        heir.ask(remote.pk)
        assert [heir.said(), heir.said()] == ["begun", "done"]

    assert registry.count("show") - asked <= NUMBERS - seen + 4  # and what was under way as it was killed
    assert registry.count("list") == 1
    assert all(row.was_looked_at for row in rows(remote))
    assert not mirror.freshness(remote).is_under_way

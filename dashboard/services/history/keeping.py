"""How long the history is kept."""

from datetime import datetime, timedelta

from django.conf import settings

from dashboard.models import Change

AT_ONCE = 1_000  # changes that are deleted in one transaction, which nobody waits for


def forget_old(now: datetime) -> int:
    """Delete the settled changes that are older than E164WEB_HISTORY_DAYS, and say how many; none where it is 0.

    What is open stays, however old: somebody may still settle it. It may be stopped at any time, and several may run.
    """
    days = settings.E164WEB.history_days
    if not days:
        return 0
    deleted = 0
    while count := Change.forget(now - timedelta(days=days), AT_ONCE):
        deleted += count
    return deleted

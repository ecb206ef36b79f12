"""Whether changes come at the pace of a person, or of a program that makes thousands.

Single changes are published before mass ones. Which they are is told by the pace of their account: some changes are
single at once, and then one in every few seconds (the generic cell rate algorithm, ITU-T I.371, which needs one
moment for each account). So whoever made thousands may make a single one again a few seconds later.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from dashboard.registry.models import Account

FEW = 20  # changes at once that are single
EVERY = timedelta(seconds=3)  # until one more is
_MOST = EVERY * FEW


def is_mass(account: Account, count: int = 1) -> bool:
    """Whether so many changes of an account, made now, are mass ones; those that are not, are counted.

    To be called in the transaction of the changes (`queue.locked`). What a mass of them costs is this look alone.
    """
    now = timezone.now()
    ends = max(account.busy_until or now, now) + EVERY * count
    if ends - now > _MOST:
        return True
    Account.objects.filter(pk=account.pk).update(busy_until=ends)
    return False

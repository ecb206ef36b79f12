"""How long to wait before something that failed is tried again: longer after each failure, and never all at once."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

REGISTRY = (5, 10, 20, 40, 80, 120)  # seconds; the last one from then on
TASK = (5, 10, 20, 40, 60, 120)
CHANGE = (60, 300, 900, 3600)
RECEIVER = (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)
SPREAD = 0.1  # the share by which a pause may be longer


def after(pauses: tuple[int, ...], failures: int) -> datetime:
    """When it is tried again after so many failures, the first of which is 1."""
    seconds = pauses[min(failures, len(pauses)) - 1]
    return timezone.now() + timedelta(seconds=seconds * (1 + SPREAD * random.random()))  # noqa: S311 -- no secret

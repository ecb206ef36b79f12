"""How many requests a token may send in a minute (E164WEB_API_RATE), counted for all processes together.

The count stands in the token's own row, where one statement adds to it: Django's cache in the database would count
its rows at each write, and adds in two steps, between which another process adds too. A process takes requests by the
step and hands them out itself, so most requests write nothing. What a process took and did not hand out is lost for
that minute: with small steps that is some per cent of it.
"""

import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q

from dashboard import narrowing
from dashboard.models import Token

WINDOW = 60  # seconds
STEPS = 50  # in which the requests of a minute are taken: 600 are taken by 12
KEPT = 1_000  # tokens of which a process remembers what it has taken


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a token may still send: `remaining` requests of `limit`, for `reset` seconds."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """What an answer says of it (draft-ietf-httpapi-ratelimit-headers-07)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class TooManyRequests(Exception):
    """The token has used up what it may send. `allowance.reset` says in how many seconds it may send more."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__("too many requests")
        self.allowance = allowance

    @property
    def headers(self) -> dict[str, str]:
        """What the answer, whose status is 429, says of it."""
        return {**self.allowance.headers, "Retry-After": str(self.allowance.reset)}


_taken: dict[int, tuple[int, int]] = {}  # by token: the minute, and how many are still to hand out
_lock = threading.Lock()


def count_request(token: Token) -> Allowance:
    """Count one request of a token that was just read. Raises TooManyRequests, which counts nothing."""
    limit = settings.E164WEB.api_rate
    now = time.time()
    window, reset = int(now // WINDOW), WINDOW - int(now % WINDOW)
    used = token.window_used if token.window == window else 0
    with _lock:
        if (left := _hand_out(token.pk, window)) is None:
            step = min(max(1, limit // STEPS), limit - used)
            left = _take(token, window, step, limit) if step > 0 else None
            used += step
    if left is None:
        raise TooManyRequests(Allowance(limit, 0, reset))
    return Allowance(limit, max(0, limit - used) + left, reset)


def _hand_out(pk: int, window: int) -> int | None:
    """One of the requests that this process took, and how many are left; None where it has none."""
    of, left = _taken.get(pk, (window, 0))
    if of != window or not left:
        return None
    _taken[pk] = window, left - 1
    return left - 1


def _take(token: Token, window: int, step: int, limit: int) -> int | None:
    """Take some requests and hand out the first: how many are left, None where others took the last ones."""
    rows = narrowing.every_token().filter(pk=token.pk)
    same = rows.filter(window=window)
    if not (
        same.filter(window_used__lte=limit - step).update(window_used=F("window_used") + step)
        or rows.filter(~Q(window=window)).update(window=window, window_used=step)
    ):
        # Others have taken some meanwhile. By one, so that the last ones are handed out too.
        if step == 1 or not same.filter(window_used__lt=limit).update(window_used=F("window_used") + 1):
            return None
        step = 1
    if len(_taken) >= KEPT:
        _taken.clear()
    _taken[token.pk] = window, step - 1
    return step - 1

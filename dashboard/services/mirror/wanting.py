"""Who wants a mirror refreshed, and how far that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dashboard import access
from dashboard.models import EMBEDDED_URL, Credential, Mirror
from dashboard.services.mirror.refreshing import AGAIN
from dashboard.services.mirror.tasks import refresh

USED_NOTED = timedelta(hours=1)  # in which using a credential is noted once
USED_LATELY = timedelta(days=7)  # a credential that nobody has used for so long is not refreshed by itself
TAKEN_UP = 100  # refreshes at a time


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How fresh a mirror is: when the registry said last which numbers there are, and what of a refresh is known.

    `listed_at` is None where it never has, and `used_at` is when somebody looked at its numbers, to the hour. While a
    refresh `is_under_way`, `done` of `total` numbers were looked at, and `seconds_left` are left, None where that
    cannot be told yet; it waits until `tried_at` after a failure.
    """

    listed_at: datetime | None = None
    finished_at: datetime | None = None
    is_under_way: bool = False
    done: int = 0
    total: int = 0
    seconds_left: int | None = None
    failure: str = ""
    tried_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def left(self) -> int:
        """How many numbers are still to be looked at."""
        return max(0, self.total - self.done)

    @property
    def per_cent(self) -> int:
        """How much is done."""
        return 100 * min(self.done, self.total) // self.total if self.total else 0


def freshness(credential: Credential) -> Freshness:
    """How fresh the mirror of a credential is that was reached for somebody who may see it."""
    mirror = access.every_mirror().filter(credential=credential).first()
    return Freshness() if mirror is None else _freshness_of(mirror)


def _freshness_of(mirror: Mirror) -> Freshness:
    began = max(filter(None, (mirror.wanted_at, mirror.began_at)), default=None)
    is_listed = mirror.listed_at is not None and began is not None and mirror.listed_at >= began
    return Freshness(
        listed_at=mirror.listed_at,
        finished_at=mirror.finished_at,
        is_under_way=mirror.wanted_at is not None,
        done=mirror.done,
        total=mirror.total if is_listed else 0,
        seconds_left=_seconds_left(mirror) if is_listed else None,
        failure=mirror.failure,
        tried_at=mirror.due_at if mirror.failures else None,
        used_at=mirror.used_at,
    )


def _seconds_left(mirror: Mirror) -> int | None:
    if mirror.wanted_at is None or mirror.began_at is None or not mirror.done:
        return None
    took = (timezone.now() - mirror.began_at).total_seconds()
    return round(took / mirror.done * max(0, mirror.total - mirror.done))


def want(credential: Credential) -> None:
    """Have the mirror of a credential refreshed in the background. Who asks while that is under way changes nothing,
    but for one that waits after a failure, which is then tried at once.
    """
    now = timezone.now()
    with transaction.atomic():
        access.every_mirror().get_or_create(credential=credential)
        mirror = access.every_mirror().select_for_update().get(credential=credential)
        if mirror.wanted_at is not None and not mirror.failures:
            return
        mirror.wanted_at = mirror.wanted_at or now
        mirror.failures, mirror.due_at = 0, now + AGAIN
        mirror.save(update_fields=["wanted_at", "failures", "due_at"])
        refresh.enqueue(credential.pk)


def want_at_home(*, username: str, **_rest: object) -> None:
    """Have the accounts of the embedded registry with this user name refreshed: an administrator changed one."""
    for credential in access.every_credential().filter(registry__url=EMBEDDED_URL, username=username):
        want(credential)


def note_use(credential: Credential, fresh: Freshness) -> None:
    """Note that somebody looks at a credential's numbers: what nobody uses is not refreshed by itself."""
    now = timezone.now()
    if fresh.used_at is None or fresh.used_at < now - USED_NOTED:
        access.every_mirror().filter(credential=credential).update(used_at=now)


def _lost() -> QuerySet[Mirror]:
    """The refreshes that nobody gets on with, or that were to be tried again by now."""
    return access.every_mirror().filter(wanted_at__isnull=False, due_at__lte=timezone.now())


def is_any_lost() -> bool:
    """Whether there is something for `take_up`."""
    return _lost().exists()


def take_up() -> None:
    """Give each refresh to somebody with which nobody gets on, or which is to be tried again."""
    for pk in list(_lost().order_by("due_at").values_list("pk", flat=True)[:TAKEN_UP]):
        with transaction.atomic():
            mirror = _lost().select_for_update().filter(pk=pk).first()
            if mirror is not None:
                access.every_mirror().filter(pk=pk).update(due_at=timezone.now() + AGAIN)
                refresh.enqueue(mirror.credential_id)


def want_what_is_old() -> None:
    """Have those mirrors refreshed that are older than E164WEB_REFRESH_HOURS and whose credentials somebody uses."""
    now, hours = timezone.now(), settings.E164WEB.refresh_hours
    if not hours:
        return
    used = access.every_mirror().filter(wanted_at=None, used_at__gt=now - USED_LATELY)
    old = used.filter(Q(began_at=None) | Q(began_at__lt=now - timedelta(hours=hours)))
    usable = old.filter(credential__registry__is_enabled=True, credential__user__is_active=True)
    for mirror in usable.select_related("credential").order_by("began_at")[:TAKEN_UP]:
        want(mirror.credential)

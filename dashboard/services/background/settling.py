"""Writes of which nobody knows whether they took effect are settled as soon as their registry answers again."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from dashboard import access
from dashboard.client import RegistryError
from dashboard.models import Change, Outcome, RegistryState, SettlingPause, User
from dashboard.platform import locks
from dashboard.services import history
from dashboard.services.background import pauses, registries
from dashboard.services.credentials.connection import one_deadline

MOST = 50  # changes that are settled before other registries have their turn

logger = logging.getLogger(__name__)


def registries_with_open_changes() -> list[int]:
    """The registries that may be asked now what became of a write."""
    now = timezone.now()
    resting = RegistryState.objects.filter(failures__gt=0, due_at__gt=now).values("registry")
    found = _due().exclude(credential__registry__in=resting)
    return list(found.order_by().values_list("credential__registry", flat=True).distinct())


def settle_at(registry: int) -> None:
    """Settle what is open at a registry, until it does not answer."""
    if registries.rests(registry):
        return
    for pk in list(_due().filter(credential__registry=registry).order_by("pk").values_list("pk", flat=True)[:MOST]):
        if not _goes_on_after(pk):
            return


def _due() -> QuerySet[Change]:
    now = timezone.now()
    # Its process may have been killed, which says nothing of a command that a slow registry has not carried out yet.
    on_its_way = Q(outcome=Outcome.SENT, created_at__gt=now - timedelta(seconds=settings.E164WEB.deadline))
    return access.open_changes().exclude(on_its_way).exclude(pause__due_at__gt=now)


def _goes_on_after(pk: int) -> bool:
    """Settle one change, unless somebody writes to its number at this moment. Whether to go on with the next."""
    change = access.open_changes().select_related("credential__registry", "user").filter(pk=pk).first()
    if change is None or change.credential is None:
        return True
    # Whoever writes holds this: a change that is only sent is open too.
    with locks.held(history.number_lock(change.credential, change.number_id), locks.at_once) as has_it:
        # Somebody may have settled it since it was read.
        if not has_it or not access.open_changes().filter(pk=pk).exists():
            return True
        return _settle(change)


def _settle(change: Change) -> bool:
    assert change.credential is not None  # noqa: S101 -- who calls has looked
    registry = change.credential.registry
    try:
        with one_deadline():
            history.settle_alone(_who(change), change)
    except RegistryError as failure:
        registries.heard(registry, failure)
        if registries.is_silence(failure) or failure.code == "busy":
            return False
        _try_later(change)
    except (Http404, PermissionDenied):
        return True  # removed, or handed over, a moment ago
    else:
        registries.answered(registry)
        logger.info("Settled: %s", change)
    return True


def _who(change: Change) -> User:
    """In whose name the registry is asked: whoever wrote, if they may still edit, and otherwise the owner."""
    credential, writer = change.credential, change.user
    assert credential is not None  # noqa: S101 -- who calls has looked
    if writer is None or not writer.is_active:
        return credential.user
    may_edit = access.credentials(writer, access.EDIT).filter(pk=credential.pk).exists()
    return writer if may_edit else credential.user


def _try_later(change: Change) -> None:
    pause, _made = SettlingPause.objects.get_or_create(change=change)
    pause.failures += 1
    pause.due_at = pauses.after(pauses.CHANGE, pause.failures)
    pause.save()

"""Whether registries answer the background process, and when they are asked again.

A registry that fails is asked once, by one process, after each of its growing pauses.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dashboard import access
from dashboard.client import NotSent, Refused, RegistryError
from dashboard.models import Kind, Registry, RegistryState, Watch
from dashboard.services.background import pauses
from dashboard.services.credentials.connection import connect, one_deadline, unrecorded
from dashboard.services.telling import note_registry

SILENT_FOR = timedelta(seconds=60)  # after which somebody is told
SILENT_TIMES = 3
ASKED_EVERY = timedelta(seconds=60)  # where somebody wants to be told that it does not answer


def is_silence(failure: RegistryError) -> bool:
    """Whether a failure says that a registry does not answer, and not merely that it says no, or was not asked."""
    if isinstance(failure, Refused):
        return False
    return not (isinstance(failure, NotSent) and failure.code in {"busy", ""})


def failed(registry: Registry, failure: RegistryError) -> None:
    """Note that a registry did not answer, and tell who wants to know once that has lasted."""
    now = timezone.now()
    with transaction.atomic():
        state = _locked(registry)
        state.failures += 1
        state.silent_since = since = state.silent_since or now
        state.due_at = pauses.after(pauses.REGISTRY, state.failures)
        if not state.is_told and state.failures >= SILENT_TIMES and now - since >= SILENT_FOR:
            state.is_told = True
            note_registry(registry, since, str(failure), answers=False)
        state.save()


def answered(registry: Registry) -> None:
    """Note that a registry answers, and tell who was told that it did not."""
    known = RegistryState.objects.filter(registry=registry)
    if not known.exclude(silent_since=None).exists():
        known.update(due_at=timezone.now() + ASKED_EVERY)
        return
    with transaction.atomic():
        state = _locked(registry)
        if state.is_told and state.silent_since:
            note_registry(registry, state.silent_since, "", answers=True)
        state.failures, state.silent_since, state.is_told = 0, None, False
        state.due_at = timezone.now() + ASKED_EVERY
        state.save()


def rests(registry: int) -> bool:
    """Whether a registry that failed is left alone for now."""
    return RegistryState.objects.filter(registry=registry, failures__gt=0, due_at__gt=timezone.now()).exists()


def to_ask() -> list[int]:
    """The registries that somebody wants to be told of, and that were not asked for a while."""
    asked = RegistryState.objects.filter(due_at__gt=timezone.now()).values("registry")
    found = Watch.objects.filter(kinds__contains=Kind.REGISTRY, credential__registry__is_enabled=True)
    return list(
        found.exclude(credential__registry__in=asked).values_list("credential__registry", flat=True).distinct()
    )


def ask(registry: int) -> None:
    """Ask whether a registry answers, with a credential of those who want to know."""
    watched = Watch.objects.filter(kinds__contains=Kind.REGISTRY, credential__registry=registry)
    credential = access.every_credential().filter(pk__in=watched.values("credential")).first()
    if credential is None or rests(registry):
        return
    RegistryState.objects.get_or_create(registry_id=registry)
    try:
        with unrecorded(), one_deadline():
            connect(credential.user, credential).ping()
    except RegistryError as failure:
        heard(credential.registry, failure)
    else:
        answered(credential.registry)


def heard(registry: Registry, failure: RegistryError) -> None:
    """Note what a failure says of a registry."""
    if is_silence(failure):
        failed(registry, failure)
    elif isinstance(failure, Refused):
        answered(registry)
    else:
        # It was not asked: too many wait for it, or it is disabled.
        RegistryState.objects.filter(registry=registry).update(due_at=pauses.after(pauses.REGISTRY, 1))


def _locked(registry: Registry) -> RegistryState:
    state, _made = RegistryState.objects.select_for_update().get_or_create(registry=registry)
    return state

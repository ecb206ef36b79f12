"""Whether a proxy should send requests to this process: `/readyz`, beside `/healthz`, which says whether it lives."""

import functools

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Presence
from e164web import cache, draining

BESIDE = {"worker": Presence.Kind.WORK, "publisher": Presence.Kind.PUBLISH}


class _NotMigrated(Exception):
    pass


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where the database answers, has all that this version needs, and nobody asked to stop; otherwise 503.

    The cache, the background process and the publisher are told and do not count: pages are served without them, and
    a site whose machines all called themselves unready because the cache is away would be down.
    """
    said = {"database": "ok", "migrations": "ok", "cache": "ok" if cache.is_reached() else "away"}
    said |= dict.fromkeys(BESIDE, "unknown")
    try:
        _insist_on_migrations()
        lively = set(Presence.lively().values_list("kind", flat=True))
        said |= {name: "seen" if kind in lively else "not seen lately" for name, kind in BESIDE.items()}
    except _NotMigrated:
        said["migrations"] = "missing"
    except DatabaseError:
        said |= {"database": "unreachable", "migrations": "unknown"}
    is_ready = said["database"] == said["migrations"] == "ok" and not draining.is_under_way()
    return JsonResponse({"ready": is_ready, **said}, status=200 if is_ready else 503)


@functools.cache
def _insist_on_migrations() -> None:
    """Raise _NotMigrated where some are missing. What was there once is there for as long as this process lives."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotMigrated

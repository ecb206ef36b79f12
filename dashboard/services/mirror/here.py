"""A refresh that is done in this process, for who waits for it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import connection

from dashboard.models import Credential
from dashboard.platform import stopping
from dashboard.services.mirror.refreshing import refresh_at
from dashboard.services.mirror.wanting import Freshness, freshness, want

LOOK_EVERY = 0.2  # seconds


def refresh_here(credential: Credential) -> Iterator[Freshness]:
    """Refresh a mirror, and say again and again how far that is; the last time it has ended, or waits for a registry
    that does not answer.

    Where another process does it, that is watched, and taken over should it die. Who stops listening ends it here;
    it goes on in the background.
    """
    want(credential)
    with ThreadPoolExecutor(1, "refresh-here") as pool:
        work = pool.submit(_refresh, credential)
        try:
            while (fresh := freshness(credential)).is_under_way and not fresh.tried_at:
                yield fresh
                time.sleep(LOOK_EVERY)
                if work.done():
                    work.result()
                    work = pool.submit(_refresh, credential)
            yield fresh
        except BaseException:
            stopping.ask()
            with suppress(stopping.Stopped):
                work.result()
            raise


def _refresh(credential: Credential) -> None:
    try:
        refresh_at(credential.registry_id, credential.pk)
    finally:
        connection.close()

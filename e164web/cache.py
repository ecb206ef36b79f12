"""What several machines remember together, in Valkey or Redis, and what happens while that is away.

Only JSON goes there, so who can write into it runs no code here. While it does not answer, each process leaves it
alone for a moment after each try, and

- what is counted (limits on guessing, codes that work once) is counted in the database, so that no limit vanishes;
- sessions, which are in the database anyway, are read from there.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import BaseCache, caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

ANSWER = 0.5  # seconds that it may take
REST = 5.0  # seconds that a process leaves it alone after it did not answer
# Seconds that a session stands in the cache. Whatever was not taken out of it because it was away is gone by then.
SESSION = 60

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Json:
    """How values are written."""

    def dumps(self, value: object) -> bytes:
        """As JSON. Raises TypeError."""
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, written: bytes) -> object:
        """The value."""
        return json.loads(written)


class Valkey(RedisCache):
    """Django's cache in Valkey or Redis, which does `otherwise` while it is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "serializer": Json(),
            "socket_timeout": ANSWER,
            "socket_connect_timeout": ANSWER,
            # A connection that it closed when it was started anew is no reason to go without it.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})
        self.again = 0.0

    def otherwise(self, method: str, *args: Any, **named: Any) -> Any:
        """Do it without Valkey."""
        raise NotImplementedError

    def _tried(self, method: str, ask: Callable[..., T], *args: Any, **named: Any) -> T:
        if time.monotonic() >= self.again:
            try:
                return ask(*args, **named)
            except RedisError as error:
                self.again = time.monotonic() + REST
                logger.warning("The cache (E164WEB_CACHE_URL) does not answer, the database is used: %s", error)
        found: T = self.otherwise(method, *args, **named)
        return found

    def add(self, *args: Any, **named: Any) -> bool:
        """As Django's."""
        return self._tried("add", super().add, *args, **named)

    def get(self, *args: Any, **named: Any) -> Any:
        """As Django's."""
        return self._tried("get", super().get, *args, **named)

    def set(self, *args: Any, **named: Any) -> None:
        """As Django's."""
        self._tried("set", super().set, *args, **named)

    def touch(self, *args: Any, **named: Any) -> bool:
        """As Django's."""
        return self._tried("touch", super().touch, *args, **named)

    def delete(self, *args: Any, **named: Any) -> bool:
        """As Django's."""
        return self._tried("delete", super().delete, *args, **named)

    def has_key(self, *args: Any, **named: Any) -> bool:
        """As Django's."""
        return self._tried("has_key", super().has_key, *args, **named)

    # Made of those above: Valkey's own would need more than JSON, and their failures another answer.
    get_many, set_many, delete_many, incr = (
        BaseCache.get_many,
        BaseCache.set_many,
        BaseCache.delete_many,
        BaseCache.incr,
    )

    def is_reached(self) -> bool:
        """Whether it answers now."""
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False


class CountingCache(Valkey):
    """What is counted. While Valkey is away the database counts, for all processes that do not reach it."""

    def otherwise(self, method: str, *args: Any, **named: Any) -> Any:
        """The same with the cache in the database."""
        return getattr(caches["database"], method)(*args, **named)


class SessionCache(Valkey):
    """Sessions, for a minute each. The database has them all, and is asked for what is not here.

    So a cache that lost everything signs nobody out, and one that was away while somebody signed out, and comes back
    with what it knew before, believes it for no longer than that.
    """

    def otherwise(self, method: str, *args: Any, **named: Any) -> Any:
        """Know nothing, and keep nothing."""
        return named.get("default") if method == "get" else False

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Keep it, for SESSION seconds at most."""
        seconds = SESSION if timeout in {None, DEFAULT_TIMEOUT} else min(timeout, SESSION)
        super().set(key, value, seconds, version)


def is_reached() -> bool:
    """Whether the cache answers; the one in the database does whenever the database does."""
    cache = caches["default"]
    return cache.is_reached() if isinstance(cache, Valkey) else True

"""A cache that is only ever a help: when the server is away, everything is simply not cached."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def _or(fallback: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def guarded(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except RedisError as error:
                log.warning("cache_unavailable", error=type(error).__name__)
                return fallback(*args, **kwargs) if callable(fallback) else fallback

        return guarded

    return decorate


class PatientRedisCache(RedisCache):
    """Django's Redis cache, where an unreachable server is a miss and never an error."""

    get = _or(lambda _key, default=None, **_: default)(RedisCache.get)
    get_many = _or(lambda _keys, **_: {})(RedisCache.get_many)
    set = _or(None)(RedisCache.set)
    set_many = _or(lambda data, **_: list(data))(RedisCache.set_many)
    add = _or(False)(RedisCache.add)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
    has_key = _or(False)(RedisCache.has_key)

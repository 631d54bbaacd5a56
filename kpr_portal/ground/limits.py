"""Limits by place: so many requests to a costly page in a time, from one place.

A place is the session of whoever is signed in, so that people who share a network are not in each other's
way, else the client's address (of IPv6 its /64 network). A view that knows better counts by itself, by
`turned_away`, and says so by `counts_itself`. None of it touches a person's own choice: LIMITS_BY_PLACE cannot
name such a page. Without the queue's server nothing is limited.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import redis
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from prometheus_client import Counter

from kpr_portal.ground import clock
from kpr_portal.ground.addresses import client_network
from kpr_portal.ground.choices import LIMITABLE_VIEWS

log = structlog.get_logger(__name__)

# After the server was found away, it is left alone for so long: nobody waits for it at every request.
REST_SECONDS = 5.0
CHOICES = ("reservations:", "login:")
TURNED_AWAY = Counter("kpr_requests_limited_total", "Requests answered 429 by a limit by place.", ["view"])


@dataclass(frozen=True)
class Limit:
    """At most `times` in each window of `seconds`, for one place."""

    view: str
    times: int
    seconds: int

    def key(self, place: str, *, window: int) -> str:
        """The counter's name: the place itself is in no key."""
        digest = hashlib.blake2b(f"{settings.SECRET_KEY}:{place}".encode(), digest_size=16).hexdigest()
        return f"kpr:limit:{self.view}:{window}:{digest}"


class LimitsMiddleware:
    """Answers 429, by the portal's own page, where a place has asked for a limited page too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        limits()  # a mistake in the setting stops the start

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        if getattr(getattr(view, "view_class", None), "counts_itself", False):
            return None
        return turned_away(request, place=place_of(request))


def turned_away(request: HttpRequest, *, place: str) -> HttpResponse | None:
    """Count one request of this place to the page that is asked for: 429 where it is one too many, else None."""
    match = request.resolver_match
    limit = limits().get(match.view_name) if match else None
    if limit is None or (wait := count(limit, place=place)) is None:
        return None
    TURNED_AWAY.labels(view=limit.view).inc()
    log.warning("limited", view=limit.view)
    page: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(429)
    return page(request, retry_after=wait)


def limits() -> dict[str, Limit]:
    """The limits by view name. Raises ImproperlyConfigured where the setting would limit a choice."""
    return _parsed(tuple(settings.LIMITS_BY_PLACE.items()))


def count(limit: Limit, *, place: str) -> int | None:
    """Count one request. None where it may go on, else the seconds until the next window."""
    now = int(clock.now().timestamp())
    key = limit.key(place, window=now // limit.seconds)
    counter = _counter()
    if counter.resting():
        return None
    try:
        with counter.client.pipeline(transaction=False) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, limit.seconds)
            made = int(pipeline.execute()[0])
    except redis.RedisError as error:
        counter.rest()
        log.warning("limits_open", error=type(error).__name__)
        return None
    return None if made <= limit.times else limit.seconds - now % limit.seconds


def place_of(request: HttpRequest) -> str:
    """The session of whoever is signed in, else the client's address, or its network where that is IPv6."""
    user, session = getattr(request, "user", None), getattr(request, "session", None)
    if user is not None and user.is_authenticated and session is not None:
        return f"session:{session.session_key}"
    return f"address:{client_network(request)}"


class _Counter:
    """The connection to the queue's server, and whether it was found away just now."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=0.3)
        self._rests_until = 0.0

    def resting(self) -> bool:
        return time.monotonic() < self._rests_until

    def rest(self) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS


def _counter() -> _Counter:
    return _counter_at(settings.REDIS_URL)


@cache
def _counter_at(url: str) -> _Counter:
    return _Counter(url)


@lru_cache(maxsize=4)
def _parsed(setting: tuple[tuple[str, str], ...]) -> dict[str, Limit]:
    found = {}
    for view, text in setting:
        if view.startswith(CHOICES) and view not in LIMITABLE_VIEWS:
            msg = f"LIMITS_BY_PLACE names {view}: a person's own choice is never limited."
            raise ImproperlyConfigured(msg)
        try:
            times, seconds = map(int, str(text).split("/"))
        except ValueError as error:
            msg = f'LIMITS_BY_PLACE gives {view} as "{text}"; it is "times/seconds", such as "60/60".'
            raise ImproperlyConfigured(msg) from error
        if seconds < 1:
            msg = f"LIMITS_BY_PLACE gives {view} a window of no time."
            raise ImproperlyConfigured(msg)
        if times > 0:  # none: no limit
            found[view] = Limit(view=view, times=times, seconds=seconds)
    return found

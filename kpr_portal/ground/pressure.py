"""Under pressure the choice pages stay open, and the rest says it waits.

There is pressure when more requests are under way in this process than PRESSURE_REQUESTS, or when the
database has been slower than PRESSURE_DATABASE_SECONDS to answer a query, on a moving average that forgets.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from prometheus_client import Counter

from kpr_portal.ground.choices import is_choice_page

log = structlog.get_logger(__name__)

TURNED_AWAY = Counter("kpr_requests_waiting_total", "Requests asked to wait (503) under pressure.")
HALF_LIFE_SECONDS = 5.0
WEIGHT = 0.1  # one query that waits for a lock is no slow database
RETRY_AFTER_SECONDS = 10


class Gauge:
    """How hard this process is pressed. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way = 0
        self._slowness = 0.0
        self._told_at = clock()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a request for as long as it is under way."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def took(self, seconds: float) -> None:
        """Be told how long the database took to answer."""
        with self._lock:
            self._slowness = (1 - WEIGHT) * self._faded() + WEIGHT * seconds
            self._told_at = self._clock()

    def pressed(self, *, requests: int, database_seconds: float) -> bool:
        """Whether what is not a choice must wait: the request that asks is counted already."""
        with self._lock:
            return self._under_way > requests or self._faded() > database_seconds

    def _faded(self) -> float:
        """What was measured counts half as much for each half-life since: the pressure ends by itself."""
        return self._slowness * math.exp2((self._told_at - self._clock()) / HALF_LIFE_SECONDS)


gauge = Gauge()


class PressureMiddleware:
    """Turns away, with the portal's own page, what can wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with gauge.one_more(), ExitStack() as stack:
            if self._must_wait(request):
                TURNED_AWAY.inc()
                log.warning("waiting", path=request.path)
                page: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(503)
                return page(request, retry_after=RETRY_AFTER_SECONDS)
            stack.enter_context(connections["default"].execute_wrapper(_timed))
            return self.get_response(request)

    @staticmethod
    def _must_wait(request: HttpRequest) -> bool:
        pressed = gauge.pressed(
            requests=settings.PRESSURE_REQUESTS, database_seconds=settings.PRESSURE_DATABASE_SECONDS
        )
        return pressed and not is_choice_page(request)


def _timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 -- Django's signature
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        gauge.took(time.perf_counter() - began)

"""Which operations notices stand now."""

import time
from threading import Lock

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.db.models.functions import Now

from kpr_portal.ui.models import OperationsNotice

log = structlog.get_logger(__name__)

# Kept in the process, not in Redis: the banner is most needed when something is down.
KEPT_SECONDS = 30

_lock = Lock()
_kept: tuple[float, tuple[OperationsNotice, ...]] | None = None


def current_notices(language: str) -> tuple[str, ...]:
    """The texts that stand now, oldest first. Up to half a minute old.

    Without the database those that were known last: what needs nothing else of it is shown all the same.
    """
    global _kept  # noqa: PLW0603 -- a cache of one value a process
    now = time.monotonic()
    with _lock:
        kept = _kept
    if kept is None or now - kept[0] > KEPT_SECONDS:
        kept = (now, _standing(before=kept[1] if kept else ()))
        with _lock:
            _kept = kept
    return tuple(notice.text(language) for notice in kept[1])


def _standing(*, before: tuple[OperationsNotice, ...]) -> tuple[OperationsNotice, ...]:
    rows = OperationsNotice.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), starts_at__lte=Now()
    ).order_by("starts_at", "id")
    try:
        return tuple(rows)
    except (OperationalError, InterfaceError) as error:
        log.warning("notices_unknown", error=type(error).__name__)
        return before


def forget_notices() -> None:
    """Ask the database again next time."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept = None

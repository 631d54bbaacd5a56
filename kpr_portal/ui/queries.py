"""Which operations notices stand now."""

import time
from threading import Lock

from django.db.models import Q
from django.db.models.functions import Now

from kpr_portal.ui.models import OperationsNotice

# Kept in the process, not in Redis: the banner is most needed when something is down.
KEPT_SECONDS = 30

_lock = Lock()
_kept: tuple[float, tuple[OperationsNotice, ...]] | None = None


def current_notices(language: str) -> tuple[str, ...]:
    """The texts that stand now, oldest first. Up to half a minute old."""
    global _kept  # noqa: PLW0603 -- a cache of one value a process
    now = time.monotonic()
    with _lock:
        kept = _kept
    if kept is None or now - kept[0] > KEPT_SECONDS:
        notices = tuple(
            OperationsNotice.objects.filter(
                Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), starts_at__lte=Now()
            ).order_by("starts_at", "id")
        )
        kept = (now, notices)
        with _lock:
            _kept = kept
    return tuple(notice.text(language) for notice in kept[1])


def forget_notices() -> None:
    """Ask the database again next time."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept = None

"""How long a session lives: so long without activity, and so long in all from the sign-in itself.

ID-porten's rule for those who use it: at most 30 minutes idle; its own session lasts at most 120 minutes.
"""

from datetime import datetime, timedelta

from django.conf import settings


def longest() -> timedelta:
    """From `auth_time` to the end, however busy."""
    return timedelta(minutes=settings.SESSION_MAX_MINUTES)


def idle() -> timedelta:
    """From the last activity to the end."""
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def end_of(*, last_seen: datetime, auth_time: datetime | None) -> datetime:
    """When a session ends if nothing more happens in it; one not signed in has no `auth_time`."""
    ends = last_seen + idle()
    return ends if auth_time is None else min(ends, auth_time + longest())


def whole_minute(moment: datetime) -> datetime:
    """Rounded down, so that a session never outlives its limit by it."""
    return moment.replace(second=0, microsecond=0)

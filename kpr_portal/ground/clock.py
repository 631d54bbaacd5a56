"""The one clock. Code asks it, never the system, so that tests and demos can move time.

Python's time and the database's time are shifted by the same amount.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.models.expressions import Combinable
from django.utils import timezone

OSLO = ZoneInfo("Europe/Oslo")

_moved_by: timedelta | None = None


def moved_by() -> timedelta:
    """How far the clock stands from the real time: zero in production."""
    if _moved_by is not None:
        return _moved_by
    return timedelta(seconds=settings.CLOCK_SHIFT_SECONDS)


def now() -> datetime:
    """The time now, in UTC."""
    return timezone.now() + moved_by()  # noqa: TID251 -- this is the clock


def today() -> date:
    """The date now in Norway: ages, mandates and deadlines turn at midnight there."""
    return now().astimezone(OSLO).date()


def database_now() -> datetime:
    """The database's own time now, moving also within a transaction (`clock_timestamp()`).

    The order of the register against the gate rests on this one (docs/architecture.md, decision 6).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment + moved_by()


def told_by_the_database() -> Combinable:
    """As `database_now`, for a column of a row that is inserted: no query of its own."""
    moment: Combinable = Func(function="clock_timestamp", output_field=DateTimeField())
    return moment + moved_by() if moved_by() else moment


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """Move the clock by this much from where it stands, for a test."""
    global _moved_by  # noqa: PLW0603 -- one clock for the process; live-server threads share it
    before = _moved_by
    _moved_by = moved_by() + by
    try:
        yield
    finally:
        _moved_by = before


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let the clock read this moment, and go on from there, for a test."""
    with shift(moment - now()):
        yield

"""The months of the access log. Each is a table of its own; a DEFAULT one catches what none takes.

The functions called here belong to the owner and run with its rights (SECURITY DEFINER), so that
the keeper can make and drop months without owning a table.
"""

from django.conf import settings
from django.db import connection

from kpr_portal.ground import clock

MONTHS_AHEAD = 3


def make_months_ahead() -> None:
    """Make this month's table and the next ones', where they are missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_months(%s, %s)", [clock.today(), MONTHS_AHEAD])


def drop_old_months() -> list[str]:
    """Drop every month that ended before the keeping time, and say which."""
    today = clock.today()
    before = today.replace(year=today.year - settings.ACCESS_LOG_KEPT_YEARS, day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_drop_months(%s)", [before])
        return [name for (name,) in cursor.fetchall()]


def rows_outside_months() -> int:
    """How many rows stand in the DEFAULT table: more than none means that months were not made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_accesslogentry_rest")
        count: int = cursor.fetchone()[0]
    return count

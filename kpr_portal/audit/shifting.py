"""How far the clock of this installation stands from the real time, told to the database by its owner.

The access log asks it, since pages are not to be believed about the time (`models.refuse_another_time`).
Always zero in production.
"""

from typing import Any

from django.conf import settings
from django.db import connections


def tell_the_database(*, using: str, **_: Any) -> None:
    """Let the database know CLOCK_SHIFT_SECONDS, after each migration."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('public.audit_clock_shift()')")
        if cursor.fetchone() != (None,):
            cursor.execute(
                "CREATE OR REPLACE FUNCTION public.audit_clock_shift() RETURNS interval LANGUAGE sql STABLE"
                f" AS 'SELECT make_interval(secs => {int(settings.CLOCK_SHIFT_SECONDS)})'"
            )

"""Advisory locks of PostgreSQL, held to the end of the transaction."""

from django.db import connection


def advisory_lock(name: str, *parts: object, shared: bool = False) -> None:
    """Wait for the lock of this name and parts. Shared holders only shut out exclusive ones."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [_name(name, parts)])


def try_advisory_lock(name: str, *parts: object) -> bool:
    """Take the lock if it is free; say whether it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [_name(name, parts)],
        )
        taken: bool = cursor.fetchone()[0]
    return taken


def _name(name: str, parts: tuple[object, ...]) -> str:
    return ":".join([name, *map(str, parts)])

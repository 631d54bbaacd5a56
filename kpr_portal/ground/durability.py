"""When a commit must be on the disk."""

from django.db import connection


def commit_without_waiting() -> None:
    """Let this transaction's commit return before it is on the disk. For work that a later commit vouches for.

    A crash may lose the last such transactions, whole and the latest first, and leaves nothing torn. The log
    is written in order: once a later commit that waits has returned, in any session, all these are on the
    disk too (PostgreSQL, 28.4 Asynchronous Commit).
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

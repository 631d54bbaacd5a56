"""Housekeeping of sessions, and of what was kept when they ended."""

from celery import shared_task


@shared_task(name="login.end_sessions_long_over")
def end_sessions_long_over() -> None:
    """Remove sessions that ended long ago. Safe to run as often as one likes."""
    from kpr_portal.login.operations import end_sessions_long_over as end  # noqa: PLC0415 -- task

    end()


@shared_task(name="login.forget_kept_forms")
def forget_kept_forms() -> int:
    """Remove what was typed and never come back for. Runs as the keeper."""
    from kpr_portal.login.kept import forget_old  # noqa: PLC0415 -- task

    return forget_old()

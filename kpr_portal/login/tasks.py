"""Housekeeping of sessions."""

from celery import shared_task


@shared_task(name="login.end_sessions_long_over")
def end_sessions_long_over() -> None:
    """Remove sessions that ended long ago. Safe to run as often as one likes."""
    from kpr_portal.login.operations import end_sessions_long_over as end  # noqa: PLC0415 -- task

    end()

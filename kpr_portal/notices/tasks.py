"""The sweep: whatever the queue lost is found again here. Reminders, and retention."""

from celery import current_app, shared_task

SWEEP_AT_MOST = 500


@shared_task(name="notices.sweep")
def sweep() -> int:
    """Nudge what is overdue, unless the queue is long already; say how many were nudged."""
    from kpr_portal.notices.operations import nudge  # noqa: PLC0415 -- task
    from kpr_portal.notices.queries import due_again  # noqa: PLC0415 -- task

    with current_app.connection_for_read() as connection:
        queue = current_app.conf.task_default_queue
        waiting = connection.default_channel.client.llen(queue)  # type: ignore[attr-defined]  # Redis's
    if waiting >= SWEEP_AT_MOST:
        return 0
    return sum(nudge(owed.pk, owed.task) for owed in due_again(limit=SWEEP_AT_MOST))


@shared_task(name="notices.forget_done")
def forget_done() -> int:
    """Remove owed work that was done long enough ago. Runs as the keeper."""
    from kpr_portal.notices.retention import forget_done as forget  # noqa: PLC0415 -- task

    return forget()


@shared_task(name="notices.remind")
def remind() -> int:
    """Owe one more notice of what is still unread after a week; say how many."""
    from kpr_portal.notices.operations import owe_reminders  # noqa: PLC0415 -- task

    return owe_reminders()


@shared_task(name="notices.forget_messages")
def forget_messages() -> int:
    """Remove messages whose time is over. Runs as the keeper."""
    from kpr_portal.notices.retention import forget_messages as forget  # noqa: PLC0415 -- task

    return forget()

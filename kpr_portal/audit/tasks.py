"""Months of the access log, made ahead and, past their keeping time, dropped."""

from celery import shared_task


@shared_task(name="audit.make_months_ahead")
def make_months_ahead() -> None:
    """Make the coming months' partitions. Safe to run as often as one likes. Runs as the keeper."""
    from kpr_portal.audit.partitions import make_months_ahead as make  # noqa: PLC0415 -- task

    make()


@shared_task(name="audit.drop_old_months")
def drop_old_months() -> None:
    """Drop months older than the setting ACCESS_LOG_KEPT_YEARS says. Runs as the keeper."""
    from kpr_portal.audit.partitions import drop_old_months as drop  # noqa: PLC0415 -- task

    drop()

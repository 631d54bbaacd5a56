"""Work outside the request."""

from celery import shared_task


@shared_task(name="insight.make_report", acks_late=True)
def make_report(*, owed_id: int) -> None:
    """Make the report that is owed; safe to run twice, found again by the sweep if this run is lost."""
    from insight.downloads import issue_report  # noqa: PLC0415 -- task

    issue_report(owed_id)

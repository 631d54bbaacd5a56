"""Documents whose time is over."""

from celery import shared_task


@shared_task(name="documents.erase_expired", queue="keeper")
def erase_expired() -> int:
    """Erase what has expired. Runs as the keeper."""
    from kpr_portal.documents.operations import erase_expired as erase  # noqa: PLC0415 -- task

    return erase()

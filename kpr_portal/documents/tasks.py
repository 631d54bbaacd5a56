"""Documents whose time is over."""

from celery import shared_task

from kpr_portal.documents import warming  # noqa: F401 -- connects its signal in every worker


@shared_task(name="documents.erase_expired")
def erase_expired() -> int:
    """Erase what has expired. Runs as the keeper."""
    from kpr_portal.documents.operations import erase_expired as erase  # noqa: PLC0415 -- task

    return erase()

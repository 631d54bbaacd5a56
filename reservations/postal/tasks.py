"""What the worker does for the paper route."""

from celery import shared_task


@shared_task(name="postal.make_form", acks_late=True, soft_time_limit=25, time_limit=30)
def make_form(*, form: str, key: str, order: str) -> bool:
    """Make an ordered form, and say whether it was made now; `key` is sealed for it alone. Safe to run twice."""
    from reservations.postal.order import make  # noqa: PLC0415 -- task

    return make(form, key=key, order=order)

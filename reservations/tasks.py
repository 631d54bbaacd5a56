"""Work outside the request."""

from celery import shared_task


@shared_task(name="reservations.make_receipt", acks_late=True)
def make_receipt(*, owed_id: int) -> None:
    """Make the receipt that is owed; safe to run twice, found again by the sweep if this run is lost."""
    from reservations.operations import issue_receipt  # noqa: PLC0415 -- task

    issue_receipt(owed_id)


@shared_task(name="reservations.hand_over", acks_late=True)
def hand_over() -> int:
    """The mandate clock; safe to run twice and after days of silence."""
    from reservations.handing_over import hand_over as do  # noqa: PLC0415 -- task

    return do()

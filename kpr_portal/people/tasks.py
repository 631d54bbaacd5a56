"""Work outside the request."""

from celery import shared_task


@shared_task(name="people.deliver_notice", acks_late=True)
def deliver_notice(*, owed_id: int) -> None:
    """Tell somebody of a message; found again by the sweep if this run is lost."""
    from kpr_portal.people.notices import deliver_notice as deliver  # noqa: PLC0415 -- task

    deliver(owed_id)


@shared_task(name="people.forget_tries")
def forget_tries() -> int:
    """Forget tries at naming a receiver that count no more. The keeper's."""
    from kpr_portal.people.representation.powers import forget_tries as forget  # noqa: PLC0415 -- task

    return forget()

"""Work outside the request."""

from celery import shared_task


@shared_task(name="postal.make_letter", acks_late=True)
def make_letter(*, owed_id: int) -> None:
    """Make the letter that is owed; safe to run twice, found again by the sweep if this run is lost."""
    from reservations.postal.letters.operations import make_letter as make  # noqa: PLC0415 -- task

    make(owed_id)


@shared_task(name="postal.make_ordered_form", acks_late=True)
def make_ordered_form(*, owed_id: int) -> None:
    """Make the form that somebody was promised by phone; safe to run twice, as above."""
    from reservations.postal.ordering import make_ordered_form as make  # noqa: PLC0415 -- task

    make(owed_id)


@shared_task(name="postal.make_letters_due", acks_late=True)
def make_letters_due() -> int:
    """Owe a letter for each notice that mail cannot reach; say how many. What was read meanwhile waits no more."""
    from reservations.postal.letters.due import owe_letters_due  # noqa: PLC0415 -- task
    from reservations.postal.letters.posting import end_what_was_read  # noqa: PLC0415 -- task

    end_what_was_read()
    return owe_letters_due()


@shared_task(name="postal.erase_posted")
def erase_posted() -> int:
    """Erase forms that have been posted, and what letters were made from. Runs as the keeper."""
    from reservations.postal.letters.retention import erase_posted as erase  # noqa: PLC0415 -- task

    return erase()


@shared_task(name="postal.forget_letters")
def forget_letters() -> int:
    """Remove letters whose time is over. Runs as the keeper."""
    from reservations.postal.letters.retention import forget_letters as forget  # noqa: PLC0415 -- task

    return forget()

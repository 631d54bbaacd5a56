"""What lies in the queue of the post, and letters that were made."""

from uuid import UUID

from django.db.models import Max, QuerySet

from kpr_portal.documents.queries import OpenedDocument, read_document
from reservations.postal.models import Letter, Posting


def to_post() -> QuerySet[Posting]:
    """What is ready to be put in the post, the oldest first; `printed_at` is when it was last printed, if it was."""
    return _open().filter(letter__isnull=False).annotate(printed_at=Max("prints__at"))


def not_to_post() -> QuerySet[Posting]:
    """What cannot be put in the post as it is, and waits for somebody to do something about it; oldest first."""
    return _open().filter(letter__isnull=True)


def posting_of(key: UUID) -> Posting | None:
    """What lies in the queue under this key, or lay there."""
    rows = Posting.objects.select_related("letter", "order__concerned", "recipient", "end")
    return rows.filter(key=key).first()


def posting_with(reference: str) -> Posting | None:
    """What lies in the queue, or lay there, with this reference on it: on the letter and on the form in it.

    The latest, where the letter was made anew.
    """
    return Posting.objects.filter(order__letters__number=reference).order_by("pk").last()


def letters_about(about: UUID) -> list[Letter]:
    """The letters about the row with this key, the oldest first. Who may see them is the caller's to check."""
    return list(Letter.objects.select_related("text").filter(about=about).order_by("id"))


def read_letter(letter: Letter) -> OpenedDocument:
    """The letter as it was sent. Who may read it is the caller's to check. Raises DocumentGone."""
    return read_document(letter.screen)


def _open() -> QuerySet[Posting]:
    rows = Posting.objects.select_related("letter", "order", "recipient")
    return rows.filter(end__isnull=True).order_by("queued_at", "id")

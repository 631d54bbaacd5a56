"""The queue of the post: what is printed, posted, withdrawn, or tried again. Who may is the caller's to check."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.ground import clock
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.models import Message
from kpr_portal.notices.operations import note_letter_not_sent, note_letter_sent
from kpr_portal.people.letters import NoLetter, why_not_sent_now
from kpr_portal.people.models import Person
from reservations.postal.letters.errors import (
    AddressHidden,
    AlreadyEnded,
    AlreadyMade,
    CannotBePosted,
    NotPrinted,
    NotThere,
    RecipientDead,
)
from reservations.postal.letters.operations import owe_again
from reservations.postal.letters.queries import not_to_post, posting_of
from reservations.postal.models import Posting, PostingEnd, PostingOutcome, PostingPrint

WITHDRAWN, READ = "withdrawn", "read"
AT_MOST = 500


@transaction.atomic
def note_printed(key: UUID, *, by: Person) -> PostingPrint:
    """Record that this was opened for the printer; as often as it is.

    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, NotToBeSent.
    """
    posting = _still_open(key)
    if posting.letter is None:
        raise CannotBePosted
    check_to_be_sent(posting)
    return PostingPrint.objects.create(posting=posting, at=clock.now(), by=by)


@transaction.atomic
def mark_posted(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this was put in the post; a message that it tells of has been told of by letter.

    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, NotToBeSent, and NotPrinted where
    nobody has printed it.
    """
    posting = _open(key)
    if posting.letter is None:
        raise CannotBePosted
    check_to_be_sent(posting)
    if not posting.prints.exists():
        raise NotPrinted
    if posting.order.notice is not None:
        note_letter_sent(posting.order.notice)
    return _end(posting, PostingOutcome.POSTED, by=by)


@transaction.atomic
def withdraw(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this is not to be sent, or was dealt with in another way. Raises NotThere, AlreadyEnded."""
    posting = _open(key)
    if posting.order.notice is not None:
        note_letter_not_sent(posting.order.notice, why=posting.why or WITHDRAWN)
    return _end(posting, PostingOutcome.WITHDRAWN, by=by)


@transaction.atomic
def try_again(key: UUID, *, by: Person) -> PostingEnd:
    """Let the registers be asked once more for what had no address. Raises NotThere, AlreadyEnded, AlreadyMade."""
    posting = _open(key)
    if posting.letter is not None:
        raise AlreadyMade
    end = _end(posting, PostingOutcome.TRIED_AGAIN, by=by)
    owe_again(posting.order)
    return end


def end_what_was_read() -> int:
    """Take out of the queue what waits for an address though its message was read in the portal; say how many.

    There is nothing left to tell, and nobody needs to do anything about it. Safe to run twice.
    """
    read = Message.objects.filter(key=OuterRef("order__notice"), opening__isnull=False)
    waiting = list(not_to_post().filter(Exists(read)).values_list("key", flat=True)[:AT_MOST])
    return sum(_end_as_read(key) for key in waiting)


@transaction.atomic
def _end_as_read(key: UUID) -> bool:
    try:
        posting = _open(key)
    except AlreadyEnded:
        return False
    assert posting.order.notice is not None  # noqa: S101 -- the query above
    note_letter_not_sent(posting.order.notice, why=READ)
    _end(posting, PostingOutcome.WITHDRAWN)
    return True


def check_to_be_sent(posting: Posting) -> None:
    """Raise RecipientDead or AddressHidden where the register says so now."""
    why = why_not_sent_now(posting.recipient)
    if why is NoLetter.DEAD:
        raise RecipientDead
    if why is NoLetter.STRICTLY_CONFIDENTIAL:
        raise AddressHidden


def _open(key: UUID) -> Posting:
    advisory_lock("postal.posting", key)  # two caseworkers may press at once
    return _still_open(key)


def _still_open(key: UUID) -> Posting:
    posting = posting_of(key)
    if posting is None:
        raise NotThere
    if getattr(posting, "end", None) is not None:
        raise AlreadyEnded
    return posting


def _end(posting: Posting, outcome: PostingOutcome, *, by: Person | None = None) -> PostingEnd:
    return PostingEnd.objects.create(posting=posting, outcome=outcome, at=clock.now(), by=by)
